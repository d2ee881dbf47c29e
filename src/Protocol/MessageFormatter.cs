using System.Globalization;

namespace RmStack.Protocol;

/// <summary>
/// Prints messages and packets for people, one line each: names, VMIDs, sizes, results. Bad bytes print their offset and the reason. Never
/// throws, whatever the bytes.
/// </summary>
public static class MessageFormatter
{
    /// <summary>
    /// A whole message. <paramref name="content"/> is its joined content, a reply's error word included. Examples:
    /// <c>VM_CONFIG_IMAGE vmid=0x80 auth=none parcel=1 image=0+0 dtb=0x8000+0x8000</c>, <c>reply OK vmid=0x80</c>.
    /// </summary>
    public static string Format(in RpcHeader header, ReadOnlySpan<byte> content) => header.Type switch
    {
        RpcMessageType.Reply => FormatReply(header.Id, content),
        RpcMessageType.Continuation => "continuation of " + header.Id.ToString(),
        _ => FormatPayload(header.Id, content),
    };

    /// <summary>A request or notification.</summary>
    public static string FormatPayload(MessageId id, ReadOnlySpan<byte> payload)
    {
        var text = new MessageText().Word(id.ToString());
        AppendPayload(text, MessageCatalogue.LayoutOf(id, RpcMessageType.Request), payload);
        return text.ToString();
    }

    /// <summary>A reply to <paramref name="id"/>; <paramref name="content"/> starts with the error word.</summary>
    public static string FormatReply(MessageId id, ReadOnlySpan<byte> content)
    {
        var text = new MessageText().Word("reply");
        var status = RpcReply.TryParse(content, out var reply);
        if (status != DecodeStatus.Ok)
            return text.Word(Bad(content.Length, status)).ToString();
        text.Word(reply.Error.Name());
        AppendPayload(text, MessageCatalogue.LayoutOf(id, RpcMessageType.Reply, reply.Error), reply.Payload);
        return text.ToString();
    }

    /// <summary>One packet as it stands in the queue; messages of several packets show their place, not their fields.</summary>
    public static string FormatPacket(ReadOnlySpan<byte> packet)
    {
        var status = RpcPacket.TryParse(packet, out var view);
        if (status != DecodeStatus.Ok)
            return "bad packet: " + Bad(HeaderFault(status, packet.Length), status) + ", " + Hex(packet);
        var header = view.Header;
        var prefix = string.Create(CultureInfo.InvariantCulture, $"#{header.SequenceId} ");
        if (header.Fragments == 0)
            return prefix + Format(header, view.Content);
        var kind = header.Type.ToString().ToLowerInvariant();
        var bytes = view.Content.Length;
        return string.Create(CultureInfo.InvariantCulture, $"{prefix}{header.Id} {kind} of {header.Fragments + 1} packets, {bytes} bytes");
    }

    private static void AppendPayload(MessageText text, PayloadInfo shape, ReadOnlySpan<byte> payload)
    {
        var status = shape.Describe(payload, text, out var position);
        if (status == DecodeStatus.Ok)
            return;
        text.Word(Bad(position, status));
        if (!payload.IsEmpty)
            text.Bytes("payload", payload);
    }

    private static string Bad(int offset, DecodeStatus status) =>
        string.Create(CultureInfo.InvariantCulture, $"bad at byte {offset}: {status.Describe()}");

    private static int HeaderFault(DecodeStatus status, int length) => status switch
    {
        DecodeStatus.TooShort => length,
        DecodeStatus.TooLong => RpcLimits.PacketSize,
        DecodeStatus.BadFragmentCount => 1,
        _ => 0,
    };

    private static string Hex(ReadOnlySpan<byte> packet) => new MessageText().Bytes("packet", packet).ToString();
}
