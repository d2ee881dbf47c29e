using RmStack.Protocol;
using RmStack.Protocol.Messages;

namespace RmStack.Transport.Rpc;

/// <content>Typed calls: settings of one VM, before it starts. RM: vm_creation.c, vm_firmware.c, vm_ipa.c.</content>
public sealed partial class RpcClient
{
    /// <summary>VM_SET_BOOT_CONTEXT under the number of Linux v15.</summary>
    /// <remarks>As <see cref="VmSetBootContextAsync"/>; no public RM knows the number. Linux v15: rsc_mgr_rpc.c.</remarks>
    public ValueTask<RpcResult<EmptyPayload>> VmSetBootContextV15Async(
        ushort vmid,
        BootRegisterSet registerSet,
        byte registerIndex,
        ulong value,
        CancellationToken ct = default) =>
        BootContextAsync(MessageId.VmSetBootContextV15, vmid, registerSet, registerIndex, value, ct);

    /// <summary>
    /// VM_SET_TIME_BASE: what the time was, in nanoseconds since the epoch, at a value of the architectural counter; VMID 0 is the caller.
    /// </summary>
    /// <remarks>
    /// Sender: the VM itself, its owner, a peer. Errors: NORESOURCE unknown, DENIED, VM_STATE unless INIT or READY, ARGUMENT_INVALID no clock.
    /// The 12/2023 RM puts a word behind the error, which is thrown away. RM: vm_creation.c.
    /// </remarks>
    public ValueTask<RpcResult<EmptyPayload>> VmSetTimeBaseAsync(ushort vmid, ulong timeBase, ulong counter, CancellationToken ct = default)
    {
        var call = NewCall<EmptyPayload>();
        return SendAsync(call, MessageId.VmSetTimeBase, VmSetTimeBase.Write(call.RequestBuffer(VmSetTimeBase.Size), vmid, timeBase, counter), ct);
    }

    /// <summary>VM_SET_BOOT_CONTEXT: one register of the boot vCPU.</summary>
    /// <remarks>
    /// Sender: owner. Linux refuses, and so nothing is sent, X above 31, PC above 0, SP above 2 and other sets. Errors: VMID_INVALID, DENIED not
    /// the owner or not by the authentication's policy, VM_STATE unless READY, ARGUMENT_INVALID X31, SP2; UNIMPLEMENTED from the 12/2023 drop.
    /// RM (newer): vm_creation.c.
    /// </remarks>
    public ValueTask<RpcResult<EmptyPayload>> VmSetBootContextAsync(
        ushort vmid,
        BootRegisterSet registerSet,
        byte registerIndex,
        ulong value,
        CancellationToken ct = default) =>
        BootContextAsync(MessageId.VmSetBootContext, vmid, registerSet, registerIndex, value, ct);

    /// <summary>VM_SET_FIRMWARE_MEM: which part of a memparcel the firmware goes to.</summary>
    /// <remarks>
    /// Sender: the VM itself, its owner, a peer. Errors: NORESOURCE unknown, DENIED, VM_STATE unless INIT, ARGUMENT_INVALID mechanism or range,
    /// MEM_INVALID. The 12/2023 RM puts a word behind the error, which is thrown away. RM: vm_firmware.c.
    /// </remarks>
    public ValueTask<RpcResult<EmptyPayload>> VmSetFirmwareMemAsync(ushort vmid, uint handle, ulong offset, ulong firmwareSize, CancellationToken ct = default)
    {
        var call = NewCall<EmptyPayload>();
        return SendAsync(call, MessageId.VmSetFirmwareMem, VmSetFirmwareMem.Write(call.RequestBuffer(VmSetFirmwareMem.Size), vmid, handle, offset, firmwareSize), ct);
    }

    /// <summary>VM_SET_DEMAND_PAGING: ranges of the guest that come in by page faults. Its memparcels are gone once it has started.</summary>
    /// <remarks>
    /// Sender: owner, in state INIT. Errors: NORESOURCE unknown, DENIED, BUSY set before, ARGUMENT_INVALID a range; UNIMPLEMENTED from the
    /// 12/2023 drop. RM (newer): vm_creation.c.
    /// </remarks>
    public ValueTask<RpcResult<EmptyPayload>> VmSetDemandPagingAsync(ushort vmid, ReadOnlySpan<SglEntry> ranges, CancellationToken ct = default)
    {
        var size = VmSetDemandPaging.SizeOf(ranges.Length);
        if (IsTooLong(size, ranges.Length))
            return Refuse<EmptyPayload>(RpcCallStatus.TooBig, ct);
        var call = NewCall<EmptyPayload>();
        return SendAsync(call, MessageId.VmSetDemandPaging, VmSetDemandPaging.Write(call.RequestBuffer(size), vmid, ranges), ct);
    }

    /// <summary>VM_SET_ADDRESS_LAYOUT: moves the image's or firmware's region; in place of what the device tree says.</summary>
    /// <remarks>
    /// Sender: owner, in state INIT. Errors: NORESOURCE unknown or not configured, DENIED, ARGUMENT_INVALID; UNIMPLEMENTED from the 12/2023
    /// drop. RM (newer): vm_creation.c.
    /// </remarks>
    public ValueTask<RpcResult<EmptyPayload>> VmSetAddressLayoutAsync(
        ushort vmid,
        AddressRangeId range,
        ulong @base,
        ulong rangeSize,
        CancellationToken ct = default)
    {
        var call = NewCall<EmptyPayload>();
        return SendAsync(call, MessageId.VmSetAddressLayout, VmSetAddressLayout.Write(call.RequestBuffer(VmSetAddressLayout.Size), vmid, range, @base, rangeSize), ct);
    }

    /// <summary>VM_SET_DEBUG: whether a VM may be debugged, 0 or 1.</summary>
    /// <remarks>
    /// Sender: the VM itself or its owner. Errors: MSG_INVALID above 1, NORESOURCE unknown, DENIED, VM_STATE unless INIT; UNIMPLEMENTED from the
    /// 12/2023 drop. RM (newer): vm_creation.c.
    /// </remarks>
    public ValueTask<RpcResult<EmptyPayload>> VmSetDebugAsync(ushort vmid, byte enabled, CancellationToken ct = default)
    {
        var call = NewCall<EmptyPayload>();
        return SendAsync(call, MessageId.VmSetDebug, VmSetDebug.Write(call.RequestBuffer(VmSetDebug.Size), vmid, enabled), ct);
    }

    /// <summary>IPA_RESERVE: keeps these ranges of the caller's addresses free; all of them, or none. The reply has no list.</summary>
    /// <remarks>Errors: DENIED no allocator or not free, ARGUMENT_INVALID constraints, NORESOURCE above 30 ranges. RM: vm_ipa.c.</remarks>
    public ValueTask<RpcResult<IpaReserveReply>> IpaReserveAsync(
        IpaConstraints constraints,
        uint platformConstraints,
        ReadOnlySpan<SglEntry> ranges,
        CancellationToken ct = default)
    {
        var size = IpaReserve.FixedSize + (ranges.Length * SglEntry.WireSize);
        if (IsTooLong(size, ranges.Length))
            return Refuse<IpaReserveReply>(RpcCallStatus.TooBig, ct);
        var call = NewCall<IpaReserveReply>();
        return SendAsync(call, MessageId.IpaReserve, IpaReserve.Write(call.RequestBuffer(size), constraints, platformConstraints, ranges), ct);
    }

    /// <summary>
    /// IPA_RESERVE: keeps addresses of the caller free that the RM chooses within regions; the reply has them in the order of the wishes.
    /// </summary>
    /// <remarks>Errors: DENIED no allocator or no room, ARGUMENT_INVALID constraints, NORESOURCE above 30 wishes. RM: vm_ipa.c.</remarks>
    public ValueTask<RpcResult<IpaReserveReply>> IpaReserveAsync(
        IpaConstraints constraints,
        uint platformConstraints,
        ReadOnlySpan<IpaAllocation> allocations,
        CancellationToken ct = default)
    {
        var size = IpaReserve.FixedSize + (allocations.Length * IpaAllocation.Size);
        if (IsTooLong(size, allocations.Length))
            return Refuse<IpaReserveReply>(RpcCallStatus.TooBig, ct);
        var call = NewCall<IpaReserveReply>();
        return SendAsync(call, MessageId.IpaReserve, IpaReserve.Write(call.RequestBuffer(size), constraints, platformConstraints, allocations), ct);
    }

    /// <summary>IPA_UNRESERVE: a number with a name; no layout is public.</summary>
    /// <remarks>Every public RM answers UNIMPLEMENTED. RM: vm_ipa.c.</remarks>
    public ValueTask<RpcResult<OpaquePayload>> IpaUnreserveAsync(ReadOnlySpan<byte> payload, CancellationToken ct = default) => RawAsync<OpaquePayload>(MessageId.IpaUnreserve, payload, ct);

    private ValueTask<RpcResult<EmptyPayload>> BootContextAsync(
        MessageId id, ushort vmid, BootRegisterSet registerSet, byte registerIndex, ulong value, CancellationToken ct)
    {
        if (LinuxRefuses(registerSet, registerIndex))
            return Refuse<EmptyPayload>(RpcCallStatus.InvalidArgument, ct);
        var call = NewCall<EmptyPayload>();
        return SendAsync(call, id, VmSetBootContext.Write(call.RequestBuffer(VmSetBootContext.Size), vmid, registerSet, registerIndex, value), ct);
    }

    // Linux: vm_mgr.c. One more of X and of SP than the RM takes.
    private static bool LinuxRefuses(BootRegisterSet registerSet, byte registerIndex) => registerIndex > registerSet switch
    {
        BootRegisterSet.X => 31,
        BootRegisterSet.Pc => 0,
        BootRegisterSet.Sp => 2,
        _ => -1,
    };
}
