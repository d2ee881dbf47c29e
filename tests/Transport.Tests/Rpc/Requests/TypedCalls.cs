using RmStack.Protocol;
using RmStack.Protocol.Messages;
using RmStack.Transport.Rpc;

namespace RmStack.Transport.Tests.Rpc.Requests;

/// <summary>Every typed method, with the values that a sample of spec/samples says.</summary>
internal static class TypedCalls
{
    private static readonly AclEntry[] s_acl = [new(45, MemRights.ReadWriteExecute), new(3, MemRights.ReadWrite), new(0xFFFF, (MemRights)0xFF)];
    private static readonly SglEntry[] s_sgl = [new(0x8000_0000, 0x1000), new(0x1234_5678_9000, 0xFFFF_FFFF_F000)];
    private static readonly MemAttributeEntry[] s_attributes = [new(MemAttribute.Cached, 45), new((MemAttribute)0xFFFF, 3)];
    private static readonly AuthParameter[] s_parameters = [new(AuthParameter.PasId, 28), new(7, 0xFFFF_FFFF)];
    private static readonly VmidEntry[] s_two = [new(45), new(128)];
    private static readonly VmidEntry[] s_one = [new(45)];
    private static readonly SglEntry[] s_ranges = [.. Enumerable.Range(0, 30).Select(i => new SglEntry((ulong)i << 21, 1 << 21))];
    private static readonly IpaAllocation[] s_wishes = [.. Enumerable.Range(0, 30).Select(i => new IpaAllocation((ulong)i, ulong.MaxValue, 0x1000, 0x10000))];
    private static readonly byte[] s_console = [.. Enumerable.Repeat((byte)'w', 14380)];

    public static IReadOnlyList<TypedCall> All { get; } =
    [
        Of(MessageId.VmAllocate, "vm-allocate", (c, ct) => c.VmAllocateAsync(128, ct)),
        Of(MessageId.VmDeallocate, "vm-deallocate", (c, ct) => c.VmDeallocateAsync(128, ct)),
        Of(MessageId.VmConfigImage, "vm-config-image", (c, ct) => c.VmConfigImageAsync(190, AuthMechanism.Android, 0xFFFF_FFFE, 0x0123_4567_89AB_CDEF, ulong.MaxValue, 1, 1UL << 63, ct)),
        Of(MessageId.VmAuthImage, "vm-auth-image", (c, ct) => c.VmAuthImageAsync(45, s_parameters, ct)),
        Of(MessageId.VmAuthImage, "vm-auth-image-without-parameters", (c, ct) => c.VmAuthImageAsync(45, [], ct)),
        Of(MessageId.VmInit, "vm-init", (c, ct) => c.VmInitAsync(128, ct)),
        Of(MessageId.VmStart, "vm-start", (c, ct) => c.VmStartAsync(128, ct)),
        Of(MessageId.VmStop, "vm-stop", (c, ct) => c.VmStopAsync(128, VmStopFlags.None, StopReason.Restart, ct)),
        Of(MessageId.VmReset, "vm-reset", (c, ct) => c.VmResetAsync(128, ct)),
        Of(MessageId.VmSuspend, "vm-suspend", (c, ct) => c.VmSuspendAsync("VM_SUSPEND"u8, ct)),
        Of(MessageId.VmResume, "vm-resume", (c, ct) => c.VmResumeAsync("VM_RESUME"u8, ct)),
        Of(MessageId.VmExit, "vm-exit", (c, ct) => c.VmExitAsync((VmExitFlags)0x1234, 4, ct)),
        Of(MessageId.VmGetId, "vm-get-id", (c, ct) => c.VmGetIdAsync(128, ct)),
        Of(MessageId.VmLookupUri, "vm-lookup-uri-1", (c, ct) => c.VmLookupUriAsync("x"u8, ct)),
        Of(MessageId.VmLookupGuid, "vm-lookup-guid", (c, ct) => c.VmLookupGuidAsync([0xA0, 0xA1, 0xA2, 0xA3, 0xA4, 0xA5, 0xA6, 0xA7, 0xA8, 0xA9, 0xAA, 0xAB, 0xAC, 0xAD, 0xAE, 0xAF], ct)),
        Of(MessageId.VmLookupName, "vm-lookup-name-0", (c, ct) => c.VmLookupNameAsync([], ct)),
        Of(MessageId.VmLookupName, "vm-lookup-name-4", (c, ct) => c.VmLookupNameAsync("xxxx"u8, ct)),
        Of(MessageId.VmGetOwner, "vm-get-owner", (c, ct) => c.VmGetOwnerAsync(ct)),
        Of(MessageId.VmGetState, "vm-get-state", (c, ct) => c.VmGetStateAsync(128, ct)),
        Of(MessageId.VmGetCrashMsg, "vm-get-crash-msg", (c, ct) => c.VmGetCrashMsgAsync(128, ct)),
        Of(MessageId.VmGetHypResources, "vm-get-hyp-resources", (c, ct) => c.VmGetHypResourcesAsync(128, ct)),
        Of(MessageId.VmGetHypCapids, "vm-get-hyp-capids", (c, ct) => c.VmGetHypCapidsAsync("VM_GET_HYP_CAPIDS"u8, ct)),
        Of(MessageId.VmGetHypIrqs, "vm-get-hyp-irqs", (c, ct) => c.VmGetHypIrqsAsync("VM_GET_HYP_IRQS"u8, ct)),
        Of(MessageId.VmGetVmid, "vm-get-vmid", (c, ct) => c.VmGetVmidAsync(ct)),
        Of(MessageId.VmGetPeers, "vm-get-peers", (c, ct) => c.VmGetPeersAsync(ct)),
        Of(MessageId.VmSetStatus, "vm-set-status", (c, ct) => c.VmSetStatusAsync(OsState.Crashed, 0xFFFE, ct)),
        Of(MessageId.VmSetCrashMsg, "vm-set-crash-msg-3", (c, ct) => c.VmSetCrashMsgAsync("!!!"u8, ct)),
        Of(MessageId.VmHostGetType, "vm-host-get-type", (c, ct) => c.VmHostGetTypeAsync(ct)),
        Of(MessageId.MemDonate, "mem-donate-all-lists", (c, ct) => c.MemDonateAsync(MemType.Normal, MemCreateFlags.Sanitize | MemCreateFlags.Append, 0xDEADBEEF, s_acl, s_sgl, s_attributes, ct)),
        Of(MessageId.MemAccept, "mem-accept", (c, ct) => c.MemAcceptAsync(9, MemType.Normal, MemTransType.Lend, MemAcceptFlags.Done, 0, [], 0, [], [], ct)),
        Of(MessageId.MemAccept, "mem-accept-all-lists", (c, ct) => c.MemAcceptAsync(9, MemType.Io, MemTransType.Share, (MemAcceptFlags)0xFF, 77, s_acl, 0x1234, s_sgl, s_attributes, ct)),
        Of(MessageId.MemLend, "mem-lend-all-lists", (c, ct) => c.MemLendAsync(MemType.Normal, MemCreateFlags.Sanitize | MemCreateFlags.Append, 0xDEADBEEF, s_acl, s_sgl, s_attributes, ct)),
        Of(MessageId.MemShare, "mem-share-all-lists", (c, ct) => c.MemShareAsync(MemType.Normal, MemCreateFlags.Sanitize | MemCreateFlags.Append, 0xDEADBEEF, s_acl, s_sgl, s_attributes, ct)),
        Of(MessageId.MemRelease, "mem-release", (c, ct) => c.MemReleaseAsync(0xFFFF_FFFE, MemSanitizeFlags.Sanitize, ct)),
        Of(MessageId.MemReclaim, "mem-reclaim", (c, ct) => c.MemReclaimAsync(0xFFFF_FFFE, MemSanitizeFlags.Sanitize, ct)),
        Of(MessageId.MemNotify, "mem-notify-flags-1", (c, ct) => c.MemNotifyAsync(4, MemNotifyFlags.Shared, 0xFEEDF00D, s_two, ct)),
        Of(MessageId.MemNotify, "mem-notify-flags-4", (c, ct) => c.MemNotifyAsync(4, MemNotifyFlags.Accepted, 0xFEEDF00D, ct: ct)),
        Of(MessageId.MemNotify, "mem-notify-to-nobody", (c, ct) => c.MemNotifyAsync(4, MemNotifyFlags.Shared, 0, ct: ct)),
        Of(MessageId.MemAppend, "mem-append", (c, ct) => c.MemAppendAsync(5, MemAppendFlags.Done, s_sgl, ct)),
        Of(MessageId.MemQcomLookupSgl, "mem-qcom-lookup-sgl", (c, ct) => c.MemQcomLookupSglAsync(MemType.Normal, 8, s_acl, s_sgl, s_attributes, ct)),
        Of(MessageId.FwMilestone, "fw-milestone", (c, ct) => c.FwMilestoneAsync(ct)),
        Of(MessageId.FwSetVmFirmware, "fw-set-vm-firmware", (c, ct) => c.FwSetVmFirmwareAsync(AuthMechanism.Android, 7, 0, 0x200000, ct)),
        Of(MessageId.FwSetVmFirmware, "fw-set-vm-firmware-with-config", (c, ct) => c.FwSetVmFirmwareAsync(AuthMechanism.Android, FirmwareFlags.HasConfig, 1, 0, 0x200000, 0x1F0000, ulong.MaxValue, ct)),
        Of(MessageId.VmSetBootContextV15, "vm-set-boot-context-v15", (c, ct) => c.VmSetBootContextV15Async(128, BootRegisterSet.Sp, 1, 18364758544493064720, ct)),
        Of(MessageId.VmSetTimeBase, "vm-set-time-base", (c, ct) => c.VmSetTimeBaseAsync(0, 1_700_000_000_000_000_000, ulong.MaxValue, ct)),
        Of(MessageId.VmSetBootContext, "vm-set-boot-context", (c, ct) => c.VmSetBootContextAsync(128, BootRegisterSet.Sp, 1, 18364758544493064720, ct)),
        Of(MessageId.VmSetFirmwareMem, "vm-set-firmware-mem", (c, ct) => c.VmSetFirmwareMemAsync(128, 6, 0x1000, 0x200000, ct)),
        Of(MessageId.VmSetDemandPaging, "vm-set-demand-paging", (c, ct) => c.VmSetDemandPagingAsync(128, s_sgl, ct)),
        Of(MessageId.VmSetAddressLayout, "vm-set-address-layout", (c, ct) => c.VmSetAddressLayoutAsync(128, AddressRangeId.Firmware, 0x8000_0000, 0x400000, ct)),
        Of(MessageId.VmSetDebug, "vm-set-debug-1", (c, ct) => c.VmSetDebugAsync(128, 1, ct)),
        Of(MessageId.IpaReserve, "ipa-reserve-fixed", (c, ct) => c.IpaReserveAsync(IpaConstraints.Normal, 0x8000_0001, s_ranges, ct)),
        Of(MessageId.IpaReserve, "ipa-reserve-allocate", (c, ct) => c.IpaReserveAsync(IpaConstraints.Normal | IpaConstraints.BaseMemory, 0, s_wishes, ct)),
        Of(MessageId.IpaUnreserve, "ipa-unreserve", (c, ct) => c.IpaUnreserveAsync("IPA_UNRESERVE"u8, ct)),
        Of(MessageId.VmIrqAccept, "vm-irq-accept", (c, ct) => c.VmIrqAcceptAsync(0x5A31C121, 0xFFFF_FFFF, ct)),
        Of(MessageId.VmIrqLend, "vm-irq-lend", (c, ct) => c.VmIrqLendAsync(128, 1023, 153, ct)),
        Of(MessageId.VmIrqRelease, "vm-irq-release", (c, ct) => c.VmIrqReleaseAsync(0x5A31C121, ct)),
        Of(MessageId.VmIrqReclaim, "vm-irq-reclaim", (c, ct) => c.VmIrqReclaimAsync(0x5A31C121, ct)),
        Of(MessageId.VmIrqNotify, "vm-irq-notify-flags-2", (c, ct) => c.VmIrqNotifyAsync(0x5A31C121, IrqNotifyFlags.Released, ct: ct)),
        Of(MessageId.VmIrqNotify, "vm-irq-notify-lent-to", (c, ct) => c.VmIrqNotifyAsync(0x5A31C121, IrqNotifyFlags.Lent, s_one, ct)),
        Of(MessageId.VmIrqUnmap, "vm-irq-unmap", (c, ct) => c.VmIrqUnmapAsync("VM_IRQ_UNMAP"u8, ct)),
        Of(MessageId.VmConsoleOpen, "vm-console-open", (c, ct) => c.VmConsoleOpenAsync(128, ct)),
        Of(MessageId.VmConsoleClose, "vm-console-close", (c, ct) => c.VmConsoleCloseAsync(128, ct)),
        Of(MessageId.VmConsoleWrite, "vm-console-write-1", (c, ct) => c.VmConsoleWriteAsync(0, "w"u8, ct)),
        Of(MessageId.VmConsoleWrite, "vm-console-write-14380", (c, ct) => c.VmConsoleWriteAsync(0, s_console, ct)),
        Of(MessageId.VmConsoleFlush, "vm-console-flush", (c, ct) => c.VmConsoleFlushAsync(128, ct)),
        Of(MessageId.HeapCreate, "heap-create", (c, ct) => c.HeapCreateAsync("HEAP_CREATE"u8, ct)),
        Of(MessageId.HeapDelete, "heap-delete", (c, ct) => c.HeapDeleteAsync("HEAP_DELETE"u8, ct)),
        Of(MessageId.HeapAddMemory, "heap-add-memory", (c, ct) => c.HeapAddMemoryAsync(1, 3, ct)),
        Of(MessageId.HeapRemoveMemory, "heap-remove-memory", (c, ct) => c.HeapRemoveMemoryAsync(0, 3, ct)),
        Of(MessageId.HeapQuery, "heap-query-2", (c, ct) => c.HeapQueryAsync(1, HeapQueryKind.Statistics, ct)),
        Of(MessageId.DeviceAccept, "device-accept", (c, ct) => c.DeviceAcceptAsync(3405643777, DeviceAcceptFlags.Reset | DeviceAcceptFlags.Bind, 7, ct)),
        Of(MessageId.DeviceLend, "device-lend", (c, ct) => c.DeviceLendAsync(45, DeviceFlags.Reset, 3405643778, ct)),
        Of(MessageId.DeviceRelease, "device-release", (c, ct) => c.DeviceReleaseAsync(3405643779, DeviceFlags.Reset, ct)),
        Of(MessageId.DeviceReclaim, "device-reclaim", (c, ct) => c.DeviceReclaimAsync(3405643779, DeviceFlags.Reset, ct)),
        Of(MessageId.DeviceNotify, "device-notify-flags-16", (c, ct) => c.DeviceNotifyAsync(3405643780, DeviceNotifyFlags.Recall, 128, ct)),
        Of(MessageId.DeviceFindHandle, "device-find-handle", (c, ct) => c.DeviceFindHandleAsync(DeviceResourceType.Mmio, 0x10000000, 1, 0xFFFF_FFFF, ct)),
        Of(MessageId.DeviceGetResources, "device-get-resources", (c, ct) => c.DeviceGetResourcesAsync(3405643779, DeviceResourceFlags.Physical, ct)),
        Of(MessageId.DeviceBusLockdown, "device-bus-lockdown", (c, ct) => c.DeviceBusLockdownAsync(1024, ct)),
        Of(MessageId.DeviceBusUnlock, "device-bus-unlock", (c, ct) => c.DeviceBusUnlockAsync(1024, ct)),
        Of(MessageId.DeviceDonate, "device-donate", (c, ct) => c.DeviceDonateAsync(45, DeviceFlags.Reset, 3405643778, ct)),
        Of(MessageId.GetIdent, "get-ident", (c, ct) => c.GetIdentAsync("GET_IDENT"u8, ct)),
        Of(MessageId.GetFeatures, "get-features", (c, ct) => c.GetFeaturesAsync("GET_FEATURES"u8, ct)),
        Of(MessageId.GetLog, "get-log", (c, ct) => c.GetLogAsync(0, ct)),
        Of(MessageId.GetLogAddress, "get-log-address", (c, ct) => c.GetLogAddressAsync("GET_LOG_ADDRESS"u8, ct)),
        Of(MessageId.MinidumpGetInfo, "minidump-get-info", (c, ct) => c.MinidumpGetInfoAsync(ct)),
        Of(MessageId.MinidumpRegisterRange, "minidump-register-range", (c, ct) => c.MinidumpRegisterRangeAsync(0x9000_0000, 0x1000, "KLOGBUF"u8, ct)),
        Of(MessageId.MinidumpDeregisterSlot, "minidump-deregister-slot", (c, ct) => c.MinidumpDeregisterSlotAsync(3, ct)),
        Of(MessageId.MinidumpGetSlotNumber, "minidump-get-slot-number", (c, ct) => c.MinidumpGetSlotNumberAsync(1, "KLOGBUF"u8, ct)),
    ];

    private static TypedCall<TReply> Of<TReply>(MessageId id, string sample, Func<RpcClient, CancellationToken, ValueTask<RpcResult<TReply>>> call)
        where TReply : IMessageView<TReply>, allows ref struct => new(id, sample, call);
}
