using RmStack.Protocol;
using RmStack.Protocol.Messages;

namespace RmStack.Transport.Rpc;

/// <content>Typed calls: making a VM. RM: vm_mgnt.c, vm_creation.c.</content>
public sealed partial class RpcClient
{
    /// <summary>
    /// VM_ALLOCATE: makes a VM with this VMID (1 to 63, one of the platform's), or with the lowest free dynamic one for 0. The reply names the
    /// VMID that the RM chose.
    /// </summary>
    /// <remarks>
    /// Sender: HLOS. Errors: DENIED for others, NORESOURCE when it is not free or no platform VMID, NOMEM. Linux takes an empty reply to VMID 0
    /// for success and reads a VMID that is not there: look at <see cref="VmAllocateReply.HasVmid"/>. RM: vm_mgnt.c.
    /// </remarks>
    public ValueTask<RpcResult<VmAllocateReply>> VmAllocateAsync(ushort vmid, CancellationToken ct = default)
    {
        var call = NewCall<VmAllocateReply>();
        return SendAsync(call, MessageId.VmAllocate, VmAllocate.Write(call.RequestBuffer(VmAllocate.Size), vmid), ct);
    }

    /// <summary>VM_DEALLOCATE: ends a VM in state LOAD or RESET; its VMID is free at once. Memparcels that name it stay.</summary>
    /// <remarks>Sender: owner. Errors: VMID_INVALID (the real RM stops there), DENIED not the owner, VM_STATE. RM: vm_mgnt.c.</remarks>
    public ValueTask<RpcResult<EmptyPayload>> VmDeallocateAsync(ushort vmid, CancellationToken ct = default)
    {
        var call = NewCall<EmptyPayload>();
        return SendAsync(call, MessageId.VmDeallocate, VmDeallocate.Write(call.RequestBuffer(VmDeallocate.Size), vmid), ct);
    }

    /// <summary>
    /// VM_CONFIG_IMAGE: which memparcel holds image and device tree, and how they are trusted. Offsets and sizes in bytes; Linux sends no image
    /// size. VM_STATUS (INIT, AUTH or INIT_FAILED) comes before the reply.
    /// </summary>
    /// <remarks>
    /// Sender: HLOS, as owner. Errors that change nothing: DENIED, VMID_INVALID, VM_STATE unless LOAD or RESET. Errors that cost the VM its
    /// state: MEM_INVALID no such memparcel, ARGUMENT_INVALID range or mechanism, NOMEM; newer RM also DENIED, MAP_FAILED. RM: vm_creation.c.
    /// </remarks>
    public ValueTask<RpcResult<EmptyPayload>> VmConfigImageAsync(
        ushort vmid,
        AuthMechanism auth,
        uint handle,
        ulong imageOffset,
        ulong imageSize,
        ulong dtbOffset,
        ulong dtbSize,
        CancellationToken ct = default)
    {
        var call = NewCall<EmptyPayload>();
        return SendAsync(call, MessageId.VmConfigImage, VmConfigImage.Write(call.RequestBuffer(VmConfigImage.Size), vmid, auth, handle, imageOffset, imageSize, dtbOffset, dtbSize), ct);
    }

    /// <summary>VM_AUTH_IMAGE: what the platform authenticates the image with. VM_STATUS (INIT or INIT_FAILED) comes before the reply.</summary>
    /// <remarks>
    /// Sender: HLOS, as owner. Errors: DENIED, VMID_INVALID, VM_STATE unless AUTH, the platform's. Android's gunyah_ kernels and the downstream
    /// driver take a payload in the reply for -EINVAL: see <see cref="RpcReplies"/>. RM: vm_creation.c.
    /// </remarks>
    public ValueTask<RpcResult<EmptyPayload>> VmAuthImageAsync(ushort vmid, ReadOnlySpan<AuthParameter> parameters, CancellationToken ct = default)
    {
        var size = VmAuthImage.SizeOf(parameters.Length);
        if (IsTooLong(size, parameters.Length))
            return Refuse<EmptyPayload>(RpcCallStatus.TooBig, ct);
        var call = NewCall<EmptyPayload>();
        return SendAsync(call, MessageId.VmAuthImage, VmAuthImage.Write(call.RequestBuffer(size), vmid, parameters), ct);
    }

    /// <summary>VM_INIT: reads the configuration and makes the VM's objects. VM_STATUS (READY or INIT_FAILED) comes before the reply.</summary>
    /// <remarks>
    /// Sender: HLOS, as owner. Errors that change nothing: DENIED, VMID_INVALID, VM_STATE unless INIT. Errors that cost the VM its state:
    /// MEM_INVALID device tree (newer RM VALIDATE_FAILED), ARGUMENT_INVALID configuration, NORESOURCE devices. RM: vm_creation.c.
    /// </remarks>
    public ValueTask<RpcResult<EmptyPayload>> VmInitAsync(ushort vmid, CancellationToken ct = default)
    {
        var call = NewCall<EmptyPayload>();
        return SendAsync(call, MessageId.VmInit, VmInit.Write(call.RequestBuffer(VmInit.Size), vmid), ct);
    }
}
