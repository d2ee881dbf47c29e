using System.Buffers;
using RmStack.Protocol;
using RmStack.Protocol.Messages;

namespace RmStack.Transport.Rpc;

/// <summary>Writes a deferred reply.</summary>
public delegate void RpcReplyFill<in TState, TReply>(TState state, ref RpcReplyWriter<TReply> reply)
    where TReply : IMessageView<TReply>, allows ref struct;

/// <summary>
/// A reply that a handler owes. It can be given once, from any thread; a copy, or a second time, does no harm. Nothing happens when the VM's
/// link is gone.
/// </summary>
/// <typeparam name="TReply">The view that the client reads the reply with.</typeparam>
public readonly record struct RpcDeferredReply<TReply>
    where TReply : IMessageView<TReply>, allows ref struct
{
    private readonly DeferredReplies? _deferred;
    private readonly int _slot;
    private readonly uint _life;

    internal RpcDeferredReply(DeferredReplies deferred, int slot, uint life)
    {
        _deferred = deferred;
        _slot = slot;
        _life = life;
    }

    /// <summary>Replies without a payload. False when that was done, or the VM was forgotten.</summary>
    public bool Reply(RmError error)
    {
        if (_deferred is null || !_deferred.TryTake(_slot, _life, out var responder))
            return false;
        responder.Reply(error);
        return true;
    }

    /// <summary>Replies Ok with what <paramref name="fill"/> writes. False when that was done, or the VM was forgotten; nothing is written then.</summary>
    public bool Reply<TState>(TState state, RpcReplyFill<TState, TReply> fill)
    {
        if (_deferred is null || !_deferred.TryTake(_slot, _life, out var responder))
            return false;
        var buffer = ArrayPool<byte>.Shared.Rent(RpcLimits.MaxReplyPayload);
        try
        {
            var reply = new RpcReplyWriter<TReply>(buffer.AsSpan(0, RpcLimits.MaxReplyPayload));
            fill(state, ref reply);
            responder.Reply(RmError.Ok, reply.Buffer[..reply.Length]);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return true;
    }
}
