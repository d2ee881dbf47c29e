using RmStack.Protocol;
using RmStack.Protocol.Messages;

namespace RmStack.Transport.Rpc;

/// <content>Typed calls: interrupt lending. RM: irq_manager.c.</content>
public sealed partial class RpcClient
{
    /// <summary>
    /// VM_IRQ_ACCEPT: takes a lent interrupt under the number wanted; 0xFFFFFFFF leaves it to the RM, and is the only one that works but for the
    /// hardware's own. The reply has the number.
    /// </summary>
    /// <remarks>
    /// Sender: borrower. Errors: HANDLE_INVALID, IN_USE not offered, DENIED number taken, ARGUMENT_INVALID, NOMEM. RM: irq_manager.c.
    /// </remarks>
    public ValueTask<RpcResult<VmIrqAcceptReply>> VmIrqAcceptAsync(uint handle, uint virq, CancellationToken ct = default)
    {
        var call = NewCall<VmIrqAcceptReply>();
        return SendAsync(call, MessageId.VmIrqAccept, VmIrqAccept.Write(call.RequestBuffer(VmIrqAccept.Size), handle, virq), ct);
    }

    /// <summary>VM_IRQ_LEND: offers one of the caller's hardware interrupts to a VM, which need not exist. The reply has the handle.</summary>
    /// <remarks>Sender: owner. Errors: IRQ_INVALID, IRQ_INUSE lent already, NOMEM. RM: irq_manager.c.</remarks>
    public ValueTask<RpcResult<VmIrqHandleReply>> VmIrqLendAsync(ushort borrower, uint virq, uint label, CancellationToken ct = default)
    {
        var call = NewCall<VmIrqHandleReply>();
        return SendAsync(call, MessageId.VmIrqLend, VmIrqLend.Write(call.RequestBuffer(VmIrqLend.Size), borrower, virq, label), ct);
    }

    /// <summary>VM_IRQ_RELEASE: the borrower gives an interrupt back.</summary>
    /// <remarks>Sender: borrower. Errors: HANDLE_INVALID, IN_USE not accepted, ARGUMENT_INVALID. RM: irq_manager.c.</remarks>
    public ValueTask<RpcResult<EmptyPayload>> VmIrqReleaseAsync(uint handle, CancellationToken ct = default)
    {
        var call = NewCall<EmptyPayload>();
        return SendAsync(call, MessageId.VmIrqRelease, VmIrqRelease.Write(call.RequestBuffer(VmIrqRelease.Size), handle), ct);
    }

    /// <summary>VM_IRQ_RECLAIM: the owner takes a released interrupt back.</summary>
    /// <remarks>Sender: owner. Errors: HANDLE_INVALID, IN_USE still accepted, IRQ_INVALID not the owner. RM: irq_manager.c.</remarks>
    public ValueTask<RpcResult<EmptyPayload>> VmIrqReclaimAsync(uint handle, CancellationToken ct = default)
    {
        var call = NewCall<EmptyPayload>();
        return SendAsync(call, MessageId.VmIrqReclaim, VmIrqReclaim.Write(call.RequestBuffer(VmIrqReclaim.Size), handle), ct);
    }

    /// <summary>VM_IRQ_NOTIFY: tells the other side of a lent interrupt something, before the reply. Only Lent may name the borrower.</summary>
    /// <remarks>
    /// Sender: owner (Lent) or borrower. Errors: MSG_INVALID, HANDLE_INVALID, ARGUMENT_INVALID flags or VM, IRQ_INUSE, IRQ_RELEASED. RM:
    /// irq_manager.c.
    /// </remarks>
    public ValueTask<RpcResult<EmptyPayload>> VmIrqNotifyAsync(
        uint handle,
        IrqNotifyFlags flags,
        ReadOnlySpan<VmidEntry> vmids = default,
        CancellationToken ct = default)
    {
        var size = vmids.IsEmpty ? VmIrqNotify.FixedSize : VmIrqNotify.SizeOf(vmids.Length);
        if (IsTooLong(size, vmids.Length))
            return Refuse<EmptyPayload>(RpcCallStatus.TooBig, ct);
        var call = NewCall<EmptyPayload>();
        return SendAsync(call, MessageId.VmIrqNotify, vmids.IsEmpty
            ? VmIrqNotify.Write(call.RequestBuffer(size), handle, flags)
            : VmIrqNotify.Write(call.RequestBuffer(size), handle, flags, vmids), ct);
    }

    /// <summary>VM_IRQ_UNMAP: a number with a name; what its layout is, is not settled.</summary>
    /// <remarks>Every public RM answers UNIMPLEMENTED. RM: irq_message.h.</remarks>
    public ValueTask<RpcResult<OpaquePayload>> VmIrqUnmapAsync(ReadOnlySpan<byte> payload, CancellationToken ct = default) => RawAsync<OpaquePayload>(MessageId.VmIrqUnmap, payload, ct);
}
