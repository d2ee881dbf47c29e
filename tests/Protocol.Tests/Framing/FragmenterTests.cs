using FsCheck;
using FsCheck.Xunit;

namespace RmStack.Protocol.Tests.Framing;

public sealed class FragmenterTests
{
    [Theory]
    [InlineData(0, 1, 8)]
    [InlineData(1, 1, 9)]
    [InlineData(232, 1, 240)]
    [InlineData(233, 2, 9)]
    [InlineData(464, 2, 240)]
    [InlineData(14384, 62, 240)]
    [InlineData(14616, 63, 240)]
    public void Packet_count_and_last_packet_follow_the_content_length(int length, int packets, int lastSize)
    {
        var sizes = new List<int>();
        var content = Pattern(length);
        var fragmenter = new Fragmenter(RpcMessageType.Request, 7, MessageId.MemLend, length);
        Assert.Equal(packets, fragmenter.PacketCount);
        var packet = new byte[RpcLimits.PacketSize];
        while (fragmenter.TryWriteNext(content, packet, out var size, out var last))
        {
            sizes.Add(size);
            Assert.Equal(sizes.Count == packets, last);
        }

        Assert.True(fragmenter.Done);
        Assert.Equal(packets, sizes.Count);
        Assert.Equal(lastSize, sizes[^1]);
        Assert.All(sizes.SkipLast(1), size => Assert.Equal(RpcLimits.PacketSize, size));
    }

    [Fact]
    public void Every_packet_repeats_fragments_sequence_and_id_and_only_the_first_has_the_type()
    {
        var content = Pattern(700);
        var packets = Cut(RpcMessageType.Reply, 0xBEEF, MessageId.VmGetHypResources, content);
        for (var i = 0; i < packets.Count; i++)
        {
            Assert.Equal(DecodeStatus.Ok, RpcPacket.TryParse(packets[i], out var view));
            Assert.Equal(i == 0 ? RpcMessageType.Reply : RpcMessageType.Continuation, view.Header.Type);
            Assert.Equal(3, view.Header.Fragments);
            Assert.Equal(0xBEEF, view.Header.SequenceId);
            Assert.Equal(MessageId.VmGetHypResources, view.Header.Id);
        }
    }

    [Fact]
    public void A_message_above_the_wire_limit_is_the_callers_mistake() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Fragmenter(RpcMessageType.Request, 0, MessageId.MemLend, RpcLimits.MaxContent + 1));

    [Fact]
    public void Unsend_hands_out_the_same_packet_again()
    {
        var content = Pattern(500);
        var fragmenter = new Fragmenter(RpcMessageType.Request, 1, MessageId.MemLend, content.Length);
        var first = new byte[RpcLimits.PacketSize];
        var again = new byte[RpcLimits.PacketSize];
        Assert.True(fragmenter.TryWriteNext(content, first, out _, out _));
        Assert.True(fragmenter.TryWriteNext(content, first, out var size, out _));
        fragmenter.Unsend();
        Assert.Equal(1, fragmenter.PacketsSent);
        Assert.True(fragmenter.TryWriteNext(content, again, out var sizeAgain, out _));
        Assert.Equal(size, sizeAgain);
        Assert.Equal(first, again);
    }

    [Theory]
    [InlineData(RequestSplitting.LinuxV2, 0, 1, 0)]
    [InlineData(RequestSplitting.LinuxV2, 40, 1, 40)]
    [InlineData(RequestSplitting.LinuxV2, 232, 1, 232)]
    [InlineData(RequestSplitting.LinuxV2, 463, 1, 232)]
    [InlineData(RequestSplitting.LinuxV2, 464, 2, 464)]
    [InlineData(RequestSplitting.LinuxV2, 600, 2, 464)]
    [InlineData(RequestSplitting.LinuxV5, 0, 1, 0)]
    [InlineData(RequestSplitting.LinuxV5, 231, 1, 231)]
    [InlineData(RequestSplitting.LinuxV5, 232, 2, 464)]
    [InlineData(RequestSplitting.LinuxV5, 233, 2, 233)]
    [InlineData(RequestSplitting.LinuxV5, 464, 3, 696)]
    public void Old_Linux_drivers_lose_a_tail_or_add_a_packet(RequestSplitting splitting, int length, int packets, int arrived)
    {
        var content = Pattern(length);
        var fragmenter = new Fragmenter(RpcMessageType.Request, 0, MessageId.MemLend, length, splitting);
        var reassembler = new Reassembler(ReassemblyRules.ResourceManager);
        var packet = new byte[RpcLimits.PacketSize];
        while (fragmenter.TryWriteNext(content, packet, out var size, out _))
            reassembler.Accept(packet.AsSpan(0, size));
        Assert.Equal(packets, fragmenter.PacketCount);
        Assert.Equal(1, reassembler.Messages);
        Assert.Equal(arrived, reassembler.Content.Length);
        var common = Math.Min(arrived, length);
        Assert.Equal(content[..common], reassembler.Content[..common].ToArray());
    }

    [Property]
    public void Overlaid_packets_equal_copied_ones_and_leave_the_buffer_as_it_was(ushort sequence, uint id, byte[] seed)
    {
        var content = Pattern((seed.Length * 311) % (RpcLimits.MaxContent + 1), seed.Length);
        var buffer = new byte[RpcLimits.HeaderSize + content.Length];
        Array.Fill(buffer, (byte)0xA5, 0, RpcLimits.HeaderSize);
        content.CopyTo(buffer, RpcLimits.HeaderSize);
        var before = buffer.ToArray();
        var copied = Cut(RpcMessageType.Request, sequence, new MessageId(id), content);
        var fragmenter = new Fragmenter(RpcMessageType.Request, sequence, new MessageId(id), content.Length);
        var index = 0;
        while (fragmenter.TryOverlayNext(buffer, out var offset, out var length, out _))
        {
            Assert.True(copied[index].AsSpan().SequenceEqual(buffer.AsSpan(offset, length)), "the overlaid packet differs");
            fragmenter.LiftOverlay(buffer);
            Assert.True(before.AsSpan().SequenceEqual(buffer), "a byte of the content changed");
            if (index % 3 == 1)
            {
                fragmenter.Unsend();
                Assert.True(fragmenter.TryOverlayNext(buffer, out offset, out length, out _));
                Assert.True(copied[index].AsSpan().SequenceEqual(buffer.AsSpan(offset, length)), "the overlaid packet differs");
                fragmenter.LiftOverlay(buffer);
            }

            index++;
        }

        Assert.Equal(copied.Count, index);
    }

    internal static List<byte[]> Cut(RpcMessageType type, ushort sequence, MessageId id, ReadOnlySpan<byte> content)
    {
        var packets = new List<byte[]>();
        var fragmenter = new Fragmenter(type, sequence, id, content.Length);
        var packet = new byte[RpcLimits.PacketSize];
        while (fragmenter.TryWriteNext(content, packet, out var size, out _))
            packets.Add(packet[..size]);
        return packets;
    }

    internal static byte[] Pattern(int length, int salt = 0)
    {
        var bytes = new byte[length];
        for (var i = 0; i < length; i++)
            bytes[i] = (byte)((i * 131) + (i >> 8) + salt + 1);
        return bytes;
    }
}
