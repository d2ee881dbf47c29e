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

    /// <summary>All rows, in the order of the documentation.</summary>
    public static IReadOnlyList<MessageInfo> All { get; } =
        [.. VmLifeRows(), .. VmQueriesRows(), .. MemoryRows(), .. VmSettingsRows(), .. OthersRows()];

    private static readonly FrozenDictionary<uint, MessageInfo> ById = All.ToFrozenDictionary(row => row.Id.Value);

    /// <summary>The row of an id, or null.</summary>
    public static MessageInfo? Find(MessageId id) => ById.GetValueOrDefault(id.Value);

    private static PayloadInfo Payload<TView>(int min, int max, string layout)
        where TView : IMessageView<TView>, allows ref struct => new(min, max, layout, typeof(TView).Name, Describe<TView>);

    private static DecodeStatus Describe<TView>(scoped ref PayloadReader reader, MessageFields fields)
        where TView : IMessageView<TView>, allows ref struct
    {
        var status = TView.TryRead(ref reader, out var view);
        if (status == DecodeStatus.Ok)
            view.Describe(fields);
        return status;
    }
}
