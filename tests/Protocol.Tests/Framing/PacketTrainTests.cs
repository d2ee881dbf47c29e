namespace RmStack.Protocol.Tests.Framing;

/// <summary>A train is judged by the fragmenter, which makes the same packets one at a time.</summary>
public sealed class PacketTrainTests
{
    private const ushort Sequence = 0xBEEF;
    private static readonly MessageId s_id = MessageId.VmGetHypResources;

    [Fact]
    public void A_notification_of_every_length_has_the_fragmenters_packets()
    {
        var content = Content(RpcLimits.MaxContent);
        var buffer = new byte[PacketTrain.MaxSize];
        for (var length = 0; length <= RpcLimits.MaxContent; length++)
        {
            var train = PacketTrain.Message(buffer, RpcMessageType.Notification, Sequence, s_id, content.AsSpan(0, length));
            Compare(train, buffer, RpcMessageType.Notification, content.AsSpan(0, length));
        }
    }

    [Fact]
    public void A_reply_of_every_length_has_the_fragmenters_packets()
    {
        // The error word is the content's beginning.
        var content = Content(RpcLimits.MaxContent);
        var error = (RmError)(content[0] | (content[1] << 8) | (content[2] << 16) | (content[3] << 24));
        var buffer = new byte[PacketTrain.MaxSize];
        for (var length = 0; length <= RpcLimits.MaxReplyPayload; length++)
        {
            var train = PacketTrain.Reply(buffer, Sequence, s_id, error, content.AsSpan(RpcLimits.ErrorSize, length));
            Compare(train, buffer, RpcMessageType.Reply, content.AsSpan(0, RpcLimits.ErrorSize + length));
        }
    }

    [Fact]
    public void A_packet_that_was_not_taken_is_handed_out_again()
    {
        var train = PacketTrain.Message(new byte[PacketTrain.MaxSize], RpcMessageType.Request, Sequence, s_id, Content(500));
        Assert.True(train.TryNext(out _, out _));
        Assert.True(train.TryNext(out var offset, out var length));
        train.Unsend();
        Assert.True(train.TryNext(out var again, out var lengthAgain));
        Assert.Equal((offset, length), (again, lengthAgain));
        Assert.True(train.TryNext(out _, out length));
        Assert.Equal(RpcLimits.HeaderSize + 500 - (2 * RpcLimits.ContentPerPacket), length);
        Assert.True(train.Done);
        train.Unsend();
        Assert.False(train.Done);
        Assert.True(train.TryNext(out _, out _));
        Assert.False(train.TryNext(out _, out _));
    }

    [Fact]
    public void More_than_the_wire_carries_is_the_callers_mistake()
    {
        var buffer = new byte[PacketTrain.MaxSize];
        Assert.Throws<ArgumentOutOfRangeException>(() => PacketTrain.Reply(buffer, 0, s_id, RmError.Ok, new byte[RpcLimits.MaxReplyPayload + 1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => PacketTrain.Message(buffer, RpcMessageType.Request, 0, s_id, new byte[RpcLimits.MaxContent + 1]));
    }

    [Fact]
    public void A_default_value_is_done()
    {
        var train = default(PacketTrain);
        Assert.True(train.Done);
        Assert.False(train.TryNext(out _, out _));
    }

    private static void Compare(PacketTrain train, byte[] buffer, RpcMessageType type, ReadOnlySpan<byte> content)
    {
        var fragmenter = new Fragmenter(type, Sequence, s_id, content.Length);
        Assert.Equal(fragmenter.PacketCount, train.PacketCount);
        Span<byte> expected = stackalloc byte[RpcLimits.PacketSize];
        while (fragmenter.TryWriteNext(content, expected, out var size, out _))
        {
            Assert.True(train.TryNext(out var offset, out var length));
            Assert.Equal(size, length);
            Assert.True(expected[..size].SequenceEqual(buffer.AsSpan(offset, length)));
        }

        Assert.True(train.Done);
    }

    private static byte[] Content(int length) => [.. Enumerable.Range(0, length).Select(at => (byte)((at * 31) ^ (at >> 8)))];
}
