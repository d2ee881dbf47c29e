using System.Globalization;
using RmStack.Protocol.Hypercalls;
using RmStack.Protocol.Messages;

namespace RmStack.Protocol.Tests.Messages;

/// <summary>Complete packets worked out by hand from the public layouts: each is encoded to the very bytes and decoded to the very fields.</summary>
public sealed class WorkedExampleTests
{
    private delegate int PayloadWrite(Span<byte> payload);

    [Fact]
    public void Allocate_dynamic()
    {
        var request = Request("21 01 00 00 01 00 00 56 00 00 00 00", 0, MessageId.VmAllocate, p => VmAllocate.Write(p, 0));
        Assert.Equal(DecodeStatus.Ok, VmAllocate.TryParse(request, out var view));
        Assert.Equal(0, view.Vmid);
        var reply = Reply("21 02 00 00 01 00 00 56 00 00 00 00 80 00 00 00", 0, MessageId.VmAllocate, RmError.Ok, p => VmAllocateReply.Write(p, 0x80));
        Assert.Equal(DecodeStatus.Ok, VmAllocateReply.TryParse(reply, out var answer));
        Assert.True(answer.HasVmid);
        Assert.Equal(0x80, answer.Vmid);
    }

    [Fact]
    public void Allocate_platform_vmid()
    {
        Request("21 01 01 00 01 00 00 56 2d 00 00 00", 1, MessageId.VmAllocate, p => VmAllocate.Write(p, 45));
        var reply = Reply("21 02 01 00 01 00 00 56 00 00 00 00", 1, MessageId.VmAllocate, RmError.Ok);
        Assert.Equal(DecodeStatus.Ok, VmAllocateReply.TryParse(reply, out var answer));
        Assert.False(answer.HasVmid);
        Reply("21 02 01 00 01 00 00 56 02 00 00 00", 1, MessageId.VmAllocate, RmError.NoResource);
    }

    [Fact]
    public void Lend_one_range()
    {
        var request = Request(
            """
            21 01 02 00 12 00 00 51 00 00 00 00 00 00 00 00
            01 00 00 00 80 00 07 00 01 00 00 00 00 00 00 80
            00 00 00 00 00 00 20 00 00 00 00 00 00 00 00 00
            """,
            2,
            MessageId.MemLend,
            p => MemLend.Write(
                p,
                MemType.Normal,
                MemCreateFlags.None,
                0,
                [new AclEntry(0x80, MemRights.ReadWriteExecute)],
                [new SglEntry(0x80000000, 0x200000)],
                []));
        Assert.Equal(40, MemLend.SizeOf(1, 1, 0));
        Assert.Equal(DecodeStatus.Ok, MemLend.TryParse(request, out var view));
        Assert.Equal(new AclEntry(0x80, MemRights.ReadWriteExecute), view.Acl[0]);
        Assert.Equal(new SglEntry(0x80000000, 0x200000), view.Sgl[0]);
        Assert.Equal(0, view.Attributes.Count);
        var reply = Reply("21 02 02 00 12 00 00 51 00 00 00 00 00 00 00 00", 2, MessageId.MemLend, RmError.Ok, p => MemHandleReply.Write(p, 0));
        Assert.Equal(DecodeStatus.Ok, MemHandleReply.TryParse(reply, out var answer));
        Assert.Equal(0u, answer.Handle);
    }

    [Fact]
    public void Lend_600_ranges_in_two_messages()
    {
        var sgl = Enumerable.Range(0, 600).Select(i => new SglEntry(0x90000000 + ((ulong)i * 0x2000), 0x1000)).ToArray();
        var lend = new byte[MemLend.SizeOf(1, 512, 0)];
        Assert.Equal(8216, lend.Length);
        Assert.Equal(lend.Length, MemLend.Write(lend, MemType.Normal, MemCreateFlags.Append, 0x99, [new AclEntry(0x80, MemRights.ReadWriteExecute)], sgl.AsSpan(0, 512), []));
        var packets = Framing.FragmenterTests.Cut(RpcMessageType.Request, 3, MessageId.MemLend, lend);
        Assert.Equal(36, packets.Count);
        Assert.All(packets.SkipLast(1), packet => Assert.Equal(240, packet.Length));
        Assert.Equal(104, packets[35].Length);
        StartsWith("21 8d 03 00 12 00 00 51 00 00 02 00 99 00 00 00 01 00 00 00 80 00 07 00 00 02 00 00 00 00 00 90 00 00 00 00 00 10 00 00 00 00 00 00 00 20 00 90", packets[0]);
        StartsWith("21 8c 03 00 12 00 00 51 00 00 00 00 00 10 00 00 00 00 00 00 00 c0 01 90 00 00 00 00 00 10 00 00", packets[1]);
        StartsWith("21 8c 03 00 12 00 00 51 00 00 00 00 00 10 00 00 00 00 00 00 00 60 3f 90 00 00 00 00 00 10 00 00", packets[35]);
        EndsWith("00 e0 3f 90 00 00 00 00 00 10 00 00 00 00 00 00 00 00 00 00", packets[35]);

        var append = new byte[MemAppend.SizeOf(88)];
        Assert.Equal(1420, MemAppend.Write(append, 1, MemAppendFlags.Done, sgl.AsSpan(512)));
        packets = Framing.FragmenterTests.Cut(RpcMessageType.Request, 4, MessageId.MemAppend, append);
        Assert.Equal([240, 240, 240, 240, 240, 240, 36], packets.Select(packet => packet.Length));
        StartsWith("21 19 04 00 18 00 00 51 01 00 00 00 01 00 00 00 58 00 00 00 00 00 40 90 00 00 00 00 00 10 00 00 00 00 00 00 00 20 40 90 00 00 00 00 00 10 00 00", packets[0]);
        StartsWith("21 18 04 00 18 00 00 51 00 00 00 00 00 c0 41 90 00 00 00 00 00 10 00 00", packets[1]);
        Assert.Equal("211804001800005100000000001000000000000000e04a90000000000010000000000000", Hex.Text(packets[6]));

        var joined = Join(packets, out _);
        Assert.Equal(DecodeStatus.Ok, MemAppend.TryParse(joined, out var view));
        Assert.Equal(88, view.Sgl.Count);
        Assert.Equal(sgl[599], view.Sgl[87]);
        Reply("21 02 03 00 12 00 00 51 00 00 00 00 01 00 00 00", 3, MessageId.MemLend, RmError.Ok, p => MemHandleReply.Write(p, 1));
        Reply("21 02 04 00 18 00 00 51 00 00 00 00", 4, MessageId.MemAppend, RmError.Ok);
    }

    [Fact]
    public void Config_image()
    {
        var request = Request(
            """
            21 01 05 00 09 00 00 56 80 00 00 00 00 00 00 00
            00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
            00 00 1f 00 00 00 00 00 00 00 01 00 00 00 00 00
            """,
            5,
            MessageId.VmConfigImage,
            p => VmConfigImage.Write(p, 0x80, AuthMechanism.None, 0, 0, 0, 0x1F0000, 0x10000));
        Assert.Equal(DecodeStatus.Ok, VmConfigImage.TryParse(request, out var view));
        Assert.Equal((0x80, AuthMechanism.None, 0u), (view.Vmid, view.Auth, view.Handle));
        Assert.Equal((0ul, 0ul, 0x1F0000ul, 0x10000ul), (view.ImageOffset, view.ImageSize, view.DtbOffset, view.DtbSize));
        Status("21 03 00 00 08 00 10 56 80 00 00 00 01 00 00 00", 0, VmState.Init);
        Reply("21 02 05 00 09 00 00 56 00 00 00 00", 5, MessageId.VmConfigImage, RmError.Ok);
    }

    [Fact]
    public void Demand_paging_address_layout_boot_context()
    {
        var paging = Request(
            """
            21 01 06 00 33 00 00 56 80 00 00 00 01 00 00 00
            00 00 00 80 00 00 00 00 00 00 20 00 00 00 00 00
            """,
            6,
            MessageId.VmSetDemandPaging,
            p => VmSetDemandPaging.Write(p, 0x80, [new SglEntry(0x80000000, 0x200000)]));
        Assert.Equal(DecodeStatus.Ok, VmSetDemandPaging.TryParse(paging, out var ranges));
        Assert.Equal(new SglEntry(0x80000000, 0x200000), ranges.Ranges[0]);

        var layout = Request(
            """
            21 01 07 00 34 00 00 56 80 00 00 00 00 00 00 00
            00 00 00 80 00 00 00 00 00 00 20 00 00 00 00 00
            """,
            7,
            MessageId.VmSetAddressLayout,
            p => VmSetAddressLayout.Write(p, 0x80, AddressRangeId.Image, 0x80000000, 0x200000));
        Assert.Equal(DecodeStatus.Ok, VmSetAddressLayout.TryParse(layout, out var range));
        Assert.Equal((AddressRangeId.Image, 0x80000000ul, 0x200000ul), (range.Range, range.Base, range.RangeSize));

        var context = Request(
            "21 01 08 00 31 00 00 56 80 00 01 00 00 00 00 00 00 00 08 80 00 00 00 00",
            8,
            MessageId.VmSetBootContext,
            p => VmSetBootContext.Write(p, 0x80, BootRegisterSet.Pc, 0, 0x80080000));
        Assert.Equal(DecodeStatus.Ok, VmSetBootContext.TryParse(context, out var register));
        Assert.Equal((BootRegisterSet.Pc, 0, 0x80080000ul), (register.RegisterSet, register.RegisterIndex, register.Value));
        Reply("21 02 08 00 31 00 00 56 14 00 00 00", 8, MessageId.VmSetBootContext, RmError.VmState);
    }

    [Fact]
    public void Init_and_start()
    {
        Request("21 01 09 00 0b 00 00 56 80 00 00 00", 9, MessageId.VmInit, p => VmInit.Write(p, 0x80));
        Status("21 03 01 00 08 00 10 56 80 00 00 00 02 00 00 00", 1, VmState.Ready);
        Reply("21 02 09 00 0b 00 00 56 00 00 00 00", 9, MessageId.VmInit, RmError.Ok);
        Request("21 01 0a 00 04 00 00 56 80 00 00 00", 10, MessageId.VmStart, p => VmStart.Write(p, 0x80));
        Status("21 03 02 00 08 00 10 56 80 00 00 00 03 00 00 00", 2, VmState.Running);
        Reply("21 02 0a 00 04 00 00 56 00 00 00 00", 10, MessageId.VmStart, RmError.Ok);
    }

    [Fact]
    public void Resources_in_one_packet()
    {
        Request("21 01 0b 00 20 00 00 56 80 00 00 00", 11, MessageId.VmGetHypResources, p => VmGetHypResources.Write(p, 0x80));
        HypResource[] resources =
        [
            new(ResourceType.VirtualCpu, 0, 0, new CapId(0x10000000_00000021), 0),
            new(ResourceType.Doorbell, 0x80, 0x10, new CapId(0x10000000_00000022), 37),
            new(ResourceType.DoorbellSource, 0x80, 0x11, new CapId(0x10000000_00000023), 0),
        ];
        var reply = Reply(
            """
            21 02 0b 00 20 00 00 56 00 00 00 00 03 00 00 00
            04 00 00 00 00 00 00 00 00 00 00 00 21 00 00 00
            00 00 00 10 00 00 00 00 00 00 00 00 00 00 00 00
            00 00 00 00 00 00 00 00 00 00 00 00 01 00 80 00
            00 00 00 00 10 00 00 00 22 00 00 00 00 00 00 10
            00 00 00 00 25 00 00 00 00 00 00 00 00 00 00 00
            00 00 00 00 00 00 00 00 00 00 80 00 00 00 00 00
            11 00 00 00 23 00 00 00 00 00 00 10 00 00 00 00
            00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
            00 00 00 00
            """,
            11,
            MessageId.VmGetHypResources,
            RmError.Ok,
            p => VmGetHypResourcesReply.Write(p, resources));
        Assert.Equal(DecodeStatus.Ok, VmGetHypResourcesReply.TryParse(reply, out var view));
        Assert.Equal(3, view.Resources.Count);
        for (var i = 0; i < resources.Length; i++)
            Assert.Equal(resources[i], view.Resources[i]);

        var streamed = new byte[reply.Length];
        var writer = new VmGetHypResourcesReply.Writer(streamed);
        foreach (var resource in resources)
            Assert.True(writer.TryAdd(resource));
        Assert.False(writer.TryAdd(resources[0]));
        Assert.Equal(reply.Length, writer.End());
        Assert.Equal(reply, streamed);
    }

    [Fact]
    public void Resources_of_six_vcpus_in_two_packets()
    {
        var content = new byte[4 + VmGetHypResourcesReply.SizeOf(6)];
        Assert.Equal(272, content.Length);
        var writer = new VmGetHypResourcesReply.Writer(content.AsSpan(RpcReply.WriteError(content, RmError.Ok)));
        for (var i = 0u; i < 6; i++)
            Assert.True(writer.TryAdd(new HypResource(ResourceType.VirtualCpu, 0, i, new CapId(0x10000000_00000030UL + i), 0)));
        writer.End();
        var packets = Framing.FragmenterTests.Cut(RpcMessageType.Reply, 12, MessageId.VmGetHypResources, content);
        Assert.Equal([240, 48], packets.Select(packet => packet.Length));
        StartsWith("21 06 0c 00 20 00 00 56 00 00 00 00 06 00 00 00 04 00 00 00 00 00 00 00", packets[0]);
        EndsWith("00 00 00 00 00 00 00 00 04 00 00 00", packets[0]);
        Assert.Equal(
            Hex.Text(Hex.Bytes("21 04 0c 00 20 00 00 56 00 00 00 00 05 00 00 00 35 00 00 00 00 00 00 10 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00")),
            Hex.Text(packets[1]));
    }

    [Fact]
    public void Stop_with_force()
    {
        var request = Request("21 01 0d 00 05 00 00 56 80 00 01 00 03 00 00 00", 13, MessageId.VmStop, p => VmStop.Write(p, 0x80, VmStopFlags.Force, StopReason.ForceStop));
        Assert.Equal(DecodeStatus.Ok, VmStop.TryParse(request, out var view));
        Assert.Equal((VmStopFlags.Force, StopReason.ForceStop), (view.Flags, view.Reason));
        Status("21 03 03 00 08 00 10 56 80 00 00 00 09 00 00 00", 3, VmState.Exited);
        var exited = Notification(
            "21 03 04 00 01 00 10 56 80 00 07 00 04 00 00 00 00 00 00 00",
            4,
            MessageId.VmExited,
            p => VmExited.Write(p, 0x80, ExitType.ForcedStop, VmExitFlags.None, VmExitCode.Normal));
        Assert.Equal(DecodeStatus.Ok, VmExited.TryParse(exited, out var exit));
        Assert.Equal((0x80, ExitType.ForcedStop, 4), (exit.Vmid, exit.ExitType, exit.Reason.Length));
        Reply("21 02 0d 00 05 00 00 56 00 00 00 00", 13, MessageId.VmStop, RmError.Ok);
    }

    [Fact]
    public void Exited_by_system_reset2()
    {
        var exited = Notification(
            """
            21 03 05 00 01 00 10 56 80 00 03 00 10 00 00 00
            00 80 01 00 01 00 00 80 88 77 66 55 44 33 22 11
            """,
            5,
            MessageId.VmExited,
            p => VmExited.WriteReset2(p, 0x80, VmExitFlags.Call64, VmExitCode.SoftwareError, 0x80000001, 0x1122334455667788));
        Assert.Equal(DecodeStatus.Ok, VmExited.TryParse(exited, out var view));
        Assert.Equal((VmExitFlags.Call64, VmExitCode.SoftwareError), (view.Flags, view.Code));
        Assert.Equal((0x80000001u, 0x1122334455667788ul), (view.ResetType, view.Cookie));
    }

    [Fact]
    public void Reset_reclaim_deallocate()
    {
        Request("21 01 0e 00 06 00 00 56 80 00 00 00", 14, MessageId.VmReset, p => VmReset.Write(p, 0x80));
        Status("21 03 06 00 08 00 10 56 80 00 00 00 0a 00 00 00", 6, VmState.Resetting);
        Reply("21 02 0e 00 06 00 00 56 00 00 00 00", 14, MessageId.VmReset, RmError.Ok);
        var released = Notification(
            "21 03 07 00 12 00 10 51 00 00 00 00 80 00 00 00 00 00 00 00",
            7,
            MessageId.MemReleased,
            p => MemReleased.Write(p, 0, 0x80, 0));
        Assert.Equal(DecodeStatus.Ok, MemReleased.TryParse(released, out var view));
        Assert.Equal((0u, 0x80, 0u), (view.Handle, view.Vmid, view.Tag));
        Status("21 03 08 00 08 00 10 56 80 00 00 00 0b 00 00 00", 8, VmState.Reset);
        Request("21 01 0f 00 15 00 00 51 00 00 00 00 00 00 00 00", 15, MessageId.MemReclaim, p => MemReclaim.Write(p, 0, MemSanitizeFlags.None));
        Reply("21 02 0f 00 15 00 00 51 00 00 00 00", 15, MessageId.MemReclaim, RmError.Ok);
        Request("21 01 10 00 02 00 00 56 80 00 00 00", 16, MessageId.VmDeallocate, p => VmDeallocate.Write(p, 0x80));
        Reply("21 02 10 00 02 00 00 56 00 00 00 00", 16, MessageId.VmDeallocate, RmError.Ok);
    }

    [Fact]
    public void Error_replies()
    {
        Reply("21 02 11 00 21 00 00 56 ff ff ff ff", 17, MessageId.VmGetHypCapids, RmError.Unimplemented);
        Reply("21 02 12 00 15 00 00 51 0b 00 00 00", 18, MessageId.MemReclaim, RmError.MemInUse);
        Request(
            """
            21 01 13 00 32 00 00 56 80 00 00 00 09 00 00 00
            00 00 00 00 00 00 00 00 00 00 10 00 00 00 00 00
            """,
            19,
            MessageId.VmSetFirmwareMem,
            p => VmSetFirmwareMem.Write(p, 0x80, 9, 0, 0x100000));
        Reply("21 02 13 00 32 00 00 56 0a 00 00 00 01 00 00 00", 19, MessageId.VmSetFirmwareMem, RmError.MemInvalid, p => WriteWord(p, 1));
        Reply("21 02 13 00 32 00 00 56 0a 00 00 00", 19, MessageId.VmSetFirmwareMem, RmError.MemInvalid);
    }

    [Fact]
    public void Empty_requests()
    {
        Request("21 01 14 00 24 00 00 56", 20, MessageId.VmGetVmid);
        var vmid = Reply("21 02 14 00 24 00 00 56 00 00 00 00 03 00 00 00", 20, MessageId.VmGetVmid, RmError.Ok, p => VmidReply.Write(p, 3));
        Assert.Equal(DecodeStatus.Ok, VmidReply.TryParse(vmid, out var view));
        Assert.Equal(3, view.Vmid);
        Request("21 01 15 00 a0 00 00 56", 21, MessageId.VmHostGetType);
        var type = Reply(
            "21 02 15 00 a0 00 00 56 00 00 00 00 64 01 00 01",
            21,
            MessageId.VmHostGetType,
            RmError.Ok,
            p => VmHostGetTypeReply.Write(p, VmHostType.AArch64, VmHostType.GunyahWithRm, VmHostType.Version));
        Assert.Equal(DecodeStatus.Ok, VmHostGetTypeReply.TryParse(type, out var host));
        Assert.Equal(VmHostType.AArch64, host.Architecture);
    }

    [Fact]
    public void Identity_of_the_primary_VM()
    {
        Request("21 01 16 00 10 00 00 56 00 00 00 00", 22, MessageId.VmGetId, p => VmGetId.Write(p, 0));
        var reply = Reply(
            """
            21 02 16 00 10 00 00 56 00 00 00 00 03 00 00 00
            00 00 10 00 00 00 00 00 00 00 00 00 00 00 00 00
            00 00 00 00 02 00 04 00 48 4c 4f 53 03 00 03 00
            4e 2f 41 00
            """,
            22,
            MessageId.VmGetId,
            RmError.Ok,
            p =>
            {
                var writer = new VmGetIdReply.Writer(p, 3);
                writer.Add(VmIdType.Guid, new byte[16]);
                writer.Add(VmIdType.Name, "HLOS"u8);
                writer.Add(VmIdType.SignAuth, "N/A"u8);
                return writer.End();
            });
        Assert.Equal(DecodeStatus.Ok, VmGetIdReply.TryParse(reply, out var view));
        Assert.Equal(3, view.Count);
        var read = new List<(VmIdType, string)>();
        foreach (var entry in view)
            read.Add((entry.Type, System.Text.Encoding.ASCII.GetString(entry.Data.Span)));
        Assert.Equal([(VmIdType.Guid, new string('\0', 16)), (VmIdType.Name, "HLOS"), (VmIdType.SignAuth, "N/A")], read);
    }

    [Fact]
    public void Lookup_by_name()
    {
        var request = Request(
            "21 01 17 00 13 00 00 56 09 00 00 00 74 72 75 73 74 65 64 76 6d 00 00 00",
            23,
            MessageId.VmLookupName,
            p => VmLookupName.Write(p, "trustedvm"u8));
        Assert.Equal(DecodeStatus.Ok, VmLookupName.TryParse(request, out var view));
        Assert.True(view.Name.SequenceEqual("trustedvm"u8));
        var found = Reply("21 02 17 00 13 00 00 56 00 00 00 00 01 00 00 00 2d 00 00 00", 23, MessageId.VmLookupName, RmError.Ok, p => VmListReply.Write(p, [new VmidEntry(45)]));
        Assert.Equal(DecodeStatus.Ok, VmListReply.TryParse(found, out var vms));
        Assert.Equal(45, vms.Vmids[0].Vmid);
        Reply("21 02 17 00 13 00 00 56 00 00 00 00 00 00 00 00", 23, MessageId.VmLookupName, RmError.Ok, p => VmListReply.Write(p, []));
    }

    [Fact]
    public void Share_notify_shared()
    {
        AclEntry[] acl = [new(3, MemRights.ReadWrite), new(45, MemRights.ReadWrite)];
        MemAttributeEntry[] attributes = [new(MemAttribute.Cached, 3), new(MemAttribute.Cached, 45)];
        var share = Request(
            """
            21 01 18 00 13 00 00 51 00 00 01 00 34 12 00 00
            02 00 00 00 03 00 06 00 2d 00 06 00 01 00 00 00
            00 00 00 a0 00 00 00 00 00 40 00 00 00 00 00 00
            02 00 00 00 03 00 03 00 03 00 2d 00
            """,
            24,
            MessageId.MemShare,
            p => MemLend.Write(p, MemType.Normal, MemCreateFlags.Sanitize, 0x1234, acl, [new SglEntry(0xA0000000, 0x4000)], attributes));
        Assert.Equal(DecodeStatus.Ok, MemLend.TryParse(share, out var shared));
        Assert.Equal(attributes[1], shared.Attributes[1]);
        Reply("21 02 18 00 13 00 00 51 00 00 00 00 02 00 00 00", 24, MessageId.MemShare, RmError.Ok, p => MemHandleReply.Write(p, 2));

        var notify = Request(
            """
            21 01 19 00 17 00 00 51 02 00 00 00 01 00 00 00
            fe ca 00 00 01 00 00 00 2d 00 00 00
            """,
            25,
            MessageId.MemNotify,
            p => MemNotify.Write(p, 2, MemNotifyFlags.Shared, 0xCAFE, [new VmidEntry(45)]));
        Assert.Equal(DecodeStatus.Ok, MemNotify.TryParse(notify, out var view));
        Assert.Equal(DecodeStatus.Ok, view.TryReadVmids(out var vmids));
        Assert.Equal(45, vmids[0].Vmid);

        var arrived = Notification(
            """
            21 03 09 00 11 00 10 51 02 00 00 00 00 02 01 00
            03 00 00 00 34 12 00 00 fe ca 00 00 02 00 00 00
            03 00 06 00 2d 00 06 00 01 00 00 00 00 40 00 00
            00 00 00 00 02 00 00 00 03 00 03 00 03 00 2d 00
            """,
            9,
            MessageId.MemShared,
            p => MemShared.Write(p, 2, MemType.Normal, MemTransType.Share, MemSharedFlags.Sanitized, 3, 0x1234, 0xCAFE, acl, [new RegionSize(0x4000)], attributes));
        Assert.Equal(DecodeStatus.Ok, MemShared.TryParse(arrived, out var offer));
        Assert.Equal((2u, MemTransType.Share, 3, 0x1234u, 0xCAFEu), (offer.Handle, offer.TransType, offer.Owner, offer.Label, offer.Tag));
        Assert.Equal(0x4000ul, offer.Regions[0].Bytes);
        Reply("21 02 19 00 17 00 00 51 00 00 00 00", 25, MessageId.MemNotify, RmError.Ok);
    }

    [Fact]
    public void Accept_and_release()
    {
        const MemAcceptFlags Everything = MemAcceptFlags.ValidateSanitized | MemAcceptFlags.ValidateAclAttr | MemAcceptFlags.ValidateLabel | MemAcceptFlags.Done;
        var request = Request(
            """
            21 01 00 00 11 00 00 51 02 00 00 00 00 02 87 00
            34 12 00 00 02 00 00 00 03 00 06 00 2d 00 06 00
            00 00 00 00 02 00 00 00 03 00 03 00 03 00 2d 00
            """,
            0,
            MessageId.MemAccept,
            p => MemAccept.Write(
                p,
                2,
                MemType.Normal,
                MemTransType.Share,
                Everything,
                0x1234,
                [new AclEntry(3, MemRights.ReadWrite), new AclEntry(45, MemRights.ReadWrite)],
                0,
                [],
                [new MemAttributeEntry(MemAttribute.Cached, 3), new MemAttributeEntry(MemAttribute.Cached, 45)]));
        Assert.Equal(DecodeStatus.Ok, MemAccept.TryParse(request, out var view));
        Assert.Equal((Everything, 0x1234u, 0, 0), (view.Flags, view.Label, view.Sgl.Count, view.MapVmid));
        var reply = Reply(
            """
            21 02 00 00 11 00 00 51 00 00 00 00 01 00 00 00
            00 00 00 c0 00 00 00 00 00 40 00 00 00 00 00 00
            """,
            0,
            MessageId.MemAccept,
            RmError.Ok,
            p => MemAcceptReply.Write(p, MemAcceptReplyFlags.None, [new SglEntry(0xC0000000, 0x4000)]));
        Assert.Equal(DecodeStatus.Ok, MemAcceptReply.TryParse(reply, out var answer));
        Assert.True(answer.HasList);
        Assert.Equal(new SglEntry(0xC0000000, 0x4000), answer.Sgl[0]);
        Request("21 01 01 00 14 00 00 51 02 00 00 00 01 00 00 00", 1, MessageId.MemRelease, p => MemRelease.Write(p, 2, MemSanitizeFlags.Sanitize));
        Reply("21 02 01 00 14 00 00 51 00 00 00 00", 1, MessageId.MemRelease, RmError.Ok);
    }

    [Fact]
    public void Console_text_both_ways()
    {
        var write = Request("21 01 1a 00 83 00 00 56 2d 00 03 00 68 69 0a", 26, MessageId.VmConsoleWrite, p => VmConsoleWrite.Write(p, 45, "hi\n"u8));
        Assert.Equal(DecodeStatus.Ok, VmConsoleWrite.TryParse(write, out var view));
        Assert.True(view.Text.SequenceEqual("hi\n"u8));
        Notification("21 03 0a 00 80 00 10 56 00 00 03 00 68 69 0a", 10, MessageId.VmConsoleChars, p => VmConsoleChars.Write(p, 0, "hi\n"u8));
        Reply("21 02 1a 00 83 00 00 56 00 00 00 00", 26, MessageId.VmConsoleWrite, RmError.Ok);

        var text = Enumerable.Range(0, 300).Select(i => (byte)('A' + (i % 26))).ToArray();
        var payload = new byte[VmConsoleChars.SizeOf(text.Length)];
        VmConsoleChars.Write(payload, 45, text);
        var packets = Framing.FragmenterTests.Cut(RpcMessageType.Notification, 11, MessageId.VmConsoleChars, payload);
        Assert.Equal([240, 80], packets.Select(packet => packet.Length));
        StartsWith("21 07 0b 00 80 00 10 56 2d 00 2c 01 41 42 43 44 45 46 47 48", packets[0]);
        StartsWith("21 04 0b 00 80 00 10 56 55 56 57 58 59 5a 41 42", packets[1]);
        Assert.Equal(DecodeStatus.Ok, VmConsoleChars.TryParse(Join(packets, out _), out var chars));
        Assert.Equal(text, chars.Text.ToArray());
    }

    [Fact]
    public void Interrupt_lent()
    {
        var lend = Request("21 01 1b 00 51 00 00 56 2d 00 00 00 21 01 00 00 77 00 00 00", 27, MessageId.VmIrqLend, p => VmIrqLend.Write(p, 45, 0x121, 0x77));
        Assert.Equal(DecodeStatus.Ok, VmIrqLend.TryParse(lend, out var view));
        Assert.Equal((45, 0x121u, 0x77u), (view.Borrower, view.Virq, view.Label));
        Reply("21 02 1b 00 51 00 00 56 00 00 00 00 21 c1 31 5a", 27, MessageId.VmIrqLend, RmError.Ok, p => VmIrqHandleReply.Write(p, 0x5A31C121));
        var notify = Request("21 01 1c 00 54 00 00 56 21 c1 31 5a 01 00 00 00", 28, MessageId.VmIrqNotify, p => VmIrqNotify.Write(p, 0x5A31C121, IrqNotifyFlags.Lent));
        Assert.Equal(DecodeStatus.Ok, VmIrqNotify.TryParse(notify, out var told));
        Assert.False(told.HasVmids);
        var lent = Notification("21 03 0c 00 11 00 10 56 03 00 00 00 21 c1 31 5a 77 00 00 00", 12, MessageId.VmIrqLent, p => VmIrqLent.Write(p, 3, 0x5A31C121, 0x77));
        Assert.Equal(DecodeStatus.Ok, VmIrqLent.TryParse(lent, out var offer));
        Assert.Equal((3, 0x5A31C121u, 0x77u), (offer.Owner, offer.Handle, offer.Label));
        Reply("21 02 1c 00 54 00 00 56 00 00 00 00", 28, MessageId.VmIrqNotify, RmError.Ok);
    }

    [Fact]
    public void Addresses_reserved_and_peers()
    {
        var reserve = Request(
            """
            21 01 1d 00 b0 00 00 56 01 00 00 00 40 00 00 00
            00 00 00 00 01 00 00 00 00 00 00 40 00 00 00 00
            00 00 00 40 00 00 00 00 00 00 20 00 00 00 00 00
            00 00 20 00 00 00 00 00
            """,
            29,
            MessageId.IpaReserve,
            p => IpaReserve.Write(p, IpaConstraints.BaseMemory, 0, [new IpaAllocation(0x40000000, 0x40000000, 0x200000, 0x200000)]));
        Assert.Equal(DecodeStatus.Ok, IpaReserve.TryParse(reserve, out var view));
        Assert.Equal(DecodeStatus.Ok, view.TryReadAllocate(out var wishes));
        Assert.Equal(new IpaAllocation(0x40000000, 0x40000000, 0x200000, 0x200000), wishes[0]);
        var reply = Reply(
            "21 02 1d 00 b0 00 00 56 00 00 00 00 01 00 00 00 00 00 00 40 00 00 00 00",
            29,
            MessageId.IpaReserve,
            RmError.Ok,
            p => IpaReserveReply.Write(p, [new AddressEntry(0x40000000)]));
        Assert.Equal(DecodeStatus.Ok, IpaReserveReply.TryParse(reply, out var addresses));
        Assert.Equal(0x40000000ul, addresses.Addresses[0].Ipa);
        Request("21 01 1e 00 25 00 00 56", 30, MessageId.VmGetPeers);
        Reply(
            "21 02 1e 00 25 00 00 56 00 00 00 00 02 00 00 00 2d 00 00 00 80 00 00 00",
            30,
            MessageId.VmGetPeers,
            RmError.Ok,
            p => VmListReply.Write(p, [new VmidEntry(45), new VmidEntry(0x80)]));
    }

    private static byte[] Request(string hex, ushort sequence, MessageId id, PayloadWrite? write = null) =>
        Check(hex, RpcMessageType.Request, sequence, id, Payload(write));

    private static byte[] Notification(string hex, ushort sequence, MessageId id, PayloadWrite write) =>
        Check(hex, RpcMessageType.Notification, sequence, id, Payload(write));

    private static byte[] Reply(string hex, ushort sequence, MessageId id, RmError error, PayloadWrite? write = null)
    {
        var payload = Payload(write);
        var content = new byte[RpcLimits.ErrorSize + payload.Length];
        payload.CopyTo(content, RpcReply.WriteError(content, error));
        Check(hex, RpcMessageType.Reply, sequence, id, content);
        var packet = new byte[RpcLimits.PacketSize];
        Assert.Equal(Hex.Text(Hex.Bytes(hex)), Hex.Text(packet.AsSpan(0, RpcPacketWriter.WriteReply(packet, sequence, id, error, payload))));
        Assert.Equal(DecodeStatus.Ok, RpcReply.TryParse(content, out var reply));
        Assert.Equal(error, reply.Error);
        return reply.Payload.ToArray();
    }

    private static void Status(string hex, ushort sequence, VmState state)
    {
        var payload = Notification(hex, sequence, MessageId.VmStatus, p => VmStatus.Write(p, 0x80, state, OsState.None, 0));
        Assert.Equal(DecodeStatus.Ok, VmStatus.TryParse(payload, out var view));
        Assert.Equal((0x80, state, OsState.None, 0), (view.Vmid, view.State, view.OsState, view.AppStatus));
        Assert.Equal(
            string.Create(CultureInfo.InvariantCulture, $"VM_STATUS vmid=0x80 vm_state={state.ToString().ToUpperInvariant()}"),
            MessageFormatter.FormatPayload(MessageId.VmStatus, payload));
    }

    private static byte[] Check(string hex, RpcMessageType type, ushort sequence, MessageId id, byte[] content)
    {
        var packets = Framing.FragmenterTests.Cut(type, sequence, id, content);
        Assert.Equal(Hex.Text(Hex.Bytes(hex)), Hex.Text(Assert.Single(packets)));
        var joined = Join(packets, out var header);
        Assert.Equal(new RpcHeader(type, 0, sequence, id), header);
        return joined;
    }

    private static byte[] Join(List<byte[]> packets, out RpcHeader header)
    {
        var reassembler = new Reassembler(ReassemblyRules.ResourceManager);
        Assert.All(packets.SkipLast(1), packet => Assert.Equal(ReassemblyResult.Incomplete, reassembler.Accept(packet).Result));
        Assert.Equal(ReassemblyResult.Complete, reassembler.Accept(packets[^1]).Result);
        header = reassembler.Header;
        return reassembler.Content.ToArray();
    }

    private static byte[] Payload(PayloadWrite? write)
    {
        if (write is null)
            return [];
        var buffer = new byte[RpcLimits.MaxContent];
        Array.Fill(buffer, (byte)0xEE);
        return buffer[..write(buffer)];
    }

    private static int WriteWord(Span<byte> payload, uint value)
    {
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(payload, value);
        return sizeof(uint);
    }

    private static void StartsWith(string hex, byte[] packet) =>
        Assert.StartsWith(Hex.Text(Hex.Bytes(hex)), Hex.Text(packet), StringComparison.Ordinal);

    private static void EndsWith(string hex, byte[] packet) =>
        Assert.EndsWith(Hex.Text(Hex.Bytes(hex)), Hex.Text(packet), StringComparison.Ordinal);
}
