using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using FsCheck.Xunit;
using RmStack.Protocol;
using RmStack.Testing;
using RmStack.Transport.Capture;

namespace RmStack.Transport.Tests.Capture;

/// <summary>What was written is what is read.</summary>
public sealed class PcapngRoundTripTests
{
    [Property(MaxTest = 200)]
    public void Packets_come_back_as_they_were_however_the_bytes_arrive(ulong seed)
    {
        var random = new SeededRandom(seed);
        var (file, written) = Random(random);
        var read = random.OneIn(2) ? CaptureFiles.Read(file) : CaptureFiles.Read(new DripStream(file, random.Next(1, 50)));
        Assert.Equal((CaptureStatus.End, file.Length), (read.End.Status, (int)read.End.Offset));
        Assert.Equal(written, read.Packets);
    }

    [Fact]
    public void The_bytes_of_a_file_are_fixed()
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new PcapngWriter(output);
        Assert.Equal(0, writer.AddLink(0x80, "guest"));
        writer.Write(0, CaptureDirection.ToRm, 0x1_0000_0002, [1, 2, 3, 4, 5], "push"u8);
        Assert.Equal(
            "0a0d0d0a2c0000004d3c2b1a01000000ffffffffffffffff0400080072" + "6d2d737461636b000000002c000000" // section, application
            + "01000000380000009300000000000000" + "02000600766d307838300000" + "030005006775657374000000" + "0900010009000000" + "0000000038000000"
            + "060000003c000000000000000100000002000000" + "0500000005000000" + "0102030405000000" + "0100040070757368" + "0200040002000000" + "000000003c000000",
            Convert.ToHexStringLower(output.WrittenSpan));
    }

    [Fact]
    public async Task A_file_with_no_packet_is_in_order()
    {
        var pipe = new Pipe();
        _ = new PcapngWriter(pipe.Writer);
        await pipe.Writer.CompleteAsync();
        await using var reader = new PcapngReader(pipe.Reader);
        Assert.Equal(CaptureStatus.End, (await reader.ReadAsync()).Status);
        Assert.Equal("end of the file at byte 44", reader.Outcome.ToString());
    }

    [Fact]
    public async Task Interfaces_have_the_name_and_the_number_of_their_vm()
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new PcapngWriter(output);
        writer.AddLink(3, "HLOS");
        writer.AddLink(ushort.MaxValue, "");
        await using var reader = new PcapngReader(new MemoryStream(output.WrittenSpan.ToArray()));
        await reader.ReadAsync();
        Assert.Equal(["vm0x3", "vm0xffff"], reader.Interfaces.Select(link => link.Name));
        Assert.Equal(["HLOS", ""], reader.Interfaces.Select(link => link.Description));
        Assert.Equal([3, 0xffff], reader.Interfaces.Select(link => (int)link.Vmid!));
        Assert.All(reader.Interfaces, link => Assert.Equal(CaptureClock.Nanoseconds, link.Clock));
    }

    [Theory]
    [InlineData("vm0x0", 0)]
    [InlineData("vm0xFFFF", 0xFFFF)]
    [InlineData("vm0x", null)]
    [InlineData("vm0x10000", null)]
    [InlineData("vm0x-1", null)]
    [InlineData("vm0x 1", null)]
    [InlineData("eth0", null)]
    [InlineData(null, null)]
    public void Other_names_are_no_vms(string? name, int? vmid) =>
        Assert.Equal(vmid, new CaptureInterface(0, 0, PcapngFormat.LinkType, 0, name, null, CaptureClock.Nanoseconds).Vmid);

    [Fact]
    public void What_cannot_be_written_is_refused()
    {
        var writer = new PcapngWriter(new ArrayBufferWriter<byte>());
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Write(0, CaptureDirection.ToRm, 0, []));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.AddLink(3, new string('x', PcapngFormat.MaxTextLength + 1)));
        writer.AddLink(3, "HLOS");
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Write(-1, CaptureDirection.ToRm, 0, []));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Write(0, CaptureDirection.ToRm, 0, new byte[PcapngFormat.MaxPacketLength + 1]));
        writer.Write(0, CaptureDirection.ToRm, ulong.MaxValue, new byte[PcapngFormat.MaxPacketLength], new byte[PcapngFormat.MaxTextLength]);
        Assert.Equal((1, 1L), (writer.Links, writer.Packets));
    }

    /// <summary>A capture of random packets, and what reading it has to give.</summary>
    internal static (byte[] File, List<Kept> Packets) Random(SeededRandom random, int most = 40)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new PcapngWriter(output);
        var names = new List<string>();
        var packets = new List<Kept>();
        for (var n = random.Next(most); n > 0; n--)
        {
            if (names.Count == 0 || random.OneIn(8))
            {
                var vmid = (ushort)random.NextUInt64();
                writer.AddLink(vmid, "VM " + new string('ü', random.Next(9)));
                names.Add($"vm0x{vmid:x}");
            }

            var link = random.Next(names.Count);
            var direction = (CaptureDirection)random.Next(3);
            var time = random.NextUInt64() >> random.Next(64);
            var data = random.Bytes(random.OneIn(20) ? random.Next(70_000) : random.Next(RpcLimits.PacketSize + 1));
            var comment = random.OneIn(3) ? new string('ß', random.Next(10)) : "";
            writer.Write(link, direction, time, data, Encoding.UTF8.GetBytes(comment));
            packets.Add(new Kept(names[link], PcapngFormat.LinkType, direction, time, Convert.ToHexStringLower(data), (uint)data.Length, comment.Length == 0 ? null : comment));
        }

        return (output.WrittenSpan.ToArray(), packets);
    }
}
