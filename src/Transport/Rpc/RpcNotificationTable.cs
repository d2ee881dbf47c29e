using RmStack.Protocol;
using RmStack.Protocol.Messages;

namespace RmStack.Transport.Rpc;

/// <summary>Handles one kind of notification; the view is valid until it returns. It must not block.</summary>
public delegate void RpcNotificationHandler<TView>(scoped in TView notification)
    where TView : IMessageView<TView>, allows ref struct;

/// <summary>
/// Which code handles which notification, each by its view: <c>client.Notification = table.Handle</c>. Filled before it is used; a notification
/// allocates nothing.
/// </summary>
public sealed class RpcNotificationTable
{
    private readonly Dictionary<MessageId, Func<RpcNotification, DecodeStatus>> _handlers = [];
    private long _malformed;
    private long _unhandled;

    /// <summary>Notifications that their view refused; they are dropped, as the downstream driver does.</summary>
    public long Malformed => Interlocked.Read(ref _malformed);

    /// <summary>Notifications that nothing is registered for; every driver ignores them.</summary>
    public long Unhandled => Interlocked.Read(ref _unhandled);

    /// <summary>
    /// Registers a handler. A second one for the same id, or a view that is not the notification's, is our own mistake and throws.
    /// </summary>
    public RpcNotificationTable Add<TView>(MessageId id, RpcNotificationHandler<TView> handler)
        where TView : IMessageView<TView>, allows ref struct
    {
        MessageLayouts.Require<TView>(MessageCatalogue.LayoutOf(id, RpcMessageType.Notification), id, nameof(id));
        _handlers.Add(id, notification =>
        {
            var status = notification.TryRead<TView>(out var view);
            if (status == DecodeStatus.Ok)
                handler(in view);
            return status;
        });
        return this;
    }

    /// <summary>Hands a notification to its handler.</summary>
    public void Handle(RpcNotification notification)
    {
        if (!_handlers.TryGetValue(notification.Id, out var handler))
            Interlocked.Increment(ref _unhandled);
        else if (handler(notification) != DecodeStatus.Ok)
            Interlocked.Increment(ref _malformed);
    }
}
