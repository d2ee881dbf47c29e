using System.Buffers.Binary;
using RmStack.Transport.Capture;

namespace RmStack.Transport.Tests.Capture;

/// <summary>Builds capture files as other programs write them: either byte order, any block.</summary>
internal sealed class ForeignFile(bool bigEndian = false)
{
    private readonly List<byte> _bytes = [];

    public int Length => _bytes.Count;

    public byte[] ToArray() => [.. _bytes];

    public ForeignFile Section(ushort major = 1, params byte[][] options) =>
        Block(0x0A0D0D0A, [.. U32(0x1A2B3C4D), .. U16(major), .. U16(0), .. U32(uint.MaxValue), .. U32(uint.MaxValue), .. options.SelectMany(o => o)]);

    public ForeignFile Interface(ushort linkType = 147, uint snap = 0, params byte[][] options) =>
        Block(1, [.. U16(linkType), .. U16(0), .. U32(snap), .. options.SelectMany(o => o)]);

    public ForeignFile Packet(uint link, ulong ticks, byte[] data, params byte[][] options) =>
        Block(6, [.. U32(link), .. U32((uint)(ticks >> 32)), .. U32((uint)ticks), .. U32((uint)data.Length), .. U32((uint)data.Length), .. Padded(data), .. options.SelectMany(o => o)]);

    public ForeignFile ObsoletePacket(ushort link, ulong ticks, byte[] data, params byte[][] options) =>
        Block(2, [.. U16(link), .. U16(7), .. U32((uint)(ticks >> 32)), .. U32((uint)ticks), .. U32((uint)data.Length), .. U32((uint)data.Length), .. Padded(data), .. options.SelectMany(o => o)]);

    public ForeignFile Simple(uint original, byte[] data) => Block(3, [.. U32(original), .. Padded(data)]);

    public ForeignFile Block(uint type, byte[] body) => Raw(type, (uint)(12 + body.Length), body, (uint)(12 + body.Length));

    /// <summary>A block whose lengths are whatever they are.</summary>
    public ForeignFile Raw(uint type, uint length, byte[] body, uint trailer)
    {
        _bytes.AddRange([.. U32(type), .. U32(length), .. body, .. U32(trailer)]);
        return this;
    }

    public byte[] Option(ushort code, params byte[] value) => [.. U16(code), .. U16((ushort)value.Length), .. Padded(value)];

    public byte[] U16(ushort value)
    {
        var bytes = new byte[2];
        if (bigEndian) BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
        else BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
        return bytes;
    }

    public byte[] U32(uint value)
    {
        var bytes = new byte[4];
        if (bigEndian) BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        else BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bytes;
    }

    public byte[] U64(ulong value) => bigEndian ? [.. U32((uint)(value >> 32)), .. U32((uint)value)] : [.. U32((uint)value), .. U32((uint)(value >> 32))];

    private static byte[] Padded(byte[] data) => [.. data, .. new byte[-data.Length & 3]];
}

/// <summary>A packet that a test keeps.</summary>
internal sealed record Kept(string? Interface, ushort LinkType, CaptureDirection Direction, ulong? Ns, string Data, uint Length, string? Comment)
{
    public static Kept Of(CapturedPacket packet) => new(
        packet.Interface.Name, packet.Interface.LinkType, packet.Direction, packet.TimestampNs, Convert.ToHexStringLower(packet.Data.Span), packet.OriginalLength, packet.Comment);
}

/// <summary>Reads whole files in tests.</summary>
internal static class CaptureFiles
{
    public static (List<Kept> Packets, CaptureReadResult End) Read(byte[] file) => Read(new MemoryStream(file));

    public static (List<Kept> Packets, CaptureReadResult End) Read(Stream stream) => ReadAsync(stream).GetAwaiter().GetResult();

    public static async Task<(List<Kept> Packets, CaptureReadResult End)> ReadAsync(Stream stream)
    {
        await using var reader = new PcapngReader(stream);
        var packets = new List<Kept>();
        await foreach (var packet in reader.ReadAllAsync()) packets.Add(Kept.Of(packet));
        Assert.Equal(reader.Outcome, await reader.ReadAsync());
        return (packets, reader.Outcome!.Value);
    }
}

/// <summary>A stream that gives a few bytes at a time, as a pipe or a socket may.</summary>
internal sealed class DripStream(byte[] bytes, int most) : Stream
{
    private int _at;

    /// <summary>Bytes that the reader has taken.</summary>
    public int Taken => _at;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var count = Math.Min(most, Math.Min(buffer.Length, bytes.Length - _at));
        bytes.AsSpan(_at, count).CopyTo(buffer);
        _at += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => Task.FromResult(Read(buffer.AsSpan(offset, count)));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Read(buffer.Span));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
