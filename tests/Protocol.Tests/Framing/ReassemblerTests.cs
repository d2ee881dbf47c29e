namespace RmStack.Protocol.Tests.Framing;

public sealed class ReassemblerTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(232)]
    [InlineData(233)]
    [InlineData(14616)]
    public void What_the_fragmenter_cuts_the_reassembler_joins(int length)
    {
        var content = FragmenterTests.Pattern(length);
        var packets = FragmenterTests.Cut(RpcMessageType.Request, 3, MessageId.MemLend, content);
        var reassembler = new Reassembler(ReassemblyRules.ResourceManager);
        for (var i = 0; i < packets.Count; i++)
        {
            var outcome = reassembler.Accept(packets[i]);
            Assert.Equal(i + 1 < packets.Count ? ReassemblyResult.Incomplete : ReassemblyResult.Complete, outcome.Result);
            Assert.Equal(i + 1 < packets.Count, reassembler.HasPartial);
        }

        Assert.Equal(content, reassembler.Content.ToArray());
        Assert.Equal(MessageId.MemLend, reassembler.Header.Id);
        Assert.Equal(1, reassembler.Messages);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(500)]
    [InlineData(14616)]
    public void Packets_received_in_place_join_without_a_copy(int length)
    {
        var content = FragmenterTests.Pattern(length);
        var reassembler = new Reassembler(ReassemblyRules.ResourceManager);
        foreach (var packet in FragmenterTests.Cut(RpcMessageType.Request, 3, MessageId.MemLend, content))
        {
            packet.CopyTo(reassembler.ReceiveWindow);
            reassembler.AcceptReceived(packet.Length);
        }

        Assert.Equal(content, reassembler.Content.ToArray());
    }
}
