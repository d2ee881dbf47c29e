using RmStack.Protocol;
using RmStack.ResourceManager.Vms;
using RmStack.Transport.Rpc;

namespace RmStack.ResourceManager;

/// <summary>Where a service puts what follows the error word of its reply.</summary>
internal ref struct ReplyPayload(Span<byte> buffer)
{
    /// <summary>Room for the longest payload.</summary>
    public Span<byte> Buffer { get; } = buffer;

    /// <summary>Bytes of it that are sent.</summary>
    public int Length { get; set; }
}

/// <summary>Handles one kind of request to completion: notifications that it sends precede the reply.</summary>
/// <param name="caller">The VM that asks.</param>
/// <param name="payload">All bytes after the header.</param>
/// <param name="reply">What follows the error word.</param>
/// <returns>The error word.</returns>
internal delegate RmError RequestHandler(Vm caller, ReadOnlySpan<byte> payload, ref ReplyPayload reply);

/// <summary>Which service answers which message. What is not in the table is answered with UNIMPLEMENTED (RM: resource-manager.c).</summary>
internal sealed class RequestTable(VmTable vms) : IRpcHandler
{
    private readonly Dictionary<MessageId, RequestHandler> _handlers = [];
    private readonly byte[] _payload = new byte[RpcLimits.MaxReplyPayload];

    /// <summary>The messages that are answered with more than UNIMPLEMENTED.</summary>
    public IReadOnlyCollection<MessageId> Answered => _handlers.Keys;

    /// <summary>Adds a row. A second one for the same message is our own mistake.</summary>
    public void Add(MessageId id, RequestHandler handler) => _handlers.Add(id, handler);

    /// <inheritdoc/>
    public void Handle(in RpcRequest request, RpcResponder responder)
    {
        if (!_handlers.TryGetValue(request.Id, out var handler) || vms.Find(request.Vmid) is not { } caller)
        {
            responder.Reply(RmError.Unimplemented);
            return;
        }

        var reply = new ReplyPayload(_payload);
        var error = handler(caller, request.Payload, ref reply);
        responder.Reply(error, reply.Buffer[..reply.Length]);
    }
}
