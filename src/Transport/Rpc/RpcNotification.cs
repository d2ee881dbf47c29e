using Microsoft.Extensions.ObjectPool;
using RmStack.Protocol;
using RmStack.Protocol.Messages;

namespace RmStack.Transport.Rpc;

/// <summary>A notification as it is handled on the receive path.</summary>
/// <param name="Id">Which notification.</param>
/// <param name="SequenceId">The RM's counter over all its VMs; to be ignored.</param>
/// <param name="Payload">Its bytes, valid until the handler returns.</param>
public readonly record struct RpcNotification(MessageId Id, ushort SequenceId, ReadOnlyMemory<byte> Payload)
{
    /// <summary>
    /// Reads it as the view of its <see cref="Id"/>. Any status but Ok means that it is malformed: the downstream driver drops those, Linux reads what
    /// is not there. The view is valid until the handler returns.
    /// </summary>
    public DecodeStatus TryRead<TView>(out TView view)
        where TView : IMessageView<TView>, allows ref struct
    {
        var reader = new PayloadReader(Payload.Span);
        return TView.TryRead(ref reader, out view);
    }
}

/// <summary>
/// A notification as it is read from <see cref="RpcClient.Notifications"/>. Dispose it when it was read: its memory is used again then. Disposing
/// twice, or a copy, is harmless; not disposing costs the pool a buffer.
/// </summary>
public readonly record struct RpcNotificationMessage : IDisposable
{
    private readonly NotificationBuffer? _buffer;
    private readonly int _lease;

    internal RpcNotificationMessage(RpcNotification notification)
    {
        Id = notification.Id;
        SequenceId = notification.SequenceId;
        if (notification.Payload.IsEmpty)
            return;
        _buffer = NotificationBuffer.Copy(notification.Payload.Span);
        _lease = _buffer.Lease;
    }

    /// <summary>Which notification.</summary>
    public MessageId Id { get; }

    /// <summary>The RM's counter over all its VMs; to be ignored.</summary>
    public ushort SequenceId { get; }

    /// <summary>Its bytes, valid until Dispose.</summary>
    public ReadOnlyMemory<byte> Payload => _buffer is null ? default : _buffer.Read(_lease);

    /// <summary>Reads it as the view of its <see cref="Id"/>; the view is valid until Dispose.</summary>
    public DecodeStatus TryRead<TView>(out TView view)
        where TView : IMessageView<TView>, allows ref struct => new RpcNotification(Id, SequenceId, Payload).TryRead(out view);

    /// <summary>Gives the payload's memory back.</summary>
    public void Dispose() => _buffer?.Release(_lease);

    /// <summary>One line for people and logs.</summary>
    public override string ToString() => Id.ToString();
}

/// <summary>The payload of a notification that waits for its reader.</summary>
internal sealed class NotificationBuffer
{
    private const int RetainedBuffers = RpcLimits.MaxPendingNotifications;
    private static readonly ObjectPool<NotificationBuffer> s_pool =
        new DefaultObjectPool<NotificationBuffer>(new DefaultPooledObjectPolicy<NotificationBuffer>(), RetainedBuffers);

    private PayloadLease _payload;

    public int Lease => _payload.Number;

    public static NotificationBuffer Copy(ReadOnlySpan<byte> payload)
    {
        var buffer = s_pool.Get();
        buffer._payload.Store(payload);
        return buffer;
    }

    public ReadOnlyMemory<byte> Read(int lease) => _payload.Read(lease, typeof(RpcNotificationMessage));

    public void Release(int lease)
    {
        if (_payload.TryEnd(lease))
            s_pool.Return(this);
    }
}
