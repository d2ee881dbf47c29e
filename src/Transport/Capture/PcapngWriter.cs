using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace RmStack.Transport.Capture;

/// <summary>
/// Writes packets of Resource Manager links as a pcapng file: a section, an interface per link, and packets with nanoseconds and
/// direction. The bytes depend on nothing but what is written. HOT: a packet allocates nothing.
/// </summary>
/// <remarks>
/// The output is a <see cref="System.IO.Pipelines.PipeWriter"/> or any other <see cref="IBufferWriter{T}"/>; whoever owns it flushes it.
/// Not for several threads at once. pcapng: draft-ietf-opsawg-pcapng, sections 4.1 to 4.3.
/// </remarks>
public sealed class PcapngWriter
{
    private const int FlagsOption = PcapngFormat.OptionHead + sizeof(uint);
    private static readonly byte[] s_application = "rm-stack"u8.ToArray();

    private readonly IBufferWriter<byte> _output;

    /// <summary>Begins a file with its section header.</summary>
    /// <param name="output">Where it goes.</param>
    public PcapngWriter(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        _output = output;
        var block = Begin(PcapngFormat.SectionHeader, PcapngFormat.SectionFixed + OptionSize(s_application.Length) + PcapngFormat.OptionHead, out var body);
        BinaryPrimitives.WriteUInt32LittleEndian(body, PcapngFormat.ByteOrderMagic);
        BinaryPrimitives.WriteUInt16LittleEndian(body[4..], PcapngFormat.Version);
        BinaryPrimitives.WriteUInt16LittleEndian(body[6..], 0);
        // A length of all ones: the section has no known end.
        BinaryPrimitives.WriteUInt64LittleEndian(body[8..], ulong.MaxValue);
        var options = Option(body[PcapngFormat.SectionFixed..], PcapngFormat.Application, s_application);
        End(options);
        _output.Advance(block);
    }

    /// <summary>Links described so far.</summary>
    public int Links { get; private set; }

    /// <summary>Packets written so far.</summary>
    public long Packets { get; private set; }

    /// <summary>Describes the link of a VM; packets name it by the number that this returns.</summary>
    /// <param name="vmid">VMID of the VM; the interface is called "vm0x" and the VMID in lower hex.</param>
    /// <param name="description">What people call the VM, at most 65535 bytes of UTF-8.</param>
    public int AddLink(ushort vmid, string description)
    {
        ArgumentNullException.ThrowIfNull(description);
        var name = Encoding.UTF8.GetBytes(CaptureInterface.NameOf(vmid));
        var text = Encoding.UTF8.GetBytes(description);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(text.Length, PcapngFormat.MaxTextLength, nameof(description));
        ReadOnlySpan<byte> resolution = [CaptureClock.Nanoseconds.Resolution];
        var size = PcapngFormat.InterfaceFixed + OptionSize(name.Length) + OptionSize(text.Length) + OptionSize(resolution.Length) + PcapngFormat.OptionHead;
        var block = Begin(PcapngFormat.InterfaceDescription, size, out var body);
        BinaryPrimitives.WriteUInt16LittleEndian(body, PcapngFormat.LinkType);
        BinaryPrimitives.WriteUInt16LittleEndian(body[2..], 0);
        BinaryPrimitives.WriteUInt32LittleEndian(body[4..], 0);
        var options = Option(body[PcapngFormat.InterfaceFixed..], PcapngFormat.InterfaceName, name);
        options = Option(options, PcapngFormat.InterfaceText, text);
        End(Option(options, PcapngFormat.Resolution, resolution));
        _output.Advance(block);
        return Links++;
    }

    /// <summary>Writes a packet.</summary>
    /// <param name="link">A number that <see cref="AddLink"/> returned.</param>
    /// <param name="direction">Which way it went.</param>
    /// <param name="timestampNs">When, in nanoseconds since the capture's epoch.</param>
    /// <param name="packet">Its bytes, at most <see cref="PcapngFormat.MaxPacketLength"/>.</param>
    /// <param name="comment">UTF-8 to show with it, at most <see cref="PcapngFormat.MaxTextLength"/> bytes; empty for none.</param>
    public void Write(int link, CaptureDirection direction, ulong timestampNs, ReadOnlySpan<byte> packet, ReadOnlySpan<byte> comment = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)link, (uint)Links, nameof(link));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(packet.Length, PcapngFormat.MaxPacketLength, nameof(packet));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(comment.Length, PcapngFormat.MaxTextLength, nameof(comment));
        var data = PcapngFormat.Padded(packet.Length);
        var size = PcapngFormat.EnhancedFixed + data + FlagsOption + (comment.IsEmpty ? 0 : OptionSize(comment.Length)) + PcapngFormat.OptionHead;
        var block = Begin(PcapngFormat.EnhancedPacket, size, out var body);
        BinaryPrimitives.WriteUInt32LittleEndian(body, (uint)link);
        BinaryPrimitives.WriteUInt32LittleEndian(body[4..], (uint)(timestampNs >> 32));
        BinaryPrimitives.WriteUInt32LittleEndian(body[8..], (uint)timestampNs);
        BinaryPrimitives.WriteUInt32LittleEndian(body[12..], (uint)packet.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(body[16..], (uint)packet.Length);
        var rest = body[PcapngFormat.EnhancedFixed..];
        packet.CopyTo(rest);
        rest[packet.Length..data].Clear();
        rest = rest[data..];
        if (!comment.IsEmpty) rest = Option(rest, PcapngFormat.Comment, comment);
        Span<byte> flags = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(flags, (uint)direction);
        End(Option(rest, PcapngFormat.PacketFlags, flags));
        _output.Advance(block);
        Packets++;
    }

    private static int OptionSize(int length) => PcapngFormat.OptionHead + PcapngFormat.Padded(length);

    private int Begin(uint type, int bodySize, out Span<byte> body)
    {
        var size = PcapngFormat.BlockFrame + bodySize;
        var block = _output.GetSpan(size)[..size];
        BinaryPrimitives.WriteUInt32LittleEndian(block, type);
        BinaryPrimitives.WriteUInt32LittleEndian(block[4..], (uint)size);
        BinaryPrimitives.WriteUInt32LittleEndian(block[(size - sizeof(uint))..], (uint)size);
        body = block.Slice(PcapngFormat.BlockHead, bodySize);
        return size;
    }

    private static Span<byte> Option(Span<byte> options, ushort code, ReadOnlySpan<byte> value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(options, code);
        BinaryPrimitives.WriteUInt16LittleEndian(options[2..], (ushort)value.Length);
        var room = options.Slice(PcapngFormat.OptionHead, PcapngFormat.Padded(value.Length));
        value.CopyTo(room);
        room[value.Length..].Clear();
        return options[(PcapngFormat.OptionHead + room.Length)..];
    }

    private static void End(Span<byte> options) => options[..PcapngFormat.OptionHead].Clear();
}
