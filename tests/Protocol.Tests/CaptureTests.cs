namespace RmStack.Protocol.Tests;

/// <summary>The real Resource Manager is the judge here: what it answered, and what it did not answer.</summary>
public sealed class CaptureTests
{
    public static TheoryData<string> Files => Capture.Files;

    [Theory]
    [MemberData(nameof(Files))]
    public void A_request_is_complete_exactly_when_the_real_RM_answered_it(string file)
    {
        var reassemblers = new Dictionary<string, Reassembler>(StringComparer.Ordinal);
        var open = new Dictionary<char, List<RpcHeader>>();
        foreach (var line in Capture.Read(file))
        {
            var link = reassemblers.TryGetValue(line.Direction, out var known) ? known : reassemblers[line.Direction] =
                new Reassembler(line.ToRm ? ReassemblyRules.ResourceManager : ReassemblyRules.LinuxV17);
            var waiting = open.TryGetValue(line.Link, out var list) ? list : open[line.Link] = [];
            var outcome = link.Accept(line.Packet);
            if (outcome.Result != ReassemblyResult.Complete)
                continue;
            if (line.ToRm && link.Header.Type == RpcMessageType.Request)
                waiting.Add(link.Header);
            if (!line.ToRm && link.Header.Type == RpcMessageType.Reply)
            {
                // A guest that ended itself got no answer; its next life starts a new conversation.
                if (waiting is [{ } exit, _, ..] && exit.Id == MessageId.VmExit && link.Header.Id != MessageId.VmExit)
                    waiting.RemoveAt(0);
                Assert.NotEmpty(waiting);
                Assert.Equal(waiting[0].Id, link.Header.Id);
                Assert.Equal(waiting[0].SequenceId, link.Header.SequenceId);
                waiting.RemoveAt(0);
            }
        }

        Assert.All(open.Values.SelectMany(list => list), header => Assert.Equal(MessageId.VmExit, header.Id));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_packet_from_the_real_RM_decodes_and_is_written_again_to_the_same_bytes(string file)
    {
        foreach (var line in Capture.Read(file).Where(line => !line.ToRm))
        {
            Assert.Equal(DecodeStatus.Ok, RpcPacket.TryParse(line.Packet, out var packet));
            Assert.Equal(0, packet.Header.Fragments);
            Assert.DoesNotContain("bad", MessageFormatter.FormatPacket(line.Packet));
            var again = new byte[RpcLimits.PacketSize];
            var fragmenter = new Fragmenter(packet.Header.Type, packet.Header.SequenceId, packet.Header.Id, packet.Content.Length);
            Assert.True(fragmenter.TryWriteNext(packet.Content, again, out var length, out var last));
            Assert.True(last);
            Assert.Equal(line.Packet, again[..length]);
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Views_refuse_what_the_real_RM_called_malformed_and_take_the_rest(string file)
    {
        var rm = new Dictionary<char, Reassembler>();
        var requests = new Dictionary<(char, ushort, uint), byte[]>();
        var judged = 0;
        foreach (var line in Capture.Read(file))
        {
            if (line.ToRm)
            {
                var link = rm.TryGetValue(line.Link, out var known) ? known : rm[line.Link] = new Reassembler(ReassemblyRules.ResourceManager);
                if (link.Accept(line.Packet).Result == ReassemblyResult.Complete && link.Header.Type == RpcMessageType.Request)
                    requests[(line.Link, link.Header.SequenceId, link.Header.Id.Value)] = link.Content.ToArray();
                continue;
            }

            Assert.Equal(DecodeStatus.Ok, RpcPacket.TryParse(line.Packet, out var packet));
            if (packet.Header.Type != RpcMessageType.Reply)
                continue;
            Assert.Equal(DecodeStatus.Ok, RpcReply.TryParse(packet.Content, out var reply));
            var payload = requests[(line.Link, packet.Header.SequenceId, packet.Header.Id.Value)];
            if (reply.Error is RmError.Unimplemented or RmError.Denied || MessageCatalogue.Find(packet.Header.Id) is not { } row)
                continue;
            judged++;
            var status = row.Content.Describe(payload, new MessageText(), out _);
            if (reply.Error == RmError.MsgInvalid || status != DecodeStatus.Ok)
                Assert.Equal(reply.Error, RmErrors.FromDecodeStatus(status));
            if (reply.Error == RmError.Ok)
                Assert.Equal(DecodeStatus.Ok, row.Reply!.Describe(reply.Payload, new MessageText(), out _));
        }

        Assert.InRange(judged, 8, int.MaxValue);
    }

    [Fact]
    public void The_launch_of_a_real_VM_reads_as_a_conversation()
    {
        var host = new Reassembler(ReassemblyRules.ResourceManager);
        var rm = new Reassembler(ReassemblyRules.LinuxV17);
        var lines = new List<string>();
        foreach (var line in Capture.Read("vm-life.txt"))
        {
            var side = line.ToRm ? host : rm;
            if (side.Accept(line.Packet).Result == ReassemblyResult.Complete)
                lines.Add((line.ToRm ? "> " : "< ") + MessageFormatter.Format(side.Header, side.Content));
        }

        Assert.Equal(
            """
            > VM_ALLOCATE vmid=0
            < reply OK vmid=0x81
            > MEM_LEND mem_type=normal label=0 acl=[0x81:RWX] sgl=16[0x40594000+0x1000 0x4058c000+0x1000 0x4051d000+0x1000 0x42494000+0x1000 ...] attributes=0
            < reply OK parcel=1
            > VM_CONFIG_IMAGE vmid=0x81 auth=none parcel=1 image=0+0 dtb=0x8000+0x8000
            < VM_STATUS vmid=0x81 vm_state=INIT
            < reply OK
            > VM_INIT vmid=0x81
            < VM_STATUS vmid=0x81 vm_state=READY
            < reply OK
            > VM_GET_HYP_RESOURCES vmid=0x81
            < reply OK resources=2[type=VIRTUAL_CPU label=0 cap=3 virq=0x3c2 type=DOORBELL_SOURCE label=5 cap=4 partner=0x81]
            > VM_START vmid=0x81
            < VM_STATUS vmid=0x81 vm_state=RUNNING
            < reply OK
            < VM_STATUS vmid=0x81 vm_state=EXITED
            < VM_EXITED vmid=0x81 type=PLATFORM_OFF code=normal
            > VM_RESET vmid=0x81
            < VM_STATUS vmid=0x81 vm_state=RESETTING
            < reply OK
            < MEM_RELEASED parcel=1 vmid=0x81 tag=0
            < VM_STATUS vmid=0x81 vm_state=RESET
            > MEM_RECLAIM parcel=1
            < reply OK
            > VM_DEALLOCATE vmid=0x81
            < reply OK
            """.ReplaceLineEndings("\n"),
            string.Join('\n', lines));
    }
}
