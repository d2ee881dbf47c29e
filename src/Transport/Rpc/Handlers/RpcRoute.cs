using System.Buffers.Binary;
using RmStack.Protocol;
using RmStack.Protocol.Messages;

namespace RmStack.Transport.Rpc;

/// <summary>The way of one kind of request to its handler.</summary>
internal abstract class RpcRoute<TCaller>(MessageId id)
{
    public MessageId Id { get; } = id;

    public abstract void Handle(RpcDispatcher<TCaller> dispatcher, TCaller caller, in RpcRequest request, RpcResponder responder);
}

/// <summary>The same with the reply's type.</summary>
internal abstract class RpcRoute<TCaller, TReply>(MessageId id) : RpcRoute<TCaller>(id)
    where TReply : IMessageView<TReply>, allows ref struct
{
    private const uint UsualDetail = 1;
    private readonly bool _mayCarryWord = MessageCatalogue.Find(id) is { ErrorReplyMayCarryWord: true };

    public override void Handle(RpcDispatcher<TCaller> dispatcher, TCaller caller, in RpcRequest request, RpcResponder responder)
    {
        var reply = new RpcReplyWriter<TReply>(dispatcher.Buffer, dispatcher.Deferred, request.Vmid, responder);
        var error = Handle(dispatcher, caller, in request, ref reply);
        if (reply.IsDeferred)
            return;
        if (error == RmError.Ok)
            responder.Reply(error, reply.Buffer[..reply.Length]);
        else if (!_mayCarryWord || !dispatcher.SendsErrorDetail)
            responder.Reply(error);
        else
            Refuse(responder, error, reply.Detail ?? UsualDetail);
    }

    protected abstract RmError Handle(RpcDispatcher<TCaller> dispatcher, TCaller caller, in RpcRequest request, ref RpcReplyWriter<TReply> reply);

    private static void Refuse(RpcResponder responder, RmError error, uint detail)
    {
        Span<byte> word = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(word, detail);
        responder.Reply(error, word);
    }
}

internal sealed class RpcViewRoute<TCaller, TRequest, TReply>(MessageId id, RpcHandler<TCaller, TRequest, TReply> handler, RpcGuard<TCaller>? guard)
    : RpcRoute<TCaller, TReply>(id)
    where TRequest : IMessageView<TRequest>, allows ref struct
    where TReply : IMessageView<TReply>, allows ref struct
{
    protected override RmError Handle(RpcDispatcher<TCaller> dispatcher, TCaller caller, in RpcRequest request, ref RpcReplyWriter<TReply> reply)
    {
        if (guard is not null && guard(caller) is var refusal && refusal != RmError.Ok)
            return refusal;
        var reader = new PayloadReader(request.Payload);
        var status = TRequest.TryRead(ref reader, out var view);
        if (status == DecodeStatus.Ok)
            return handler(caller, in view, ref reply);
        dispatcher.CountMalformed();
        return RmErrors.FromDecodeStatus(status);
    }
}

internal sealed class RpcRawRoute<TCaller, TReply>(MessageId id, RpcRawHandler<TCaller, TReply> handler) : RpcRoute<TCaller, TReply>(id)
    where TReply : IMessageView<TReply>, allows ref struct
{
    protected override RmError Handle(RpcDispatcher<TCaller> dispatcher, TCaller caller, in RpcRequest request, ref RpcReplyWriter<TReply> reply) =>
        handler(caller, request.Payload, ref reply);
}
