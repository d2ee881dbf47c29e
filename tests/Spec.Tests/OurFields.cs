using System.Buffers;
using System.Text.Json.Nodes;
using RmStack.Protocol;

namespace RmStack.Spec.Tests;

/// <summary>What the hand-written codec makes of bytes, in the shape of <see cref="RmPayloadSpec"/>: the fields, or null where it refuses them.</summary>
internal static class OurFields
{
    public static JsonObject? TryParse(uint id, bool isReply, ReadOnlySpan<byte> payload)
    {
        var fields = new FieldRecorder();
        return Layout(id, isReply).Describe(payload, fields, out _) == DecodeStatus.Ok ? Of(fields.Fields) : null;
    }

    public static JsonObject? TryParse(uint id, bool isReply, in ReadOnlySequence<byte> payload)
    {
        var fields = new FieldRecorder();
        return Layout(id, isReply).Describe(in payload, fields, out _) == DecodeStatus.Ok ? Of(fields.Fields) : null;
    }

    public static JsonObject? TryParseReply(uint id, ReadOnlySpan<byte> content)
    {
        if (RpcReply.TryParse(content, out var reply) != DecodeStatus.Ok)
            return null;
        var recorder = new FieldRecorder();
        if (MessageCatalogue.LayoutOf(new MessageId(id), RpcMessageType.Reply, reply.Error).Describe(reply.Payload, recorder, out _) != DecodeStatus.Ok)
            return null;
        var fields = Of(recorder.Fields);
        fields.Insert(0, "error", (ulong)reply.Error);
        return fields;
    }

    public static JsonObject? TryParsePacket(ReadOnlySpan<byte> bytes)
    {
        if (RpcPacket.TryParse(bytes, out var packet) != DecodeStatus.Ok)
            return null;
        return new JsonObject
        {
            ["version"] = 1ul,
            ["header_words"] = 2ul,
            ["type"] = (ulong)packet.Header.Type,
            ["fragments"] = (ulong)packet.Header.Fragments,
            ["sequence"] = (ulong)packet.Header.SequenceId,
            ["id"] = (ulong)packet.Header.Id.Value,
            ["content"] = Convert.ToHexStringLower(packet.Content),
        };
    }

    private static PayloadInfo Layout(uint id, bool isReply) =>
        MessageCatalogue.LayoutOf(new MessageId(id), isReply ? RpcMessageType.Reply : RpcMessageType.Request);

    private static JsonObject Of(IEnumerable<MessageField> fields)
    {
        var json = new JsonObject();
        foreach (var field in fields.Where(field => !field.IsDerived))
        {
            json[field.Name] = field.Form switch
            {
                FieldForm.List => new JsonArray([.. field.Entries.Select(Of)]),
                FieldForm.Text or FieldForm.Bytes => Convert.ToHexStringLower(field.Bytes.Span),
                _ => field.Value,
            };
        }

        return json;
    }
}
