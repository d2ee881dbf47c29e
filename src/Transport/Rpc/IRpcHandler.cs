using RmStack.Protocol;

namespace RmStack.Transport.Rpc;

/// <summary>One complete request. Its payload is valid until the handler returns.</summary>
public readonly ref struct RpcRequest
{
    internal RpcRequest(ushort vmid, RpcHeader header, ReadOnlySpan<byte> payload)
    {
        Vmid = vmid;
        Id = header.Id;
        SequenceId = header.SequenceId;
        Payload = payload;
    }

    /// <summary>The VM that asks, known from its link.</summary>
    public ushort Vmid { get; }

    /// <summary>What it asks for.</summary>
    public MessageId Id { get; }

    /// <summary>Its sequence id, which the reply echoes.</summary>
    public ushort SequenceId { get; }

    /// <summary>All bytes after the header, fragments joined.</summary>
    public ReadOnlySpan<byte> Payload { get; }
}

/// <summary>Where the reply to one request goes. May be kept and used after the handler has returned.</summary>
public readonly record struct RpcResponder
{
    private readonly RpcServerLink _link;

    internal RpcResponder(RpcServerLink link, RpcHeader request)
    {
        _link = link;
        Id = request.Id;
        SequenceId = request.SequenceId;
    }

    /// <summary>The request's message id.</summary>
    public MessageId Id { get; }

    /// <summary>The request's sequence id.</summary>
    public ushort SequenceId { get; }

    /// <summary>
    /// Replies, with the error word in front of <paramref name="payload"/> (at most 14612 bytes, which are copied). Nothing happens when the
    /// VM's link is gone. RM: rm_reply.
    /// </summary>
    public void Reply(RmError error, ReadOnlySpan<byte> payload = default) => _link.Reply(SequenceId, Id, error, payload);
}

/// <summary>
/// Handles the requests of all VMs of a server. Called for one request at a time, in the order of arrival on each link; notifications that it
/// sends before its reply are before the reply on the wire, as long as the queue has room.
/// </summary>
public interface IRpcHandler
{
    /// <summary>Handles one request, to completion. A handler that does not know the id replies Unimplemented.</summary>
    void Handle(in RpcRequest request, RpcResponder responder);
}

/// <summary>The handler of an RM that knows no message: everything is answered with Unimplemented.</summary>
public sealed class UnimplementedHandler : IRpcHandler
{
    /// <summary>The only one that is needed.</summary>
    public static UnimplementedHandler Instance { get; } = new();

    /// <inheritdoc/>
    public void Handle(in RpcRequest request, RpcResponder responder) => responder.Reply(RmError.Unimplemented);
}
