using System.Buffers;
using System.Buffers.Binary;
using FsCheck.Xunit;
using RmStack.Testing;
using RmStack.Transport.Capture;

namespace RmStack.Transport.Tests.Capture;

/// <summary>Files that are broken, or made to break the reader: what is whole in front of the damage is read, then there is a reason and a place.</summary>
public sealed class HostileFileTests
{
    [Fact]
    public void A_file_cut_anywhere_gives_the_packets_before_the_cut()
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new PcapngWriter(output);
        var ends = new List<int> { output.WrittenCount };
        writer.AddLink(3, "HLOS");
        ends.Add(output.WrittenCount);
        for (var n = 0; n < 3; n++)
        {
            writer.Write(0, CaptureDirection.ToRm, (ulong)n, Packets.Pattern(9 + n), "push"u8);
            ends.Add(output.WrittenCount);
        }

        var file = output.WrittenSpan.ToArray();
        for (var cut = 0; cut <= file.Length; cut++)
        {
            var (packets, end) = CaptureFiles.Read(file[..cut]);
            var whole = ends.Count(at => at <= cut);
            Assert.Equal(Math.Max(0, whole - 2), packets.Count);
            var expected = cut == 0 ? CaptureStatus.NotPcapng : ends.Contains(cut) ? CaptureStatus.End : CaptureStatus.Truncated;
            Assert.Equal((expected, whole == 0 ? 0L : ends[whole - 1]), (end.Status, end.Offset));
        }
    }

    [Fact]
    public void Each_kind_of_damage_has_its_reason_and_its_place()
    {
        Fails(CaptureStatus.NotPcapng, 0, new ForeignFile().Interface());
        Fails(CaptureStatus.NotPcapng, 0, new ForeignFile().Block(0xa1b2c3d4, []));
        Fails(CaptureStatus.BadByteOrder, 0, new ForeignFile().Block(0x0A0D0D0A, new byte[16]));
        Fails(CaptureStatus.UnknownVersion, 0, new ForeignFile().Section(2));
        Fails(CaptureStatus.BadByteOrder, 28, new ForeignFile().Section().Block(0x0A0D0D0A, new byte[16]));
        Fails(CaptureStatus.BadBlockLength, 28, new ForeignFile().Section().Raw(5, 0, [], 0));
        Fails(CaptureStatus.BadBlockLength, 28, new ForeignFile().Section().Raw(5, 8, [], 8));
        Fails(CaptureStatus.BadBlockLength, 28, new ForeignFile().Section().Raw(5, 13, [1], 13));
        Fails(CaptureStatus.BadBlockLength, 28, new ForeignFile().Section().Block(1, [1, 0, 0, 0]));
        Fails(CaptureStatus.LengthsDiffer, 28, new ForeignFile().Section().Raw(5, 12, [], 16));
        Fails(CaptureStatus.LengthsDiffer, 28, new ForeignFile().Section().Raw(1, 20, new byte[8], 0));
        Fails(CaptureStatus.Truncated, 28, new ForeignFile().Section().Raw(5, 0xffff_fffc, new byte[100], 0));
        Fails(CaptureStatus.BlockTooLong, 28, new ForeignFile().Section().Raw(1, PcapngFormat.MaxBlockLength + 4, new byte[100], 0));
        Fails(CaptureStatus.UnknownInterface, 28, new ForeignFile().Section().Packet(0, 0, []));
        Fails(CaptureStatus.UnknownInterface, 28, new ForeignFile().Section().Simple(0, []));
        Fails(CaptureStatus.UnknownInterface, 48, new ForeignFile().Section().Interface().Packet(uint.MaxValue, 0, []));
        Fails(CaptureStatus.BadPacketLength, 48, new ForeignFile().Section().Interface().Simple(5, [1, 2, 3, 4]));
        foreach (var length in new uint[] { 5, 0x7fff_ffff, 0x8000_0000, uint.MaxValue })
            Fails(CaptureStatus.BadPacketLength, 48, Captured(length));
        var file = new ForeignFile();
        Fails(CaptureStatus.BadOption, 0, file.Section(1, [1, 0, 5, 0, 1, 2, 3, 4]));
        Fails(CaptureStatus.BadOption, 28, new ForeignFile().Section().Interface(147, 0, [2, 0, 0xff, 0xff]));
        Fails(CaptureStatus.BadOption, 28, new ForeignFile().Section().Interface(147, 0, file.Option(9, 1, 2)));
        Fails(CaptureStatus.BadOption, 28, new ForeignFile().Section().Interface(147, 0, file.Option(14, 1, 2)));
        Fails(CaptureStatus.BadOption, 48, new ForeignFile().Section().Interface().Packet(0, 0, [], file.Option(2, 1)));
    }

    [Fact]
    public void Interfaces_have_a_limit()
    {
        var file = new ForeignFile().Section();
        for (var n = 0; n <= PcapngFormat.MaxInterfaces; n++) file.Interface();
        var (packets, end) = CaptureFiles.Read(file.ToArray());
        Assert.Empty(packets);
        Assert.Equal(CaptureStatus.TooManyInterfaces, end.Status);
    }

    [Fact]
    public void A_length_alone_allocates_nothing()
    {
        // The most that a block to be read may claim, and none of it there.
        var file = new ForeignFile().Section().Raw(6, PcapngFormat.MaxBlockLength, [], 0).ToArray();
        CaptureFiles.Read(file);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(CaptureStatus.Truncated, CaptureFiles.Read(file).End.Status);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000);
    }

    [Property(MaxTest = 300)]
    public void Any_damage_ends_with_a_status(ulong seed)
    {
        var random = new SeededRandom(seed);
        var (file, _) = PcapngRoundTripTests.Random(random, most: 10);
        for (var n = random.Next(1, 6); n > 0; n--)
        {
            var at = random.Next(file.Length);
            if (random.OneIn(2)) file[at] ^= (byte)(1 << random.Next(8));
            else BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(Math.Min(at & ~3, file.Length - 4)), (uint)random.NextUInt64() >> random.Next(32));
        }

        var (read, end) = CaptureFiles.Read(new DripStream(file, random.Next(1, 5000)));
        Assert.NotEqual(CaptureStatus.Packet, end.Status);
        Assert.InRange(end.Offset, 0, file.Length);
        var again = CaptureFiles.Read(file);
        Assert.Equal(read, again.Packets);
        Assert.Equal(end, again.End);
    }

    [Property(MaxTest = 300)]
    public void Any_bytes_end_with_a_status(byte[] bytes, bool bigEndian)
    {
        var file = new ForeignFile(bigEndian).Section().Interface().Packet(0, 1, [1]).ToArray();
        var (read, end) = CaptureFiles.Read([.. file, .. bytes]);
        Assert.Equal("01", read[0].Data);
        Assert.NotEqual(CaptureStatus.Packet, end.Status);
        Assert.NotEqual(CaptureStatus.Packet, CaptureFiles.Read(bytes).End.Status);
    }

    [Fact]
    public void Every_status_has_words_of_its_own() =>
        Assert.Equal(Enum.GetValues<CaptureStatus>().Length, Enum.GetValues<CaptureStatus>().Select(CaptureStatusText.Describe).Distinct().Count(text => text != "unknown status"));

    private static ForeignFile Captured(uint length)
    {
        var file = new ForeignFile();
        return file.Section().Interface().Block(6, [.. file.U32(0), .. file.U64(0), .. file.U32(length), .. file.U32(length), 1, 2, 3, 4]);
    }

    private static void Fails(CaptureStatus status, long offset, ForeignFile file)
    {
        var (packets, end) = CaptureFiles.Read(file.ToArray());
        Assert.Empty(packets);
        Assert.Equal((status, offset), (end.Status, end.Offset));
    }
}
