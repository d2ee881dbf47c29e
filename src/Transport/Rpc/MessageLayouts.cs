using RmStack.Protocol;
using RmStack.Protocol.Messages;

namespace RmStack.Transport.Rpc;

/// <summary>Keeps code from being registered for a message under the view of another.</summary>
internal static class MessageLayouts
{
    /// <summary>Throws unless the layout is <typeparamref name="TView"/>'s, or not public.</summary>
    public static void Require<TView>(PayloadInfo layout, MessageId id, string parameter)
        where TView : IMessageView<TView>, allows ref struct
    {
        if (!layout.IsOpaque && !string.Equals(layout.ViewName, typeof(TView).Name, StringComparison.Ordinal))
            throw new ArgumentException($"{id} is read as {layout.ViewName}, not as {typeof(TView).Name}.", parameter);
    }
}
