using RmStack.Protocol.Messages;

namespace RmStack.Transport.Rpc;

/// <summary>
/// What a handler writes its reply into: <c>reply.Write(vmid)</c>, with the arguments of <typeparamref name="TReply"/>'s writer (<see cref="RpcReplyWriters"/>). Nothing
/// written is a reply without a payload.
/// </summary>
/// <typeparam name="TReply">The view that the client reads the reply with.</typeparam>
public ref struct RpcReplyWriter<TReply>
    where TReply : IMessageView<TReply>, allows ref struct
{
    private readonly DeferredReplies? _deferred;
    private readonly ushort _vmid;
    private readonly RpcResponder _responder;
    private int _length;

    internal RpcReplyWriter(Span<byte> buffer, DeferredReplies? deferred = null, ushort vmid = 0, RpcResponder responder = default)
    {
        Buffer = buffer;
        _deferred = deferred;
        _vmid = vmid;
        _responder = responder;
    }

    /// <summary>Room for the longest payload, for writers that fill it piece by piece.</summary>
    public Span<byte> Buffer { get; }

    /// <summary>Bytes of it that are sent.</summary>
    public int Length
    {
        readonly get => _length;
        set
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)value, (uint)Buffer.Length, nameof(value));
            _length = value;
        }
    }

    internal uint? Detail { get; private set; }

    internal bool IsDeferred { get; private set; }

    /// <summary>
    /// The word that the 12/2023 RM puts behind the error word of a failed VM_SET_TIME_BASE or VM_SET_FIRMWARE_MEM; sent only there, and only by a dispatcher
    /// that <see cref="RpcDispatcher{TCaller}.SendsErrorDetail"/>.
    /// </summary>
    public void SetErrorDetail(uint detail) => Detail = detail;

    /// <summary>
    /// The handler will answer later, through <paramref name="later"/>; what it returns now is not sent. False when the VM is owed too many
    /// replies already, or when this is a deferred reply itself: then it has to answer now, e.g. with Busy.
    /// </summary>
    public bool TryDefer(out RpcDeferredReply<TReply> later)
    {
        later = default;
        if (IsDeferred || _deferred is null || !_deferred.TryAdd(_vmid, _responder, out var slot, out var life))
            return false;
        later = new RpcDeferredReply<TReply>(_deferred, slot, life);
        return IsDeferred = true;
    }
}
