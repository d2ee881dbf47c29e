using System.Text.Encodings.Web;
using System.Text.Json;
using RmStack.Protocol;
using RmStack.Transport.Capture;

namespace RmStack.Cli.Decode;

/// <summary>
/// One JSON object per line: <c>{"kind":"message", ...}</c>, <c>"refused"</c>, <c>"incomplete"</c>, <c>"unreadable"</c>. Fields have the names and raw
/// numbers of spec/expectations; names of numbers are beside them in <c>names</c>, and parts told again in <c>derived</c>.
/// </summary>
internal sealed class DecodeJson(Stream output, DecodeFilter filter) : IDecodeOutput
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <inheritdoc/>
    public void Message(DecodedMessage message)
    {
        if (!filter.Shows(message))
            return;
        Line("message", json =>
        {
            Origin(json, message.Packets[0], message.Direction);
            Header(json, message.Header);
            Packets(json, message.Packets);
            json.WriteNumber("length", message.Content.Length - message.PayloadStart);
            if (message.Error is { } error)
            {
                json.WriteNumber("error", (uint)error);
                json.WriteString("error_name", error.Name());
            }

            if (message.Status == DecodeStatus.Ok)
            {
                json.WriteStartObject("fields");
                Fields(json, message.Fields.Where(field => !field.IsDerived));
                json.WriteEndObject();
                Names(json, message.Fields);
                if (message.Fields.Any(field => field.IsDerived))
                {
                    json.WriteStartObject("derived");
                    Fields(json, message.Fields.Where(field => field.IsDerived));
                    json.WriteEndObject();
                }
            }
            else
            {
                json.WriteStartObject("refused");
                json.WriteNumber("offset", message.Position);
                json.WriteString("status", message.Status.ToString());
                json.WriteString("reason", message.Status.Describe());
                json.WriteEndObject();
                json.WriteString("payload", Convert.ToHexStringLower(message.Content.AsSpan(message.PayloadStart)));
            }
        });
    }

    /// <inheritdoc/>
    public void Drop(DecodedDrop drop)
    {
        var known = RpcHeader.TryRead(drop.Packet.Data, out var header) == DecodeStatus.Ok;
        if (!filter.Shows(drop.Packet, known ? header.Id : null))
            return;
        Line("refused", json =>
        {
            Origin(json, drop.Packet, drop.Packet.Direction);
            Packets(json, [drop.Packet]);
            if (drop.Position is { } position)
                json.WriteNumber("offset", position);
            json.WriteString("reason", drop.Reason);
            if (drop.Effect is not null)
                json.WriteString("effect", drop.Effect);
            json.WriteString("data", Convert.ToHexStringLower(drop.Packet.Data));
        });
    }

    /// <inheritdoc/>
    public void Incomplete(RpcHeader header, IReadOnlyList<SourcePacket> packets, SourcePacket endedBy, string why)
    {
        if (!filter.Shows(packets[0], header.Id))
            return;
        Line("incomplete", json =>
        {
            Origin(json, packets[0], packets[0].Direction);
            Header(json, header);
            Packets(json, packets);
            json.WriteNumber("expected_packets", header.Fragments + 1);
            json.WriteNumber("ended_by", endedBy.Number);
            json.WriteString("reason", why);
        });
    }

    /// <inheritdoc/>
    public void Problem(SourceProblem problem) => Line("unreadable", json =>
    {
        json.WriteString("place", problem.Place);
        json.WriteString("reason", problem.Reason);
    });

    private static void Origin(Utf8JsonWriter json, SourcePacket packet, CaptureDirection direction)
    {
        if (packet.Link.Length > 0)
            json.WriteString("link", packet.Link);
        if (packet.Vmid is { } vmid)
            json.WriteNumber("link_vmid", vmid);
        if (direction != CaptureDirection.Unknown)
            json.WriteString("direction", direction == CaptureDirection.ToRm ? "to_rm" : "from_rm");
        if (packet.TimeNs is { } ns)
            json.WriteNumber("time_ns", ns);
    }

    private static void Header(Utf8JsonWriter json, RpcHeader header)
    {
        json.WriteString("message", header.Id.ToString());
        json.WriteString("id", $"0x{header.Id.Value:x8}");
        json.WriteString("type", header.Type.ToString().ToLowerInvariant());
        json.WriteNumber("sequence", header.SequenceId);
    }

    private static void Packets(Utf8JsonWriter json, IReadOnlyList<SourcePacket> packets)
    {
        json.WriteStartArray("packets");
        foreach (var packet in packets)
        {
            json.WriteStartObject();
            json.WriteNumber("number", packet.Number);
            json.WriteString("place", packet.Place);
            json.WriteNumber("bytes", packet.Data.Length);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Fields(Utf8JsonWriter json, IEnumerable<MessageField> fields)
    {
        foreach (var field in fields)
        {
            switch (field.Form)
            {
                case FieldForm.List:
                    json.WriteStartArray(field.Name);
                    foreach (var entry in field.Entries)
                    {
                        json.WriteStartObject();
                        Fields(json, entry);
                        json.WriteEndObject();
                    }

                    json.WriteEndArray();
                    break;
                case FieldForm.Text or FieldForm.Bytes:
                    json.WriteString(field.Name, Convert.ToHexStringLower(field.Bytes.Span));
                    break;
                default:
                    json.WriteNumber(field.Name, field.Value);
                    break;
            }
        }
    }

    private static void Names(Utf8JsonWriter json, IReadOnlyList<MessageField> fields)
    {
        if (!fields.Any(HasName))
            return;
        json.WriteStartObject("names");
        NamesOf(json, fields);
        json.WriteEndObject();
    }

    private static void NamesOf(Utf8JsonWriter json, IReadOnlyList<MessageField> fields)
    {
        foreach (var field in fields.Where(HasName))
        {
            if (field.Form != FieldForm.List)
            {
                json.WriteString(field.Name, field.Form == FieldForm.Symbol ? field.Spelling : MessageText.Quote(field.Bytes.Span)[1..^1]);
                continue;
            }

            json.WriteStartArray(field.Name);
            foreach (var entry in field.Entries)
            {
                json.WriteStartObject();
                NamesOf(json, entry);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }
    }

    private static bool HasName(MessageField field) => field.Form is FieldForm.Symbol or FieldForm.Text
        || (field.Form == FieldForm.List && field.Entries.Any(entry => entry.Any(HasName)));

    private void Line(string kind, Action<Utf8JsonWriter> body)
    {
        using (var json = new Utf8JsonWriter(output, s_options))
        {
            json.WriteStartObject();
            json.WriteString("kind", kind);
            body(json);
            json.WriteEndObject();
        }

        output.WriteByte((byte)'\n');
    }
}
