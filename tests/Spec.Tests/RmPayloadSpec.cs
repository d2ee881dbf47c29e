using System.Text.Json.Nodes;
using Kaitai;

namespace RmStack.Spec.Tests;

/// <summary>What spec/*.ksy makes of bytes: the fields, or null where it refuses them. Never throws, whatever the bytes are.</summary>
public static class RmPayloadSpec
{
    /// <summary>The payload of a request or notification, or of a reply that says OK (without its error word).</summary>
    public static JsonObject? TryParse(uint id, bool isReply, ReadOnlySpan<byte> payload) =>
        Parse(payload, io => new GunyahRmPayload(id, isReply, io));

    /// <summary>The joined content of a reply: `error`, and what follows it.</summary>
    public static JsonObject? TryParseReply(uint id, ReadOnlySpan<byte> content) =>
        Parse(content, io => new GunyahRmReply(id, io));

    /// <summary>One packet: the header's fields and `content`.</summary>
    public static JsonObject? TryParsePacket(ReadOnlySpan<byte> packet) =>
        Parse(packet, io => new GunyahRmPacket(io));

    private static JsonObject? Parse(ReadOnlySpan<byte> bytes, Func<KaitaiStream, KaitaiStruct> read)
    {
        try
        {
            return KaitaiFields.Of(read(new KaitaiStream(bytes.ToArray())));
        }
        catch (Exception e) when (e is EndOfStreamException || e.GetType().Namespace == nameof(Kaitai))
        {
            return null;
        }
    }
}
