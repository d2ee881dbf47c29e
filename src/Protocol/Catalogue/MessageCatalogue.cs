using System.Collections.Frozen;
using RmStack.Protocol.Messages;

namespace RmStack.Protocol;

/// <summary>
/// Every message id with a public name: number, name, layout, who sends it, which RM handles it, where that is written. The formatter, the
/// documentation (docs/MESSAGES.md) and the tests read this one table.
/// </summary>
public static partial class MessageCatalogue
{
    private static readonly PayloadInfo Nothing = Payload<EmptyPayload>(0, 0, string.Empty);

    /// <summary>The layout of an id that is in no row: bytes.</summary>
    public static PayloadInfo Unknown { get; } = Payload<OpaquePayload>(0, RpcLimits.MaxContent, "not public");

    /// <summary>What follows the error word of a reply that is not OK: nothing, or bytes without a meaning.</summary>
    public static PayloadInfo ErrorReply { get; } = Payload<ErrorExtra>(0, RpcLimits.MaxReplyPayload, "nothing");

    /// <summary>The same for rows of which <see cref="MessageInfo.ErrorReplyMayCarryWord"/>.</summary>
    public static PayloadInfo ErrorReplyWithWord { get; } = Payload<ErrorDetail>(0, RpcLimits.MaxReplyPayload, "nothing, or u32 detail");

    /// <summary>All rows, in the order of the documentation.</summary>
    public static IReadOnlyList<MessageInfo> All { get; } =
        [.. VmLifeRows(), .. VmQueriesRows(), .. MemoryRows(), .. VmSettingsRows(), .. OthersRows()];

    private static readonly FrozenDictionary<uint, MessageInfo> ById = All.ToFrozenDictionary(row => row.Id.Value);

    /// <summary>The row of an id, or null.</summary>
    public static MessageInfo? Find(MessageId id) => ById.GetValueOrDefault(id.Value);

    /// <summary>
    /// The layout of what a whole message carries: a request's or notification's content, or what follows a reply's error word. Every id has
    /// one.
    /// </summary>
    public static PayloadInfo LayoutOf(MessageId id, RpcMessageType type, RmError error = RmError.Ok) =>
        type == RpcMessageType.Reply && error != RmError.Ok ? (Find(id) is { ErrorReplyMayCarryWord: true } ? ErrorReplyWithWord : ErrorReply)
        : (type == RpcMessageType.Reply ? Find(id)?.Reply : Find(id)?.Content) ?? Unknown;

    private static PayloadInfo Payload<TView>(int min, int max, string layout)
        where TView : IMessageView<TView>, allows ref struct => new(min, max, layout, typeof(TView).Name, Describe<TView>, TView.Encode);

    private static DecodeStatus Describe<TView>(scoped ref PayloadReader reader, MessageFields fields)
        where TView : IMessageView<TView>, allows ref struct
    {
        var status = TView.TryRead(ref reader, out var view);
        if (status == DecodeStatus.Ok)
            view.Describe(fields);
        return status;
    }
}
