using System.Globalization;
using RmStack.Protocol;

namespace RmStack.Cli.Decode;

/// <summary>Which messages are shown. Everything is put together and counted either way.</summary>
internal sealed class DecodeFilter
{
    // Fields that name a VM, by the vocabulary of the messages.
    private static readonly HashSet<string> s_vmFields = ["vmid", "owner", "borrower", "target", "from", "partner", "map_vmid"];

    private readonly HashSet<uint> _ids = [];
    private readonly HashSet<ushort> _vmids = [];

    /// <summary>Whether anything is left out.</summary>
    public bool IsEmpty => _ids.Count == 0 && _vmids.Count == 0;

    /// <summary>Adds a message, by name or number.</summary>
    public bool TryAddMessage(string text)
    {
        var row = MessageCatalogue.All.FirstOrDefault(row => string.Equals(row.Name, text, StringComparison.OrdinalIgnoreCase));
        var digits = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text[2..] : text;
        var id = row?.Id.Value ?? 0;
        if (row is null && !uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out id))
            return false;
        _ids.Add(id);
        return true;
    }

    /// <summary>Adds a VM.</summary>
    public void AddVmid(ushort vmid) => _vmids.Add(vmid);

    /// <summary>Whether a message is shown: one of the named ones, on the link of a named VM or with a field that names one.</summary>
    public bool Shows(DecodedMessage message) =>
        (_ids.Count == 0 || _ids.Contains(message.Header.Id.Value))
        && (_vmids.Count == 0 || IsLinkOf(message.Packets[0]) || message.Fields.Any(Names));

    /// <summary>Whether a refused packet or an incomplete message is shown.</summary>
    public bool Shows(SourcePacket packet, MessageId? id) =>
        (_ids.Count == 0 || (id is { } known && _ids.Contains(known.Value))) && (_vmids.Count == 0 || IsLinkOf(packet));

    private bool IsLinkOf(SourcePacket packet) => packet.Vmid is { } vmid && _vmids.Contains(vmid);

    private bool Names(MessageField field) => field.Form == FieldForm.List
        ? field.Entries.Any(entry => entry.Any(Names))
        : s_vmFields.Contains(field.Name) && field.Value <= ushort.MaxValue && _vmids.Contains((ushort)field.Value);
}
