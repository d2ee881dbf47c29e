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

/// <summary>A notification as it is read from <see cref="RpcClient.Notifications"/>.</summary>
/// <param name="Id">Which notification.</param>
/// <param name="SequenceId">The RM's counter over all its VMs; to be ignored.</param>
/// <param name="Payload">Its bytes, the reader's own.</param>
public sealed record RpcNotificationMessage(MessageId Id, ushort SequenceId, ReadOnlyMemory<byte> Payload)
{
    /// <summary>Reads it as the view of its <see cref="Id"/>; the view is valid as long as this object is.</summary>
    public DecodeStatus TryRead<TView>(out TView view)
        where TView : IMessageView<TView>, allows ref struct => new RpcNotification(Id, SequenceId, Payload).TryRead(out view);
}
