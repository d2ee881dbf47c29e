using System.Globalization;
using System.Text;

namespace RmStack.Protocol;

/// <summary>Writes docs/MESSAGES.md from the catalogue.</summary>
public static class MessageDocumentation
{
    private const string Introduction = """
        # RM RPC messages

        This page is written from `MessageCatalogue`; a test holds the two together.
        To write it again: `RMSTACK_WRITE_DOCS=1 dotnet test tests/Protocol.Tests`.

        All fields are little-endian. A payload is what follows the 8-byte packet header, fragments joined; a reply's payload is what
        follows the error word as well. `0` is a reserved field. A list is u16 count, u16 reserved, entries:
        ACL (u16 vmid, u8 rights, u8 0), SGL (u64 address, u64 size), attributes (u16 attribute, u16 vmid), VMIDs (u16 vmid, u16 0).
        A reply of "-" is only the error word.

        RM: *both* public drops handle it; *newer* only the later one; *option* the later one when built with the device manager; *named* the id
        has a name there and is answered UNIMPLEMENTED; *no* it is unknown there. Clients: v17, v15 Linux series; gh, gunyah Android kernels;
        ds downstream driver. Method: of `RpcClient`, with the reply's view as its result.

        """;

    /// <summary>The whole page, with LF line ends.</summary>
    public static string Write()
    {
        var page = new StringBuilder(Introduction);
        foreach (var group in MessageCatalogue.All.GroupBy(row => row.Group))
            WriteGroup(page, group.Key, [.. group]);
        return page.ToString().ReplaceLineEndings("\n");
    }

    private static void WriteGroup(StringBuilder page, MessageGroup group, MessageInfo[] rows)
    {
        page.Append("\n## ").Append(group).Append('\n');
        var requests = rows.Where(row => row.Reply is not null).ToArray();
        if (requests.Length > 0)
        {
            page.Append("\n| Id | Request | Payload | Reply | Sender | RM | Clients | Method | Source |\n|---|---|---|---|---|---|---|---|---|\n");
            foreach (var row in requests)
                AppendRow(page, Number(row), row.Name, Shape(row.Content), ReplyShape(row), row.Sender, Support(row.Rm), Clients(row.Clients), row.ClientMethod, row.Source);
        }

        var notifications = rows.Where(row => row.Reply is null).ToArray();
        if (notifications.Length == 0)
            return;
        page.Append("\n| Id | Notification | Payload | To | RM | Clients | Source |\n|---|---|---|---|---|---|---|\n");
        foreach (var row in notifications)
            AppendRow(page, Number(row), row.Name, Shape(row.Content), row.Recipient, Support(row.Rm), Clients(row.Clients), row.Source);
    }

    private static void AppendRow(StringBuilder page, params ReadOnlySpan<string> cells)
    {
        page.Append('|');
        foreach (var cell in cells)
            page.Append(' ').Append(cell).Append(" |");
        page.Append('\n');
    }

    private static string Number(MessageInfo row) => row.Id.Value.ToString("X8", CultureInfo.InvariantCulture);

    private static string ReplyShape(MessageInfo row) =>
        row.Reply is null ? "-" : Shape(row.Reply) + (row.ErrorReplyMayCarryWord ? " (error replies of the 12/2023 RM: u32 detail)" : string.Empty);

    private static string Shape(PayloadInfo payload)
    {
        if (payload.MaxLength == 0)
            return "-";
        if (payload.ViewName == nameof(Messages.OpaquePayload))
            return payload.Layout;
        var length = payload.IsFixed ? Bytes(payload.MinLength)
            : payload.MaxLength == RpcLimits.MaxContent ? Bytes(payload.MinLength) + "+"
            : Bytes(payload.MinLength) + ".." + Bytes(payload.MaxLength);
        return length + ": " + payload.Layout;
    }

    private static string Bytes(int count) => count.ToString(CultureInfo.InvariantCulture);

    private static string Support(RmSupport support) => support switch
    {
        RmSupport.Both => "both",
        RmSupport.NewerOnly => "newer",
        RmSupport.NewerBuildOption => "option",
        RmSupport.KnownUnimplemented => "named",
        _ => "no",
    };

    private static string Clients(MessageClients clients)
    {
        if (clients == MessageClients.Everyone)
            return "all";
        var names = new List<string>();
        if (clients.HasFlag(MessageClients.LinuxV17))
            names.Add("v17");
        if (clients.HasFlag(MessageClients.LinuxV15))
            names.Add("v15");
        if (clients.HasFlag(MessageClients.AndroidGh))
            names.Add("gh");
        if (clients.HasFlag(MessageClients.AndroidGunyah))
            names.Add("gunyah");
        if (clients.HasFlag(MessageClients.Downstream))
            names.Add("ds");
        return names.Count == 0 ? "-" : string.Join(", ", names);
    }
}
