using RmStack.Protocol;
using RmStack.Protocol.Messages;

namespace RmStack.Transport.Rpc;

/// <content>Typed calls: running and ending a VM. RM: vm_mgnt.c.</content>
public sealed partial class RpcClient
{
    /// <summary>VM_START: accepts the VM's memparcels and starts its boot vCPU. VM_STATUS (RUNNING or INIT_FAILED) comes before the reply.</summary>
    /// <remarks>
    /// Sender: owner. Errors that change nothing: VMID_INVALID, DENIED not the owner, VM_STATE unless READY. Errors that cost the VM its state:
    /// NORESOURCE, DENIED, MEM_INVALID, the hypervisor's. RM: vm_mgnt.c.
    /// </remarks>
    public ValueTask<RpcResult<EmptyPayload>> VmStartAsync(ushort vmid, CancellationToken ct = default)
    {
        var call = NewCall<EmptyPayload>();
        return SendAsync(call, MessageId.VmStart, VmStart.Write(call.RequestBuffer(VmStart.Size), vmid), ct);
    }

    /// <summary>
    /// VM_STOP: with Force kills the VM, and VM_STATUS and VM_EXITED come before the reply; without, asks it to end by VM_SHUTDOWN and changes
    /// nothing. Linux sends Force and ForceStop.
    /// </summary>
    /// <remarks>Sender: owner. Errors: VMID_INVALID, for a VM of somebody else as well; VM_STATE unless RUNNING or PAUSED. RM: vm_mgnt.c.</remarks>
    public ValueTask<RpcResult<EmptyPayload>> VmStopAsync(ushort vmid, VmStopFlags flags, StopReason reason, CancellationToken ct = default)
    {
        var call = NewCall<EmptyPayload>();
        return SendAsync(call, MessageId.VmStop, VmStop.Write(call.RequestBuffer(VmStop.Size), vmid, flags, reason), ct);
    }

    /// <summary>
    /// VM_RESET: answered at once, after VM_STATUS RESETTING; what the VM had is cleaned up until VM_STATUS RESET. Only then its memparcels can
    /// be reclaimed.
    /// </summary>
    /// <remarks>
    /// Sender: owner. Errors: VMID_INVALID, for a VM of somebody else as well; DENIED for one that may not be reset; VM_STATE unless EXITED,
    /// READY or INIT_FAILED. RM: vm_mgnt.c.
    /// </remarks>
    public ValueTask<RpcResult<EmptyPayload>> VmResetAsync(ushort vmid, CancellationToken ct = default)
    {
        var call = NewCall<EmptyPayload>();
        return SendAsync(call, MessageId.VmReset, VmReset.Write(call.RequestBuffer(VmReset.Size), vmid), ct);
    }

    /// <summary>
    /// VM_EXIT: the caller ends itself with a <see cref="VmExitCode"/>. The reply is for nobody; a call that is answered was refused.
    /// </summary>
    /// <remarks>
    /// Sender: a VM that is not HLOS. Errors: ARGUMENT_INVALID for a VM whose crash is fatal, MSG_INVALID code 2 or above 4. RM: vm_mgnt.c.
    /// </remarks>
    public ValueTask<RpcResult<EmptyPayload>> VmExitAsync(VmExitFlags flags, byte code, CancellationToken ct = default)
    {
        var call = NewCall<EmptyPayload>();
        return SendAsync(call, MessageId.VmExit, VmExit.Write(call.RequestBuffer(VmExit.Size), flags, code), ct);
    }

    /// <summary>VM_SUSPEND: a number with a name; no layout is public.</summary>
    /// <remarks>Every public RM answers UNIMPLEMENTED. RM: vm_mgnt_message.h.</remarks>
    public ValueTask<RpcResult<OpaquePayload>> VmSuspendAsync(ReadOnlySpan<byte> payload, CancellationToken ct = default) => RawAsync<OpaquePayload>(MessageId.VmSuspend, payload, ct);

    /// <summary>VM_RESUME: a number with a name; no layout is public.</summary>
    /// <remarks>Every public RM answers UNIMPLEMENTED. RM: vm_mgnt_message.h.</remarks>
    public ValueTask<RpcResult<OpaquePayload>> VmResumeAsync(ReadOnlySpan<byte> payload, CancellationToken ct = default) => RawAsync<OpaquePayload>(MessageId.VmResume, payload, ct);
}
