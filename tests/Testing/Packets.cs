using System.Buffers.Binary;
using RmStack.Protocol;

namespace RmStack.Testing;

/// <summary>Makes the packets of whole messages, and single packets of any kind.</summary>
public static class Packets
{
    public static byte[][] Request(ushort seq, MessageId id, params byte[] payload) => Message(RpcMessageType.Request, seq, id, payload);

    public static byte[][] Notification(ushort seq, MessageId id, params byte[] payload) => Message(RpcMessageType.Notification, seq, id, payload);

    public static byte[][] Reply(ushort seq, MessageId id, RmError error, params byte[] payload)
    {
        var content = new byte[RpcLimits.ErrorSize + payload.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(content, (uint)error);
        payload.CopyTo(content, RpcLimits.ErrorSize);
        return Message(RpcMessageType.Reply, seq, id, content);
    }

    public static byte[] Raw(RpcMessageType type, byte fragments, ushort seq, MessageId id, params byte[] content)
    {
        var packet = new byte[RpcLimits.HeaderSize + content.Length];
        new RpcHeader(type, fragments, seq, id).Write(packet);
        content.CopyTo(packet, RpcLimits.HeaderSize);
        return packet;
    }

    public static RpcHeader Header(byte[] packet)
    {
        RpcHeader.TryRead(packet, out var header);
        return header;
    }

    /// <summary>Bytes that tell where they are.</summary>
    public static byte[] Pattern(int length, int start = 1)
    {
        var bytes = new byte[length];
        for (var i = 0; i < length; i++)
            bytes[i] = (byte)((i * 7) + (i >> 8) + start);
        return bytes;
    }

    private static byte[][] Message(RpcMessageType type, ushort seq, MessageId id, byte[] content)
    {
        var fragmenter = new Fragmenter(type, seq, id, content.Length);
        var packets = new List<byte[]>();
        var buffer = new byte[RpcLimits.PacketSize];
        while (fragmenter.TryWriteNext(content, buffer, out var length, out _))
            packets.Add(buffer[..length]);
        return [.. packets];
    }
}
