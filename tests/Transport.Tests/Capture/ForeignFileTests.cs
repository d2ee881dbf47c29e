using RmStack.Transport.Capture;

namespace RmStack.Transport.Tests.Capture;

/// <summary>Files of other programs.</summary>
public sealed class ForeignFileTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_kind_of_block_in_either_byte_order(bool bigEndian)
    {
        var file = new ForeignFile(bigEndian);
        file.Section(1, file.Option(1, "a comment"u8.ToArray()), file.Option(0))
            .Interface(147, 0, file.Option(2, "vm0x3"u8.ToArray()), file.Option(9, 9), file.Option(0))
            .Interface(1, 4, file.Option(2, "eth0"u8.ToArray()))
            .Block(5, new byte[64]) // statistics of an interface
            .Packet(0, 0x1_0000_0001, [0x21, 1], file.Option(0x8bad, 1, 2, 3), file.Option(2, file.U32(0xfffe)), file.Option(1, "one"u8.ToArray()), file.Option(1, "two"u8.ToArray()), file.Option(0))
            .Packet(1, 5, [9, 9, 9, 9], file.Option(2, file.U32(1)))
            .ObsoletePacket(1, 6, [8])
            .Packet(0, 7, [], file.Option(2, file.U32(3)));
        var (packets, end) = CaptureFiles.Read(file.ToArray());
        Assert.Equal(
            [
                new Kept("vm0x3", 147, CaptureDirection.ToRm, 0x1_0000_0001, "2101", 2, "one"),
                new Kept("eth0", 1, CaptureDirection.FromRm, 5000, "09090909", 4, null),
                new Kept("eth0", 1, CaptureDirection.Unknown, 6000, "08", 1, null),
                new Kept("vm0x3", 147, CaptureDirection.Unknown, 7, "", 0, null),
            ],
            packets);
        Assert.Equal((CaptureStatus.End, (long)file.Length), (end.Status, end.Offset));
    }

    [Fact]
    public void Each_section_has_its_own_byte_order_and_interfaces()
    {
        var one = new ForeignFile(bigEndian: true);
        one.Section().Interface(147, 0, one.Option(2, "vm0x3"u8.ToArray())).Packet(0, 1, [1]);
        var two = new ForeignFile();
        two.Section().Interface(147, 0, two.Option(2, "vm0x80"u8.ToArray())).Packet(0, 2, [2]).Packet(1, 3, [3]);
        var (packets, end) = CaptureFiles.Read([.. one.ToArray(), .. two.ToArray()]);
        Assert.Equal(["vm0x3", "vm0x80"], packets.Select(p => p.Interface));
        Assert.Equal(CaptureStatus.UnknownInterface, end.Status);
    }

    [Fact]
    public void A_simple_packet_is_of_the_first_interface_and_cut_at_its_length()
    {
        var file = new ForeignFile();
        file.Section().Interface(147, 4).Simple(10, [1, 2, 3, 4]);
        Assert.Equal(new Kept(null, 147, CaptureDirection.Unknown, null, "01020304", 10, null), Assert.Single(CaptureFiles.Read(file.ToArray()).Packets));
    }

    [Fact]
    public async Task A_packet_says_whether_it_is_of_a_link_and_where_it_lies()
    {
        var file = new ForeignFile();
        file.Section().Interface().Interface(1);
        var at = file.Length;
        file.Packet(0, 0, [1]).Packet(1, 0, [1]);
        await using var reader = new PcapngReader(new MemoryStream(file.ToArray()));
        var packet = (await reader.ReadAsync()).Packet;
        Assert.True(packet.IsRmPacket);
        Assert.Equal(at, packet.Offset);
        Assert.False((await reader.ReadAsync()).Packet.IsRmPacket);
    }

    [Theory]
    [InlineData(6, 0L, 1UL, 1000UL)]
    [InlineData(9, 0L, ulong.MaxValue, ulong.MaxValue)]
    [InlineData(0, 0L, 3UL, 3_000_000_000UL)]
    [InlineData(0, 0L, ulong.MaxValue, ulong.MaxValue)]
    [InlineData(3, 2L, 5UL, 2_005_000_000UL)]
    [InlineData(12, 0L, 1999UL, 1UL)]
    [InlineData(28, 0L, ulong.MaxValue, 1UL)]
    [InlineData(29, 0L, ulong.MaxValue, 0UL)]
    [InlineData(127, 0L, ulong.MaxValue, 0UL)]
    [InlineData(0x80 | 1, 0L, 3UL, 1_500_000_000UL)]
    [InlineData(0x80 | 30, 0L, 1UL << 30, 1_000_000_000UL)]
    [InlineData(0xff, 0L, ulong.MaxValue, 0UL)]
    [InlineData(6, -1L, 1_500_000UL, 500_000_000UL)]
    [InlineData(6, -5L, 1UL, 0UL)]
    [InlineData(6, long.MaxValue, 1UL, ulong.MaxValue)]
    public void Ticks_are_what_the_interface_says(int resolution, long offset, ulong ticks, ulong ns)
    {
        var file = new ForeignFile(bigEndian: true);
        file.Section().Interface(147, 0, file.Option(9, (byte)resolution), file.Option(14, file.U64((ulong)offset))).Packet(0, ticks, [1]);
        Assert.Equal(ns, Assert.Single(CaptureFiles.Read(file.ToArray()).Packets).Ns);
    }

    [Fact]
    public void A_block_that_nobody_knows_may_be_longer_than_any_that_is_read()
    {
        var file = new ForeignFile();
        file.Section().Interface().Packet(0, 1, [1]).Block(0x0BAD, new byte[PcapngFormat.MaxBlockLength * 3]).Packet(0, 2, [2]);
        var (packets, end) = CaptureFiles.Read(new DripStream(file.ToArray(), 10_000));
        Assert.Equal(["01", "02"], packets.Select(p => p.Data));
        Assert.Equal(CaptureStatus.End, end.Status);
    }
}
