using RmStack.Protocol;
using RmStack.Protocol.Messages;

namespace RmStack.Transport.Rpc;

/// <summary>
/// Handles one kind of request. Notifications that it sends precede the reply.
/// </summary>
/// <param name="caller">The VM that asks.</param>
/// <param name="request">The request, checked; valid until the handler returns.</param>
/// <param name="reply">What follows the error word of a success, or the way to answer later.</param>
/// <returns>The error word. With any but Ok, what was written is not sent.</returns>
public delegate RmError RpcHandler<in TCaller, TRequest, TReply>(TCaller caller, scoped in TRequest request, ref RpcReplyWriter<TReply> reply)
    where TRequest : IMessageView<TRequest>, allows ref struct
    where TReply : IMessageView<TReply>, allows ref struct;

/// <summary>Handles one kind of request whose bytes it judges itself, because something comes between the checks of a view.</summary>
public delegate RmError RpcRawHandler<in TCaller, TReply>(TCaller caller, ReadOnlySpan<byte> payload, ref RpcReplyWriter<TReply> reply)
    where TReply : IMessageView<TReply>, allows ref struct;

/// <summary>What is checked of a caller before the request's bytes are looked at: Ok, or the error word.</summary>
public delegate RmError RpcGuard<in TCaller>(TCaller caller);

/// <summary>Who a VM is to the handlers. False: the RM does not know it, and answers UNIMPLEMENTED.</summary>
public delegate bool RpcCallerLookup<TCaller>(ushort vmid, out TCaller caller);

/// <summary>Handlers that belong together, as a service of the RM has them.</summary>
/// <typeparam name="TCaller">What a caller is to them.</typeparam>
public sealed class RpcHandlerGroup<TCaller>
{
    private readonly List<RpcRoute<TCaller>> _routes = [];

    /// <summary>A group without handlers.</summary>
    /// <param name="onlyFor">The callers that it serves; null for all.</param>
    public RpcHandlerGroup(Func<TCaller, bool>? onlyFor = null) => OnlyFor = onlyFor;

    /// <summary>What it handles, in the order in which it was added.</summary>
    public IEnumerable<MessageId> Messages => _routes.Select(route => route.Id);

    internal Func<TCaller, bool>? OnlyFor { get; }

    internal IReadOnlyList<RpcRoute<TCaller>> Routes => _routes;

    /// <summary>
    /// Adds a handler. What its view refuses is answered as the RM answers it: MSG_INVALID, for lists above their limit NORESOURCE, for names that are
    /// empty or too long ARGUMENT_INVALID. A second handler for the message, or views that are not the message's, is our own mistake and throws.
    /// </summary>
    /// <param name="id">The request.</param>
    /// <param name="handler">Handles it.</param>
    /// <param name="guard">Checked before the bytes, for messages that the RM refuses to some callers whatever they say.</param>
    public RpcHandlerGroup<TCaller> Add<TRequest, TReply>(MessageId id, RpcHandler<TCaller, TRequest, TReply> handler, RpcGuard<TCaller>? guard = null)
        where TRequest : IMessageView<TRequest>, allows ref struct
        where TReply : IMessageView<TReply>, allows ref struct
    {
        MessageLayouts.Require<TRequest>(MessageCatalogue.LayoutOf(id, RpcMessageType.Request), id, nameof(id));
        return Add(new RpcViewRoute<TCaller, TRequest, TReply>(id, handler, guard));
    }

    /// <summary>Adds a handler of bytes.</summary>
    public RpcHandlerGroup<TCaller> AddRaw<TReply>(MessageId id, RpcRawHandler<TCaller, TReply> handler)
        where TReply : IMessageView<TReply>, allows ref struct => Add(new RpcRawRoute<TCaller, TReply>(id, handler));

    private RpcHandlerGroup<TCaller> Add<TReply>(RpcRoute<TCaller, TReply> route)
        where TReply : IMessageView<TReply>, allows ref struct
    {
        MessageLayouts.Require<TReply>(MessageCatalogue.LayoutOf(route.Id, RpcMessageType.Reply), route.Id, "id");
        if (_routes.Exists(other => other.Id == route.Id))
            throw new ArgumentException($"{route.Id} has a handler already.", nameof(route));
        _routes.Add(route);
        return this;
    }
}
