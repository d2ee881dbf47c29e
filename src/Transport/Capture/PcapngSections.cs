using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace RmStack.Transport.Capture;

/// <summary>What the beginning of a block says.</summary>
internal enum BlockStatus
{
    Ok,
    NeedMore,
    NotPcapng,
    BadByteOrder,
    BadLength,
    TooLong,
}

/// <summary>Type and length of a block.</summary>
internal readonly record struct BlockHead(uint Type, uint Length)
{
    /// <summary>Whether the block is looked into, rather than skipped.</summary>
    public bool IsKnown => MinimumLength != 0;

    /// <summary>Bytes that a block of this type has at least; 0 for types that are skipped.</summary>
    public int MinimumLength => Type switch
    {
        PcapngFormat.SectionHeader => PcapngFormat.BlockFrame + PcapngFormat.SectionFixed,
        PcapngFormat.InterfaceDescription => PcapngFormat.BlockFrame + PcapngFormat.InterfaceFixed,
        PcapngFormat.ObsoletePacket or PcapngFormat.EnhancedPacket => PcapngFormat.BlockFrame + PcapngFormat.EnhancedFixed,
        PcapngFormat.SimplePacket => PcapngFormat.BlockFrame + PcapngFormat.SimpleFixed,
        _ => 0,
    };
}

/// <summary>The blocks of a pcapng file, one at a time: the byte order and the interfaces of the present section, and packets. No I/O.</summary>
internal sealed class PcapngSections
{
    private readonly List<CaptureInterface> _interfaces = [];
    private bool _bigEndian;

    /// <summary>Sections begun so far.</summary>
    public int Count { get; private set; }

    public IReadOnlyList<CaptureInterface> Interfaces => _interfaces;

    public static CaptureStatus StatusOf(BlockStatus status) => status switch
    {
        BlockStatus.NotPcapng => CaptureStatus.NotPcapng,
        BlockStatus.BadByteOrder => CaptureStatus.BadByteOrder,
        BlockStatus.TooLong => CaptureStatus.BlockTooLong,
        _ => CaptureStatus.BadBlockLength,
    };

    /// <summary>Reads type and length of the block at the start of a buffer. A section header changes the byte order here already.</summary>
    public BlockStatus ReadHead(ReadOnlySequence<byte> buffer, out BlockHead head)
    {
        head = default;
        Span<byte> bytes = stackalloc byte[PcapngFormat.BlockHead + sizeof(uint)];
        var there = (int)Math.Min(bytes.Length, buffer.Length);
        buffer.Slice(0, there).CopyTo(bytes);
        if (Count == 0 && there > 0 && !IsSectionHeader(bytes[..Math.Min(there, sizeof(uint))])) return BlockStatus.NotPcapng;
        if (there < PcapngFormat.BlockHead) return BlockStatus.NeedMore;
        if (IsSectionHeader(bytes[..sizeof(uint)]))
        {
            // Its length can be read only once its byte order is known.
            if (there < bytes.Length) return BlockStatus.NeedMore;
            if (!TryReadByteOrder(bytes[PcapngFormat.BlockHead..])) return BlockStatus.BadByteOrder;
        }

        head = new BlockHead(U32(bytes), U32(bytes[4..]));
        if (head.Length % 4 != 0 || head.Length < Math.Max(PcapngFormat.BlockFrame, head.MinimumLength)) return BlockStatus.BadLength;
        return head.IsKnown && head.Length > PcapngFormat.MaxBlockLength ? BlockStatus.TooLong : BlockStatus.Ok;
    }

    /// <summary>Four bytes as a length.</summary>
    public uint ReadLength(ReadOnlySequence<byte> buffer)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        buffer.Slice(0, sizeof(uint)).CopyTo(bytes);
        return U32(bytes);
    }

    /// <summary>Reads a whole block.</summary>
    /// <returns><see cref="CaptureStatus.Packet"/> when it is in order, whether it has a packet or not; else what is wrong.</returns>
    public CaptureStatus ReadBlock(BlockHead head, ReadOnlyMemory<byte> block, long offset, out CapturedPacket? packet)
    {
        packet = null;
        if (U32(block.Span[^sizeof(uint)..]) != head.Length) return CaptureStatus.LengthsDiffer;
        var body = block[PcapngFormat.BlockHead..^sizeof(uint)];
        return head.Type switch
        {
            PcapngFormat.SectionHeader => ReadSection(body.Span),
            PcapngFormat.InterfaceDescription => ReadInterface(body.Span),
            PcapngFormat.SimplePacket => ReadSimple(body, offset, out packet),
            _ => ReadPacket(body, head.Type == PcapngFormat.ObsoletePacket, offset, out packet),
        };
    }

    private static bool IsSectionHeader(ReadOnlySpan<byte> bytes) => "\n\r\r\n"u8.StartsWith(bytes);

    private bool TryReadByteOrder(ReadOnlySpan<byte> magic)
    {
        var little = BinaryPrimitives.ReadUInt32LittleEndian(magic) == PcapngFormat.ByteOrderMagic;
        _bigEndian = BinaryPrimitives.ReadUInt32BigEndian(magic) == PcapngFormat.ByteOrderMagic;
        return little || _bigEndian;
    }

    private CaptureStatus ReadSection(ReadOnlySpan<byte> body)
    {
        if (U16(body[4..]) != PcapngFormat.Version) return CaptureStatus.UnknownVersion;
        var options = new OptionReader(body[PcapngFormat.SectionFixed..], _bigEndian);
        while (options.Next())
        {
        }

        if (options.IsBad) return CaptureStatus.BadOption;
        Count++;
        _interfaces.Clear();
        return CaptureStatus.Packet;
    }

    private CaptureStatus ReadInterface(ReadOnlySpan<byte> body)
    {
        if (_interfaces.Count == PcapngFormat.MaxInterfaces) return CaptureStatus.TooManyInterfaces;
        string? name = null, description = null;
        var clock = CaptureClock.Microseconds;
        var options = new OptionReader(body[PcapngFormat.InterfaceFixed..], _bigEndian);
        while (options.Next())
        {
            switch (options.Code)
            {
                case PcapngFormat.InterfaceName:
                    name ??= Text(options.Value);
                    break;
                case PcapngFormat.InterfaceText:
                    description ??= Text(options.Value);
                    break;
                case PcapngFormat.Resolution:
                    if (options.Value.Length != 1) return CaptureStatus.BadOption;
                    clock = clock with { Resolution = options.Value[0] };
                    break;
                case PcapngFormat.TimeOffset:
                    if (options.Value.Length != sizeof(long)) return CaptureStatus.BadOption;
                    clock = clock with { OffsetSeconds = (long)U64(options.Value) };
                    break;
                default:
                    break;
            }
        }

        if (options.IsBad) return CaptureStatus.BadOption;
        _interfaces.Add(new CaptureInterface(Count - 1, _interfaces.Count, U16(body), U32(body[4..]), name, description, clock));
        return CaptureStatus.Packet;
    }

    private CaptureStatus ReadSimple(ReadOnlyMemory<byte> body, long offset, out CapturedPacket? packet)
    {
        packet = null;
        if (_interfaces.Count == 0) return CaptureStatus.UnknownInterface;
        var original = U32(body.Span);
        var link = _interfaces[0];
        var captured = link.SnapLength == 0 ? original : Math.Min(original, link.SnapLength);
        if (captured > (uint)(body.Length - PcapngFormat.SimpleFixed)) return CaptureStatus.BadPacketLength;
        packet = new CapturedPacket(link, CaptureDirection.Unknown, null, body.Slice(PcapngFormat.SimpleFixed, (int)captured), original, null, offset);
        return CaptureStatus.Packet;
    }

    // The obsolete packet block has a 16-bit interface and a count of drops where the enhanced one has 32 bits of interface.
    private CaptureStatus ReadPacket(ReadOnlyMemory<byte> body, bool obsolete, long offset, out CapturedPacket? packet)
    {
        packet = null;
        var bytes = body.Span;
        var index = obsolete ? U16(bytes) : U32(bytes);
        if (index >= (uint)_interfaces.Count) return CaptureStatus.UnknownInterface;
        var captured = U32(bytes[12..]);
        if (captured > (uint)(body.Length - PcapngFormat.EnhancedFixed)) return CaptureStatus.BadPacketLength;
        var data = body.Slice(PcapngFormat.EnhancedFixed, (int)captured);
        var direction = CaptureDirection.Unknown;
        string? comment = null;
        var options = new OptionReader(bytes[(PcapngFormat.EnhancedFixed + PcapngFormat.Padded((int)captured))..], _bigEndian);
        while (options.Next())
        {
            if (options.Code == PcapngFormat.Comment) comment ??= Text(options.Value);
            if (options.Code != PcapngFormat.PacketFlags) continue;
            if (options.Value.Length != sizeof(uint)) return CaptureStatus.BadOption;
            var way = (CaptureDirection)(U32(options.Value) & 3);
            direction = way is CaptureDirection.ToRm or CaptureDirection.FromRm ? way : CaptureDirection.Unknown;
        }

        if (options.IsBad) return CaptureStatus.BadOption;
        var link = _interfaces[(int)index];
        var ticks = ((ulong)U32(bytes[4..]) << 32) | U32(bytes[8..]);
        packet = new CapturedPacket(link, direction, link.Clock.ToNanoseconds(ticks), data, U32(bytes[16..]), comment, offset);
        return CaptureStatus.Packet;
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);

    private ushort U16(ReadOnlySpan<byte> bytes) => _bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private uint U32(ReadOnlySpan<byte> bytes) => _bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private ulong U64(ReadOnlySpan<byte> bytes) => _bigEndian ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : BinaryPrimitives.ReadUInt64LittleEndian(bytes);
}
