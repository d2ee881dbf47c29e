using RmStack.Protocol.Messages;

namespace RmStack.Protocol.Tests.Framing;

public sealed class AllocationTests
{
    [Fact]
    public void Framing_a_message_allocates_nothing()
    {
        var content = FragmenterTests.Pattern(3000);
        var overlaid = new byte[RpcLimits.HeaderSize + content.Length];
        content.CopyTo(overlaid, RpcLimits.HeaderSize);
        var packet = new byte[RpcLimits.PacketSize];
        var copying = new Reassembler(ReassemblyRules.ResourceManager);
        var inPlace = new Reassembler(ReassemblyRules.LinuxV17);
        var ids = new SequenceIdAllocator();
        Round();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 50; i++)
            Round();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(51, copying.Messages);
        Assert.Equal(51, inPlace.Messages);

        void Round()
        {
            ids.TryAllocate(out var sequence);
            var fragmenter = new Fragmenter(RpcMessageType.Request, sequence, MessageId.MemLend, content.Length);
            while (fragmenter.TryWriteNext(content, packet, out var length, out _))
                copying.Accept(packet.AsSpan(0, length));
            fragmenter = new Fragmenter(RpcMessageType.Reply, sequence, MessageId.MemLend, content.Length);
            while (fragmenter.TryOverlayNext(overlaid, out var offset, out var length, out _))
            {
                overlaid.AsSpan(offset, length).CopyTo(inPlace.ReceiveWindow.Span);
                fragmenter.LiftOverlay(overlaid);
                inPlace.AcceptReceived(length);
            }

            ids.Free(sequence);
        }
    }

    [Fact]
    public void Reading_and_writing_a_list_message_allocates_nothing()
    {
        var payload = new byte[MemLend.SizeOf(1, 512, 0)];
        var sgl = new SglEntry[512];
        var acl = new[] { new AclEntry(0x80, MemRights.Read) };
        var sum = 0ul;
        Round();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 20; i++)
            Round();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(21 * 512 * 511ul / 2, sum);

        void Round()
        {
            for (var i = 0; i < sgl.Length; i++)
                sgl[i] = new SglEntry((ulong)i, 4096);
            MemLend.Write(payload, default, default, 0, acl, sgl, []);
            if (MemLend.TryParse(payload, out var view) != DecodeStatus.Ok)
                return;
            foreach (var entry in view.Sgl)
                sum += entry.Ipa;
        }
    }
}
