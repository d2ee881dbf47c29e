using System.Buffers.Binary;
using System.Diagnostics;

namespace RmStack.Protocol;

/// <summary>How a sender counts the packets of a request. Only old Linux drivers differ, and lose or add data where they do.</summary>
public enum RequestSplitting : byte
{
    /// <summary>ceil(length / 232): the RM, and Linux from v10 on.</summary>
    Exact,

    /// <summary>Linux v1 and v2: max(1, floor(length / 232)), so the tail of a message that is not a multiple of 232 is lost.</summary>
    LinuxV2,

    /// <summary>Linux v5 and v6: floor(length / 232) + 1, so an exact multiple gets one packet too many (the driver read it from behind its buffer; here it is zeros).</summary>
    LinuxV5,
}

/// <summary>
/// Cuts one message into packets, in order, one at a time; it holds a position and no bytes. Every packet but the last carries 232
/// content bytes, and every packet repeats the fragment count. RM: rm-rpc.c; Linux: gunyah_rm_send_request.
/// </summary>
/// <remarks>
/// Two ways to get a packet, which may not be mixed within one packet: <see cref="TryWriteNext"/> copies it into a buffer of its own;
/// <see cref="TryOverlayNext"/> lays the header over the 8 bytes in front of the fragment and <see cref="LiftOverlay"/> puts those bytes
/// back, so nothing is copied. After a send that found the queue full, <see cref="Unsend"/> makes the same packet the next one again.
/// </remarks>
public struct Fragmenter
{
    private readonly RpcHeader _first;
    private readonly int _contentLength;
    private readonly int _wireLength;
    private int _sent;
    private ulong _covered;
    private bool _overlaid;

    /// <summary>Starts at the first packet. <paramref name="contentLength"/> counts a reply's error word; above 14616 it is our own mistake.</summary>
    public Fragmenter(RpcMessageType type, ushort sequenceId, MessageId id, int contentLength)
        : this(type, sequenceId, id, contentLength, RequestSplitting.Exact)
    {
    }

    /// <summary>As the other, for a sender that may be an old Linux; its packets can only be copied out, not overlaid.</summary>
    public Fragmenter(RpcMessageType type, ushort sequenceId, MessageId id, int contentLength, RequestSplitting splitting)
    {
        Debug.Assert(type != RpcMessageType.Continuation, "a message starts with a request, reply or notification");
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)contentLength, (uint)RpcLimits.MaxContent, nameof(contentLength));
        _contentLength = contentLength;
        if (contentLength < RpcLimits.ContentPerPacket)
        {
            // One packet, however it is counted.
            PacketCount = 1;
            _first = new RpcHeader(type, 0, sequenceId, id);
            _wireLength = contentLength;
            return;
        }

        var full = contentLength / RpcLimits.ContentPerPacket;
        PacketCount = splitting switch
        {
            RequestSplitting.LinuxV2 => Math.Max(full, 1),
            RequestSplitting.LinuxV5 => full + 1,
            _ => RpcLimits.PacketsFor(contentLength),
        };
        _first = new RpcHeader(type, (byte)(PacketCount - 1), sequenceId, id);
        _wireLength = splitting switch
        {
            RequestSplitting.LinuxV2 => Math.Min(contentLength, PacketCount * RpcLimits.ContentPerPacket),
            RequestSplitting.LinuxV5 when contentLength > 0 && contentLength % RpcLimits.ContentPerPacket == 0 =>
                contentLength + RpcLimits.ContentPerPacket,
            _ => contentLength,
        };
    }

    /// <summary>Packets of the whole message, 1 to 63, or 64 with LinuxV5; 0 only in a default value, which is done.</summary>
    public int PacketCount { get; }

    /// <summary>Packets handed out so far.</summary>
    public readonly int PacketsSent => _sent;

    /// <summary>All packets were handed out.</summary>
    public readonly bool Done => _sent == PacketCount;

    /// <summary>Header of the packet that comes next.</summary>
    public readonly RpcHeader NextHeader => _sent == 0 ? _first : _first.Continuation;

    /// <summary>
    /// Writes the next packet. False when there is none. <paramref name="content"/> is the whole message's content each time;
    /// <paramref name="packet"/> needs room for 240 bytes (or what is left); <paramref name="last"/> tells when to set the push flag.
    /// </summary>
    public bool TryWriteNext(ReadOnlySpan<byte> content, Span<byte> packet, out int length, out bool last)
    {
        Debug.Assert(content.Length == _contentLength, "the content changed its length between packets");
        Debug.Assert(!_overlaid, "an overlay is still in place");
        var start = _sent * RpcLimits.ContentPerPacket;
        if (_sent < PacketCount - 1 && start + RpcLimits.ContentPerPacket <= content.Length)
        {
            // All but the last packet are full.
            NextHeader.Write(packet);
            content.Slice(start, RpcLimits.ContentPerPacket).CopyTo(packet[RpcLimits.HeaderSize..]);
            length = RpcLimits.PacketSize;
            last = false;
            _sent++;
            return true;
        }

        if (!TryNext(out var offset, out length, out last))
            return false;
        NextHeader.Write(packet);
        var room = packet.Slice(RpcLimits.HeaderSize, length - RpcLimits.HeaderSize);
        if (offset + room.Length <= content.Length)
            content.Slice(offset, room.Length).CopyTo(room);
        else
            room.Clear();
        _sent++;
        return true;
    }

    /// <summary>
    /// Makes the next packet in place. <paramref name="buffer"/> holds 8 spare bytes and then the whole content; the packet is
    /// <c>buffer.Slice(offset, length)</c> until <see cref="LiftOverlay"/>, which must follow before anything else reads the content.
    /// </summary>
    public bool TryOverlayNext(Span<byte> buffer, out int offset, out int length, out bool last)
    {
        Debug.Assert(_wireLength == _contentLength, "an old Linux's packets are not all in the buffer");
        Debug.Assert(buffer.Length >= RpcLimits.HeaderSize + _contentLength, "the buffer lacks the header's room");
        Debug.Assert(!_overlaid, "the overlay before this one was not lifted");
        if (!TryNext(out offset, out length, out last))
            return false;
        // Content byte k is buffer[8 + k], so the 8 bytes before fragment i start at buffer[232 i].
        _covered = BinaryPrimitives.ReadUInt64LittleEndian(buffer[offset..]);
        NextHeader.Write(buffer[offset..]);
        _overlaid = true;
        _sent++;
        return true;
    }

    /// <summary>Puts back the 8 content bytes under the last packet's header. Call it right after the send, successful or not.</summary>
    public void LiftOverlay(Span<byte> buffer)
    {
        Debug.Assert(_overlaid, "there is no overlay to lift");
        BinaryPrimitives.WriteUInt64LittleEndian(buffer[((_sent - 1) * RpcLimits.ContentPerPacket)..], _covered);
        _overlaid = false;
    }

    /// <summary>The packet handed out last was not taken by the queue: hand it out again next time.</summary>
    public void Unsend()
    {
        Debug.Assert(_sent > 0, "nothing was sent");
        Debug.Assert(!_overlaid, "lift the overlay first");
        _sent--;
    }

    private readonly bool TryNext(out int offset, out int length, out bool last)
    {
        if (Done)
        {
            (offset, length, last) = (0, 0, false);
            return false;
        }

        offset = _sent * RpcLimits.ContentPerPacket;
        length = RpcLimits.HeaderSize + Math.Min(_wireLength - offset, RpcLimits.ContentPerPacket);
        last = _sent + 1 == PacketCount;
        return true;
    }
}
