using RmStack.Protocol.Hypercalls;
using RmStack.Protocol.Messages;

namespace RmStack.Protocol.Tests.Messages;

/// <summary>One filled-in message of every layout that has a writer, with the line that people shall read.</summary>
internal static class MessageSamples
{
    internal delegate int PayloadWrite(PayloadWriter writer);

    /// <summary>A request or notification, or (with IsReply) a success reply's payload.</summary>
    internal sealed record Sample(MessageId Id, bool IsReply, string Text, PayloadWrite Write)
    {
        /// <summary>The layout that the catalogue has for it.</summary>
        public PayloadInfo Shape => MessageCatalogue.LayoutOf(Id, IsReply ? RpcMessageType.Reply : RpcMessageType.Request);

        /// <summary>Its payload, written into a buffer full of <paramref name="poison"/>.</summary>
        public byte[] Payload(byte poison = 0)
        {
            var buffer = new byte[512];
            Array.Fill(buffer, poison);
            return buffer[..Write(buffer)];
        }
    }

    public static IReadOnlyList<Sample> All { get; } = [.. Memory(), .. Lifecycle(), .. Queries(), .. Settings(), .. Rest()];

    private static IEnumerable<Sample> Memory()
    {
        var acl = new[] { new AclEntry(3, MemRights.ReadWrite), new AclEntry(0x80, MemRights.ReadExecute) };
        var sgl = new[] { new SglEntry(0x80000000, 0x200000) };
        var attributes = new[] { new MemAttributeEntry(MemAttribute.Cached, 3) };
        yield return Send(MessageId.MemShare, "MEM_SHARE mem_type=normal flags=sanitize label=7 acl=2[3:RW 0x80:RX] sgl=[0x80000000+0x200000] attributes=[3:cached]", p => MemLend.Write(p, MemType.Normal, MemCreateFlags.Sanitize, 7, acl, sgl, attributes));
        yield return Send(MessageId.MemDonate, "MEM_DONATE mem_type=io label=0 acl=0 sgl=0 attributes=0", p => MemLend.Write(p, MemType.Io, MemCreateFlags.None, 0, [], [], []));
        yield return Send(MessageId.MemLend, "MEM_LEND mem_type=9 flags=0xf0 label=0 acl=[0x80:0xff] sgl=0 attributes=[1:9]", p => MemLend.Write(p, (MemType)9, (MemCreateFlags)0xF0, 0, [new(0x80, (MemRights)0xFF)], [], [new((MemAttribute)9, 1)]));
        yield return Answer(MessageId.MemLend, "reply OK parcel=0", p => MemHandleReply.Write(p, 0));
        yield return Send(MessageId.MemAppend, "MEM_APPEND parcel=1 flags=done sgl=[0x80000000+0x200000]", p => MemAppend.Write(p, 1, MemAppendFlags.Done, sgl));
        yield return Send(MessageId.MemAccept, "MEM_ACCEPT parcel=2 mem_type=normal trans_type=share flags=validate-label|done label=0x1234 acl=0 map_vmid=0 sgl=[0x80000000+0x200000] attributes=0", p => MemAccept.Write(p, 2, MemType.Normal, MemTransType.Share, MemAcceptFlags.ValidateLabel | MemAcceptFlags.Done, 0x1234, [], 0, sgl, []));
        yield return Answer(MessageId.MemAccept, "reply OK flags=incomplete sgl=[0x80000000+0x200000]", p => MemAcceptReply.Write(p, MemAcceptReplyFlags.Incomplete, sgl));
        yield return Send(MessageId.MemRelease, "MEM_RELEASE parcel=2 flags=sanitize", p => MemRelease.Write(p, 2, MemSanitizeFlags.Sanitize));
        yield return Send(MessageId.MemReclaim, "MEM_RECLAIM parcel=0xffffffff", p => MemReclaim.Write(p, MemParcels.InvalidHandle, MemSanitizeFlags.None));
        yield return Send(MessageId.MemNotify, "MEM_NOTIFY parcel=2 flags=accepted tag=0xcafe", p => MemNotify.Write(p, 2, MemNotifyFlags.Accepted, 0xCAFE));
        yield return Send(MessageId.MemNotify, "MEM_NOTIFY parcel=2 flags=recall tag=0 vmids=2[0x80 0x81]", p => MemNotify.Write(p, 2, MemNotifyFlags.Recall, 0, [new(0x80), new(0x81)]));
        yield return Send(MessageId.MemQcomLookupSgl, "MEM_QCOM_LOOKUP_SGL mem_type=normal label=7 acl=2[3:RW 0x80:RX] sgl=[0x80000000+0x200000] attributes=0", p => MemQcomLookupSgl.Write(p, MemType.Normal, 7, acl, sgl, []));
        yield return Send(MessageId.MemShared, "MEM_SHARED parcel=2 mem_type=normal trans_type=lend flags=sanitized owner=3 label=7 tag=0xcafe acl=2[3:RW 0x80:RX] sizes=[0x4000] attributes=0", p => MemShared.Write(p, 2, MemType.Normal, MemTransType.Lend, MemSharedFlags.Sanitized, 3, 7, 0xCAFE, acl, [new(0x4000)], []));
        yield return Send(MessageId.MemReleased, "MEM_RELEASED parcel=2 vmid=0x80 tag=1", p => MemReleased.Write(p, 2, 0x80, 1));
        yield return Send(MessageId.MemAccepted, "MEM_ACCEPTED parcel=2 vmid=0x80 tag=1", p => MemAccepted.Write(p, 2, 0x80, 1));
        yield return Send(MessageId.MemRecall, "MEM_RECALL parcel=2 tag=1", p => MemRecall.Write(p, 2, 1));
        yield return Send(MessageId.FwSetVmFirmware, "FW_SET_VM_FIRMWARE auth=android parcel=3 firmware=0+0x100000", p => FwSetVmFirmware.Write(p, AuthMechanism.Android, 3, 0, 0x100000));
    }

    private static IEnumerable<Sample> Lifecycle()
    {
        yield return Send(MessageId.VmAllocate, "VM_ALLOCATE vmid=0", p => VmAllocate.Write(p, 0));
        yield return Answer(MessageId.VmAllocate, "reply OK vmid=0x80", p => VmAllocateReply.Write(p, 0x80));
        yield return Send(MessageId.VmDeallocate, "VM_DEALLOCATE vmid=0x80", p => VmDeallocate.Write(p, 0x80));
        yield return Send(MessageId.VmConfigImage, "VM_CONFIG_IMAGE vmid=0x80 auth=none parcel=1 image=0+0 dtb=0x8000+0x8000", p => VmConfigImage.Write(p, 0x80, AuthMechanism.None, 1, 0, 0, 0x8000, 0x8000));
        yield return Send(MessageId.VmAuthImage, "VM_AUTH_IMAGE vmid=0x80 parameters=[pas:0x12]", p => VmAuthImage.Write(p, 0x80, [new(AuthParameter.PasId, 0x12)]));
        yield return Send(MessageId.VmInit, "VM_INIT vmid=0x80", p => VmInit.Write(p, 0x80));
        yield return Send(MessageId.VmStart, "VM_START vmid=0x80", p => VmStart.Write(p, 0x80));
        yield return Send(MessageId.VmStop, "VM_STOP vmid=0x80 flags=force reason=force-stop", p => VmStop.Write(p, 0x80, VmStopFlags.Force, StopReason.ForceStop));
        yield return Send(MessageId.VmReset, "VM_RESET vmid=0x80", p => VmReset.Write(p, 0x80));
        yield return Send(MessageId.VmExit, "VM_EXIT flags=restart code=bus-error", p => VmExit.Write(p, VmExitFlags.Restart, 3));
        yield return Send(MessageId.VmExited, "VM_EXITED vmid=0x80 type=FORCED_STOP code=normal", p => VmExited.Write(p, 0x80, ExitType.ForcedStop, VmExitFlags.None, VmExitCode.Normal));
        yield return Send(MessageId.VmExited, "VM_EXITED vmid=0x80 type=PSCI_SYSTEM_RESET2 flags=call64 code=software-error reset_type=0x80000001 cookie=5", p => VmExited.WriteReset2(p, 0x80, VmExitFlags.Call64, VmExitCode.SoftwareError, 0x80000001, 5));
        yield return Send(MessageId.VmShutdown, "VM_SHUTDOWN reason=restart", p => VmShutdown.Write(p, StopReason.Restart));
        yield return Send(MessageId.VmStatus, "VM_STATUS vmid=0x80 vm_state=RUNNING", p => VmStatus.Write(p, 0x80, VmState.Running, OsState.None, 0));
        yield return Send(MessageId.VmStatus, "VM_STATUS vmid=0x80 vm_state=7 os_state=EARLY_BOOT app_status=0x10", p => VmStatus.Write(p, 0x80, (VmState)7, OsState.EarlyBoot, 0x10));
    }

    private static IEnumerable<Sample> Queries()
    {
        yield return Send(MessageId.VmGetState, "VM_GET_STATE vmid=0", p => VmGetState.Write(p, 0));
        yield return Answer(MessageId.VmGetState, "reply OK vm_state=INIT_FAILED os_state=NONE app_status=0", p => VmGetStateReply.Write(p, VmState.InitFailed, OsState.None, 0));
        yield return Send(MessageId.VmSetStatus, "VM_SET_STATUS os_state=RUN app_status=1", p => VmSetStatus.Write(p, OsState.Run, 1));
        yield return Answer(MessageId.VmGetVmid, "reply OK vmid=3", p => VmidReply.Write(p, 3));
        yield return Answer(MessageId.VmGetOwner, "reply OK vmid=0xff", p => VmidReply.Write(p, Vmids.Rm));
        yield return Answer(MessageId.VmGetPeers, "reply OK vmids=2[3 0x80]", p => VmListReply.Write(p, [new(3), new(0x80)]));
        yield return Answer(MessageId.VmHostGetType, "reply OK architecture=0x64 hypervisor=1 version=1", p => VmHostGetTypeReply.Write(p, VmHostType.AArch64, VmHostType.GunyahWithRm, VmHostType.Version));
        yield return Send(MessageId.VmGetId, "VM_GET_ID vmid=0x80", p => VmGetId.Write(p, 0x80));
        yield return Answer(MessageId.VmGetId, "reply OK ids=[guid=00000000000000000000000000000000 name=\"HLOS\" signauth=\"N/A\"]", WriteIdentity);
        yield return Send(MessageId.VmLookupName, "VM_LOOKUP_NAME name=\"trusted\\\"\\x00\\n\"", p => VmLookupName.Write(p, "trusted\"\0\n"u8));
        yield return Send(MessageId.VmLookupUri, "VM_LOOKUP_URI name=\"vm:1\"", p => VmLookupName.Write(p, "vm:1"u8));
        yield return Send(MessageId.VmLookupGuid, "VM_LOOKUP_GUID guid=000102030405060708090a0b0c0d0e0f", p => VmLookupGuid.Write(p, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]));
        yield return Answer(MessageId.VmLookupName, "reply OK vmids=0", p => VmListReply.Write(p, []));
        yield return Send(MessageId.VmSetCrashMsg, "VM_SET_CRASH_MSG text=\"boom\"", p => VmCrashMsg.Write(p, "boom"u8));
        yield return Send(MessageId.VmGetCrashMsg, "VM_GET_CRASH_MSG vmid=0x80", p => VmGetCrashMsg.Write(p, 0x80));
        yield return Answer(MessageId.VmGetCrashMsg, "reply OK text=\"\"", p => VmCrashMsg.Write(p, []));
        yield return Send(MessageId.VmGetHypResources, "VM_GET_HYP_RESOURCES vmid=0x80", p => VmGetHypResources.Write(p, 0x80));
        yield return Answer(MessageId.VmGetHypResources, "reply OK resources=[type=VIRTIO_MMIO label=4 cap=9 virq=0x21 partner=0x80 mmio=0x1000+0x200]", p => VmGetHypResourcesReply.Write(p, [new(ResourceType.VirtioMmio, 0x80, 0, 4, new CapId(9), 0, 33, 0x1000, 0x200)]));
    }

    private static IEnumerable<Sample> Settings()
    {
        yield return Send(MessageId.VmSetTimeBase, "VM_SET_TIME_BASE vmid=0x80 time=5 counter=6", p => VmSetTimeBase.Write(p, 0x80, 5, 6));
        yield return Send(MessageId.VmSetFirmwareMem, "VM_SET_FIRMWARE_MEM vmid=0x80 parcel=9 firmware=0+0x100000", p => VmSetFirmwareMem.Write(p, 0x80, 9, 0, 0x100000));
        yield return Send(MessageId.VmSetBootContext, "VM_SET_BOOT_CONTEXT vmid=0x80 register_set=pc index=0 value=0x80080000", p => VmSetBootContext.Write(p, 0x80, BootRegisterSet.Pc, 0, 0x80080000));
        yield return Send(MessageId.VmSetDemandPaging, "VM_SET_DEMAND_PAGING vmid=0x80 ranges=2[0x80000000+0x200000 0+0x1000]", p => VmSetDemandPaging.Write(p, 0x80, [new(0x80000000, 0x200000), new(0, 0x1000)]));
        yield return Send(MessageId.VmSetAddressLayout, "VM_SET_ADDRESS_LAYOUT vmid=0x80 range=firmware at=0x80000000+0x200000", p => VmSetAddressLayout.Write(p, 0x80, AddressRangeId.Firmware, 0x80000000, 0x200000));
        yield return Send(MessageId.VmSetDebug, "VM_SET_DEBUG vmid=0x80 enabled=1", p => VmSetDebug.Write(p, 0x80, 1));
        yield return Send(MessageId.IpaReserve, "IPA_RESERVE kind=fixed ranges=[0x40000000+0x1000]", p => IpaReserve.Write(p, IpaConstraints.None, 0, [new SglEntry(0x40000000, 0x1000)]));
        yield return Send(MessageId.IpaReserve, "IPA_RESERVE kind=allocate constraints=base-memory platform_constraints=1 allocations=[within=0+0x1000 size=0x1000 alignment=0x1000]", p => IpaReserve.Write(p, IpaConstraints.BaseMemory, 1, [new IpaAllocation(0, 0x1000, 0x1000, 0x1000)]));
        yield return Answer(MessageId.IpaReserve, "reply OK addresses=[0x40200000]", p => IpaReserveReply.Write(p, [new(0x40200000)]));
        yield return Send(MessageId.VmIrqLend, "VM_IRQ_LEND borrower=0x80 virq=0x22 label=7", p => VmIrqLend.Write(p, 0x80, 34, 7));
        yield return Answer(MessageId.VmIrqLend, "reply OK irq=0x5a310022", p => VmIrqHandleReply.Write(p, 0x5A310022));
        yield return Send(MessageId.VmIrqAccept, "VM_IRQ_ACCEPT irq=0x5a310022 virq=0xffffffff", p => VmIrqAccept.Write(p, 0x5A310022, uint.MaxValue));
        yield return Answer(MessageId.VmIrqAccept, "reply OK virq=0x22", p => VmIrqAcceptReply.Write(p, 34));
        yield return Send(MessageId.VmIrqRelease, "VM_IRQ_RELEASE irq=0x5a310022", p => VmIrqRelease.Write(p, 0x5A310022));
        yield return Send(MessageId.VmIrqReclaim, "VM_IRQ_RECLAIM irq=0x5a310022", p => VmIrqReclaim.Write(p, 0x5A310022));
        yield return Send(MessageId.VmIrqNotify, "VM_IRQ_NOTIFY irq=0x5a310022 flags=lent vmids=[0x80]", p => VmIrqNotify.Write(p, 0x5A310022, IrqNotifyFlags.Lent, [new(0x80)]));
        yield return Send(MessageId.VmIrqNotify, "VM_IRQ_NOTIFY irq=0x5a310022 flags=released", p => VmIrqNotify.Write(p, 0x5A310022, IrqNotifyFlags.Released));
        yield return Send(MessageId.VmIrqLent, "VM_IRQ_LENT owner=3 irq=0x5a310022 label=7", p => VmIrqLent.Write(p, 3, 0x5A310022, 7));
        yield return Send(MessageId.VmIrqReleased, "VM_IRQ_RELEASED irq=0x5a310022", p => VmIrqReleased.Write(p, 0x5A310022));
        yield return Send(MessageId.VmIrqAccepted, "VM_IRQ_ACCEPTED irq=0x5a310022", p => VmIrqAccepted.Write(p, 0x5A310022));
        yield return Send(MessageId.VmConsoleOpen, "VM_CONSOLE_OPEN target=0x80", p => VmConsoleOpen.Write(p, 0x80));
        yield return Send(MessageId.VmConsoleClose, "VM_CONSOLE_CLOSE target=0", p => VmConsoleClose.Write(p, 0));
        yield return Send(MessageId.VmConsoleWrite, "VM_CONSOLE_WRITE target=0x80 text=\"hi\\n\"", p => VmConsoleWrite.Write(p, 0x80, "hi\n"u8));
        yield return Send(MessageId.VmConsoleFlush, "VM_CONSOLE_FLUSH target=0x80", p => VmConsoleFlush.Write(p, 0x80));
        yield return Send(MessageId.VmConsoleChars, "VM_CONSOLE_CHARS from=0x80 text=\"hi!\\r\\n\"", p => VmConsoleChars.Write(p, 0x80, "hi!\r\n"u8));
    }

    private static IEnumerable<Sample> Rest()
    {
        yield return Send(MessageId.HeapAddMemory, "HEAP_ADD_MEMORY heap=1 parcel=4", p => HeapAddMemory.Write(p, 1, 4));
        yield return Send(MessageId.HeapRemoveMemory, "HEAP_REMOVE_MEMORY heap=1 parcel=4", p => HeapRemoveMemory.Write(p, 1, 4));
        yield return Send(MessageId.HeapQuery, "HEAP_QUERY heap=0 query=statistics", p => HeapQuery.Write(p, 0, HeapQueryKind.Statistics));
        yield return Answer(MessageId.HeapQuery, "reply OK parcels=7[1 2 3 4 ...]", p => HeapQueryReply.Write(p, [new(1), new(2), new(3), new(4), new(5), new(6), new(7)]));
        yield return Answer(MessageId.HeapQuery, "reply OK total=0x100000 allocated=0x1000 reserved=0 largest_free=0xff000", p => HeapQueryReply.Write(p, 0x100000, 0x1000, 0, 0xFF000));
        yield return Send(MessageId.DeviceAccept, "DEVICE_ACCEPT device=0x10 flags=reset|bind bus=1", p => DeviceAccept.Write(p, 0x10, DeviceAcceptFlags.Reset | DeviceAcceptFlags.Bind, 1));
        yield return Send(MessageId.DeviceLend, "DEVICE_LEND vmid=0x80 flags=reset device=0x10", p => DeviceLend.Write(p, 0x80, DeviceFlags.Reset, 0x10));
        yield return Send(MessageId.DeviceDonate, "DEVICE_DONATE vmid=0x80 device=0x10", p => DeviceDonate.Write(p, 0x80, DeviceFlags.None, 0x10));
        yield return Send(MessageId.DeviceRelease, "DEVICE_RELEASE device=0x10", p => DeviceRelease.Write(p, 0x10, DeviceFlags.None));
        yield return Send(MessageId.DeviceReclaim, "DEVICE_RECLAIM device=0x10", p => DeviceReclaim.Write(p, 0x10, DeviceFlags.None));
        yield return Send(MessageId.DeviceNotify, "DEVICE_NOTIFY device=0x10 flags=recall vmid=0x80", p => DeviceNotify.Write(p, 0x10, DeviceNotifyFlags.Recall, 0x80));
        yield return Send(MessageId.DeviceFindHandle, "DEVICE_FIND_HANDLE type=irq data0=0x21 data1=0 data2=0", p => DeviceFindHandle.Write(p, DeviceResourceType.Irq, 33, 0, 0));
        yield return Answer(MessageId.DeviceFindHandle, "reply OK device=0x10", p => DeviceHandleReply.Write(p, 0x10));
        yield return Send(MessageId.DeviceGetResources, "DEVICE_GET_RESOURCES device=0x10 flags=physical", p => DeviceGetResources.Write(p, 0x10, DeviceResourceFlags.Physical));
        yield return Answer(MessageId.DeviceGetResources, "reply OK resources=[mmio:1,2,3]", p => DeviceResourcesReply.Write(p, [new(DeviceResourceType.Mmio, 1, 2, 3)]));
        yield return Send(MessageId.DeviceBusLockdown, "DEVICE_BUS_LOCKDOWN bus=1", p => DeviceBus.Write(p, 1));
        yield return Send(MessageId.DeviceRecall, "DEVICE_RECALL vmid=3 device=0x10", p => DeviceEvent.Write(p, 3, 0x10));
        yield return Send(MessageId.DeviceReleased, "DEVICE_RELEASED device=0x10", p => DeviceReleased.Write(p, 0x10));
        yield return Send(MessageId.GetLog, "GET_LOG log=0", p => GetLog.Write(p, 0));
        yield return Answer(MessageId.GetLog, "reply OK log=0x1000+0x2000", p => GetLogReply.Write(p, 0x1000, 0x2000));
        yield return Send(MessageId.MinidumpGetInfo, "MINIDUMP_GET_INFO", p => MinidumpGetInfo.Write(p));
        yield return Answer(MessageId.MinidumpGetInfo, "reply OK slot=5", p => MinidumpSlotReply.Write(p, 5));
        yield return Send(MessageId.MinidumpRegisterRange, "MINIDUMP_REGISTER_RANGE range=0x1000+0x2000 name=\"KTEXT\"", p => MinidumpRegisterRange.Write(p, 0x1000, 0x2000, "KTEXT"u8));
        yield return Send(MessageId.MinidumpDeregisterSlot, "MINIDUMP_DEREGISTER_SLOT slot=5", p => MinidumpDeregisterSlot.Write(p, 5));
        yield return Send(MessageId.MinidumpGetSlotNumber, "MINIDUMP_GET_SLOT_NUMBER first_slot=1 name=\"KTEXT\"", p => MinidumpGetSlotNumber.Write(p, 1, "KTEXT"u8));
    }

    private static int WriteIdentity(PayloadWriter payload)
    {
        var writer = new VmGetIdReply.Writer(payload, 3);
        writer.Add(VmIdType.Guid, new byte[16]);
        writer.Add(VmIdType.Name, "HLOS"u8);
        writer.Add(VmIdType.SignAuth, "N/A"u8);
        return writer.End();
    }

    private static Sample Send(MessageId id, string text, PayloadWrite write) => new(id, false, text, write);

    private static Sample Answer(MessageId id, string text, PayloadWrite write) => new(id, true, text, write);
}
