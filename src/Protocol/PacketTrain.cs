using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace RmStack.Protocol;

/// <summary>
/// One message laid out in memory as its packets, one behind the other, each with its header. For a sender that has to copy a message
/// anyway: the copy is made packet by packet, and afterwards a packet is only a place in the buffer. RM: rm-rpc.c. HOT.
/// </summary>
/// <remarks>
/// The other way, <see cref="Fragmenter"/>, needs no memory for headers; but a header that is written just before the packet is read makes
/// the processor wait for it, which over 63 packets costs more than the copy.
/// </remarks>
public struct PacketTrain
{
    /// <summary>Bytes of the buffer that any message fits.</summary>
    public const int MaxSize = RpcLimits.MaxPackets * RpcLimits.PacketSize;

    private readonly int _lastLength;
    private int _next;

    private PacketTrain(int packets, int lastLength)
    {
        PacketCount = packets;
        _lastLength = lastLength;
    }

    /// <summary>Packets of the message, 1 to 63; 0 only in a default value, which is done.</summary>
    public int PacketCount { get; }

    /// <summary>All packets were handed out.</summary>
    public readonly bool Done => _next == PacketCount;

    /// <summary>Lays a reply out: the error word is in front of the payload of at most 14612 bytes.</summary>
    public static PacketTrain Reply(Span<byte> buffer, ushort sequenceId, MessageId id, RmError error, ReadOnlySpan<byte> payload)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payload.Length, RpcLimits.MaxReplyPayload, nameof(payload));
        var packets = RpcLimits.PacketsFor(RpcLimits.ErrorSize + payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(buffer[RpcLimits.HeaderSize..], (uint)error);
        return Lay(buffer, new RpcHeader(RpcMessageType.Reply, (byte)(packets - 1), sequenceId, id), RpcLimits.HeaderSize + RpcLimits.ErrorSize, payload);
    }

    /// <summary>Lays a request or a notification of at most 14616 bytes out.</summary>
    public static PacketTrain Message(Span<byte> buffer, RpcMessageType type, ushort sequenceId, MessageId id, ReadOnlySpan<byte> payload)
    {
        Debug.Assert(type is RpcMessageType.Request or RpcMessageType.Notification, "only these begin with their payload");
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payload.Length, RpcLimits.MaxContent, nameof(payload));
        var packets = RpcLimits.PacketsFor(payload.Length);
        return Lay(buffer, new RpcHeader(type, (byte)(packets - 1), sequenceId, id), RpcLimits.HeaderSize, payload);
    }

    /// <summary>Where the next packet lies. False when there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryNext(out int offset, out int length)
    {
        var packet = _next;
        offset = packet * RpcLimits.PacketSize;
        length = RpcLimits.PacketSize;
        if (packet >= PacketCount - 1)
        {
            length = _lastLength;
            if (packet == PacketCount)
                return false;
        }

        _next = packet + 1;
        return true;
    }

    /// <summary>The packet handed out last was not taken by the queue: hand it out again next time.</summary>
    public void Unsend()
    {
        Debug.Assert(_next > 0, "nothing was sent");
        _next--;
    }

    private static PacketTrain Lay(Span<byte> buffer, RpcHeader header, int firstOffset, ReadOnlySpan<byte> payload)
    {
        var packets = header.Fragments + 1;
        header.Write(buffer);
        if (packets == 1)
        {
            payload.CopyTo(buffer[firstOffset..]);
            return new PacketTrain(1, firstOffset + payload.Length);
        }

        var first = RpcLimits.PacketSize - firstOffset;
        payload[..first].CopyTo(buffer[firstOffset..]);
        payload = payload[first..];
        var continuation = header.Continuation;
        var packet = buffer[RpcLimits.PacketSize..];
        while (payload.Length > RpcLimits.ContentPerPacket)
        {
            continuation.Write(packet);
            payload[..RpcLimits.ContentPerPacket].CopyTo(packet[RpcLimits.HeaderSize..]);
            payload = payload[RpcLimits.ContentPerPacket..];
            packet = packet[RpcLimits.PacketSize..];
        }

        continuation.Write(packet);
        payload.CopyTo(packet[RpcLimits.HeaderSize..]);
        return new PacketTrain(packets, RpcLimits.HeaderSize + payload.Length);
    }
}
