using System.Buffers.Binary;

namespace RmStack.Protocol;

/// <summary>Writes messages of one packet. Longer ones go through <see cref="Fragmenter"/>.</summary>
public static class RpcPacketWriter
{
    /// <summary>Header, and room for <paramref name="contentLength"/> bytes that the caller fills. Returns that room.</summary>
    public static Span<byte> Begin(Span<byte> packet, RpcMessageType type, ushort sequenceId, MessageId id, int contentLength)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)contentLength, (uint)RpcLimits.ContentPerPacket, nameof(contentLength));
        new RpcHeader(type, 0, sequenceId, id).Write(packet);
        return packet.Slice(RpcLimits.HeaderSize, contentLength);
    }

    /// <summary>A request of at most 232 payload bytes. Returns the packet's size in bytes.</summary>
    public static int WriteRequest(Span<byte> packet, ushort sequenceId, MessageId id, ReadOnlySpan<byte> payload)
    {
        payload.CopyTo(Begin(packet, RpcMessageType.Request, sequenceId, id, payload.Length));
        return RpcLimits.HeaderSize + payload.Length;
    }

    /// <summary>A reply of at most 228 payload bytes behind the error word. Returns the packet's size in bytes.</summary>
    public static int WriteReply(Span<byte> packet, ushort sequenceId, MessageId id, RmError error, ReadOnlySpan<byte> payload = default)
    {
        var content = Begin(packet, RpcMessageType.Reply, sequenceId, id, RpcLimits.ErrorSize + payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(content, (uint)error);
        payload.CopyTo(content[RpcLimits.ErrorSize..]);
        return RpcLimits.HeaderSize + content.Length;
    }

    /// <summary>A notification of at most 232 payload bytes. Returns the packet's size in bytes.</summary>
    public static int WriteNotification(Span<byte> packet, ushort sequenceId, MessageId id, ReadOnlySpan<byte> payload)
    {
        payload.CopyTo(Begin(packet, RpcMessageType.Notification, sequenceId, id, payload.Length));
        return RpcLimits.HeaderSize + payload.Length;
    }
}
