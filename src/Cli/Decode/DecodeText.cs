using System.Globalization;
using RmStack.Protocol;
using RmStack.Transport.Capture;

namespace RmStack.Cli.Decode;

/// <summary>Messages for people: a headline, its packets, one field per line.</summary>
internal sealed class DecodeText(TextWriter output, DecodeFilter filter) : IDecodeOutput
{
    private const int NameWidth = 20;
    private const int BytesPerLine = 16;
    private const int ListedPackets = 3;

    /// <inheritdoc/>
    public void Message(DecodedMessage message)
    {
        if (!filter.Shows(message))
            return;
        Line(string.Create(
            CultureInfo.InvariantCulture,
            $"{Headline(message.Packets[0], message.Direction)}{message.Name} {Kind(message.Header)}, {Count(message.Content.Length - message.PayloadStart, "byte")}"));
        Packets(message.Packets);
        if (message.Error is { } error)
            Field("error", $"{error.Name()} ({(uint)error})");
        Fields(message.Fields);
        if (message.Status != DecodeStatus.Ok)
            Refused(message);
    }

    /// <inheritdoc/>
    public void Drop(DecodedDrop drop)
    {
        var known = RpcHeader.TryRead(drop.Packet.Data, out var header) == DecodeStatus.Ok;
        if (!filter.Shows(drop.Packet, known ? header.Id : null))
            return;
        var at = drop.Position is { } position ? string.Create(CultureInfo.InvariantCulture, $" at byte {position}") : "";
        Line($"{Headline(drop.Packet, drop.Packet.Direction)}REFUSED{at}: {drop.Reason}");
        Packets([drop.Packet]);
        if (drop.Effect is not null)
            Line("    " + drop.Effect);
        Dump(drop.Packet.Data, drop.Position);
    }

    /// <inheritdoc/>
    public void Incomplete(RpcHeader header, IReadOnlyList<SourcePacket> packets, SourcePacket endedBy, string why)
    {
        if (!filter.Shows(packets[0], header.Id))
            return;
        Line(string.Create(
            CultureInfo.InvariantCulture,
            $"{Headline(packets[0], packets[0].Direction)}INCOMPLETE {header.Id} {Kind(header)}: {packets.Count} of {header.Fragments + 1} packets; {why}"));
        Packets(packets);
    }

    /// <inheritdoc/>
    public void Problem(SourceProblem problem) => Line($"UNREADABLE {problem.Place}: {problem.Reason}");

    /// <summary>The last line.</summary>
    public void Summary(ConversationDecoder decoder, int foreign)
    {
        var others = foreign == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {foreign} of other link types");
        Line(string.Create(CultureInfo.InvariantCulture, $"{Count(decoder.Packets, "packet")}{others}, {Count(decoder.Messages, "message")}, {decoder.Refused} refused or incomplete"));
    }

    private static string Headline(SourcePacket packet, CaptureDirection direction)
    {
        var time = packet.TimeNs is { } ns ? string.Create(CultureInfo.InvariantCulture, $"{ns / 1e9,11:F6}  ") : "";
        var link = packet.Link.Length > 0 ? packet.Link : "VM";
        var arrow = direction switch
        {
            CaptureDirection.ToRm => " > RM  ",
            CaptureDirection.FromRm => " < RM  ",
            _ => "  ",
        };
        return string.Create(CultureInfo.InvariantCulture, $"#{packet.Number}  {time}{Clean(link)}{arrow}");
    }

    private static string Kind(RpcHeader header) =>
        string.Create(CultureInfo.InvariantCulture, $"{header.Type.ToString().ToLowerInvariant()}, sequence {header.SequenceId}");

    private static string Count(int count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(count == 1 ? "" : "s")}");

    private static string Clean(string text) =>
        string.Concat(text.Select(c => char.IsControl(c) || char.GetUnicodeCategory(c) == UnicodeCategory.Format ? '?' : c));

    private static string Value(MessageField field) => field.Form switch
    {
        FieldForm.Symbol => string.Create(CultureInfo.InvariantCulture, $"{field.Spelling} ({MessageText.Numeral(field.Value)})"),
        FieldForm.Text => MessageText.Quote(field.Bytes.Span),
        FieldForm.Bytes => Convert.ToHexStringLower(field.Bytes.Span),
        _ => Number(field),
    };

    private static string Number(MessageField field)
    {
        var numeral = MessageText.Numeral(field.Value);
        var unit = field.Unit switch
        {
            FieldUnit.Bytes => field.Value >= 1024 && field.Value % 1024 == 0 ? SizeText.Format(field.Value) : Plain(field.Value) + " bytes",
            FieldUnit.Nanoseconds => Plain(field.Value) + " ns",
            FieldUnit.Ticks => Plain(field.Value) + " ticks",
            _ => field.Value < 10 ? "" : Plain(field.Value),
        };
        return unit.Length == 0 ? numeral : $"{numeral} ({unit})";
    }

    private static string Plain(ulong value) => value.ToString(CultureInfo.InvariantCulture);

    private void Packets(IReadOnlyList<SourcePacket> packets)
    {
        for (var i = 0; i < packets.Count; i++)
        {
            if (packets.Count > 2 * ListedPackets && i == ListedPackets)
            {
                Line(string.Create(CultureInfo.InvariantCulture, $"    ... {packets.Count - (2 * ListedPackets)} packets more of 240 bytes or less"));
                i = packets.Count - ListedPackets;
            }

            var packet = packets[i];
            Line(string.Create(CultureInfo.InvariantCulture, $"    packet {packet.Number}, {packet.Place}: {Count(packet.Data.Length, "byte")}{Header(packet.Data)}"));
        }
    }

    private static string Header(byte[] packet)
    {
        if (packet.Length < RpcLimits.HeaderSize)
            return "";
        var header = RpcHeader.Read(packet);
        return string.Create(
            CultureInfo.InvariantCulture,
            $": version {packet[0] & 15}, {packet[0] >> 4} words, {header.Type.ToString().ToLowerInvariant()}, fragments {header.Fragments}, sequence {header.SequenceId}, id 0x{header.Id.Value:x8}");
    }

    private void Fields(IReadOnlyList<MessageField> fields)
    {
        foreach (var field in fields)
        {
            if (field.Form == FieldForm.List)
                Entries(field);
            else
                Field(field.IsDerived ? "  " + field.Name : field.Name, Value(field));
        }
    }

    private void Entries(MessageField list)
    {
        Field(list.Name, list.Entries.Count == 1 ? "1 entry" : string.Create(CultureInfo.InvariantCulture, $"{list.Entries.Count} entries"));
        for (var i = 0; i < list.Entries.Count; i++)
        {
            var entry = string.Join(", ", list.Entries[i].Select(field => field.Name + " " + Value(field)));
            Field(string.Create(CultureInfo.InvariantCulture, $"  [{i}]"), entry);
        }
    }

    private void Refused(DecodedMessage message)
    {
        Line(string.Create(CultureInfo.InvariantCulture, $"    REFUSED at byte {message.Position} of the payload: {message.Status.Describe()}"));
        Dump(message.Content.AsSpan(message.PayloadStart), message.Position);
    }

    private void Field(string name, string value) => Line("    " + name.PadRight(NameWidth) + " " + value);

    private void Dump(ReadOnlySpan<byte> bytes, int? mark)
    {
        // A few lines around the place are enough; the input has the rest.
        var first = Math.Max(0, ((mark ?? 0) / BytesPerLine) - 1) * BytesPerLine;
        for (var at = first; at < Math.Min(bytes.Length, first + (4 * BytesPerLine)); at += BytesPerLine)
        {
            var row = bytes.Slice(at, Math.Min(BytesPerLine, bytes.Length - at));
            var hex = string.Join(' ', row.ToArray().Select(value => value.ToString("x2", CultureInfo.InvariantCulture)));
            Line(string.Create(CultureInfo.InvariantCulture, $"      {at:x4}  {hex}"));
            if (mark is { } place && place >= at && place < at + BytesPerLine)
                Line(new string(' ', 12 + (3 * (place - at))) + "^^");
        }
    }

    private void Line(string text)
    {
        output.Write(text);
        output.Write('\n');
    }
}
