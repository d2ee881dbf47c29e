using RmStack.Protocol;
using RmStack.Protocol.Messages;

namespace RmStack.Transport.Rpc;

/// <content>Typed calls: memparcels. RM: memparcel.c.</content>
public sealed partial class RpcClient
{
    /// <summary>
    /// MEM_DONATE: gives memory away for good, to the one VM in the ACL, once it accepts. The reply names the memparcel; 0 is a handle.
    /// </summary>
    /// <remarks>
    /// Sender: owner of the memory. Errors: MSG_INVALID, NORESOURCE a list above 512, ARGUMENT_INVALID an entry or combination, DENIED too many
    /// memparcels, VMID_INVALID an attribute for a VM that is not in the ACL, MEM_INVALID memory that is not the caller's, MAP_FAILED, NOMEM
    /// (newer RM HYP_NOMEM, RM_NOMEM). RM: memparcel.c.
    /// </remarks>
    public ValueTask<RpcResult<MemHandleReply>> MemDonateAsync(
        MemType memType,
        MemCreateFlags flags,
        uint label,
        ReadOnlySpan<AclEntry> acl,
        ReadOnlySpan<SglEntry> sgl,
        ReadOnlySpan<MemAttributeEntry> attributes,
        CancellationToken ct = default) =>
        MemCreateAsync(MessageId.MemDonate, memType, flags, label, acl, sgl, attributes, ct);

    /// <summary>
    /// MEM_ACCEPT: takes a memparcel into the caller's address space, at the addresses of <paramref name="sgl"/>, or where the RM chooses when
    /// there are none; the reply then has them. Repeat without Done while it says Incomplete.
    /// </summary>
    /// <remarks>
    /// Sender: recipient. Errors: HANDLE_INVALID, ARGUMENT_INVALID, VALIDATE_FAILED not what the caller expects, DENIED owner or accepted
    /// before, VMID_INVALID not in the ACL, NORESOURCE addresses, MEM_INVALID, MAP_FAILED, NOMEM. RM: memparcel.c.
    /// </remarks>
    public ValueTask<RpcResult<MemAcceptReply>> MemAcceptAsync(
        uint handle,
        MemType memType,
        MemTransType transType,
        MemAcceptFlags flags,
        uint label,
        ReadOnlySpan<AclEntry> acl,
        ushort mapVmid,
        ReadOnlySpan<SglEntry> sgl,
        ReadOnlySpan<MemAttributeEntry> attributes,
        CancellationToken ct = default)
    {
        var size = MemAccept.SizeOf(acl.Length, sgl.Length, attributes.Length);
        if (IsTooLong(size, acl.Length, sgl.Length, attributes.Length))
            return Refuse<MemAcceptReply>(RpcCallStatus.TooBig, ct);
        var call = NewCall<MemAcceptReply>();
        var length = MemAccept.Write(call.RequestBuffer(size), handle, memType, transType, flags, label, acl, mapVmid, sgl, attributes);
        return SendAsync(call, MessageId.MemAccept, length, ct);
    }

    /// <summary>MEM_LEND: lends memory; the owner has no access until it reclaims. The reply names the memparcel; 0 is a handle.</summary>
    /// <remarks>
    /// Sender: owner of the memory. Linux refuses, and so nothing is sent, more than 255 ACL entries and no SGL entry at all. It sends at most
    /// 512 SGL entries and the rest, with Append, by MEM_APPEND; what is given here is sent as it is. Errors: MSG_INVALID, NORESOURCE a list
    /// above 512, ARGUMENT_INVALID an entry or combination, DENIED too many memparcels, VMID_INVALID an attribute for a VM that is not in the
    /// ACL, MEM_INVALID memory that is not the caller's, MAP_FAILED, NOMEM (newer RM HYP_NOMEM, RM_NOMEM). RM: memparcel.c.
    /// </remarks>
    public ValueTask<RpcResult<MemHandleReply>> MemLendAsync(
        MemType memType,
        MemCreateFlags flags,
        uint label,
        ReadOnlySpan<AclEntry> acl,
        ReadOnlySpan<SglEntry> sgl,
        ReadOnlySpan<MemAttributeEntry> attributes,
        CancellationToken ct = default) =>
        LinuxRefuses(acl, sgl)
            ? Refuse<MemHandleReply>(RpcCallStatus.InvalidArgument, ct)
            : MemCreateAsync(MessageId.MemLend, memType, flags, label, acl, sgl, attributes, ct);

    /// <summary>MEM_SHARE: shares memory; the owner is in the ACL and keeps access. The reply names the memparcel; 0 is a handle.</summary>
    /// <remarks>
    /// Sender: owner of the memory. Refused as <see cref="MemLendAsync"/> is. Errors: MSG_INVALID, NORESOURCE a list above 512, ARGUMENT_INVALID
    /// an entry or combination, DENIED too many memparcels, VMID_INVALID an attribute for a VM that is not in the ACL, MEM_INVALID memory that
    /// is not the caller's, MAP_FAILED, NOMEM (newer RM HYP_NOMEM, RM_NOMEM). RM: memparcel.c.
    /// </remarks>
    public ValueTask<RpcResult<MemHandleReply>> MemShareAsync(
        MemType memType,
        MemCreateFlags flags,
        uint label,
        ReadOnlySpan<AclEntry> acl,
        ReadOnlySpan<SglEntry> sgl,
        ReadOnlySpan<MemAttributeEntry> attributes,
        CancellationToken ct = default) =>
        LinuxRefuses(acl, sgl)
            ? Refuse<MemHandleReply>(RpcCallStatus.InvalidArgument, ct)
            : MemCreateAsync(MessageId.MemShare, memType, flags, label, acl, sgl, attributes, ct);

    /// <summary>MEM_RELEASE: the recipient gives a memparcel back; the owner is not told.</summary>
    /// <remarks>
    /// Sender: recipient. Errors: HANDLE_INVALID unknown or not in the ACL, DENIED owner, MEM_RELEASED not accepted, ARGUMENT_INVALID sanitise,
    /// MAP_FAILED. RM: memparcel.c.
    /// </remarks>
    public ValueTask<RpcResult<EmptyPayload>> MemReleaseAsync(uint handle, MemSanitizeFlags flags, CancellationToken ct = default)
    {
        var call = NewCall<EmptyPayload>();
        return SendAsync(call, MessageId.MemRelease, MemRelease.Write(call.RequestBuffer(MemRelease.MinSize), handle, flags), ct);
    }

    /// <summary>MEM_RECLAIM: the owner takes a memparcel back, which ends it. Linux sends no flags.</summary>
    /// <remarks>
    /// Sender: owner. Errors: HANDLE_INVALID, DENIED not the owner, MEM_INUSE a recipient still has it, ARGUMENT_INVALID sanitise. RM:
    /// memparcel.c.
    /// </remarks>
    public ValueTask<RpcResult<EmptyPayload>> MemReclaimAsync(uint handle, MemSanitizeFlags flags, CancellationToken ct = default)
    {
        var call = NewCall<EmptyPayload>();
        return SendAsync(call, MessageId.MemReclaim, MemReclaim.Write(call.RequestBuffer(MemReclaim.MinSize), handle, flags), ct);
    }

    /// <summary>
    /// MEM_NOTIFY: tells the other side of a memparcel something, before the reply. Shared and Recall go with a list of VMs; with other flags an
    /// empty list is none.
    /// </summary>
    /// <remarks>
    /// Sender: owner (Shared, Recall) or recipient. Errors: HANDLE_INVALID, ARGUMENT_INVALID flags, tag or VM, DENIED not the owner,
    /// VMID_INVALID, MEM_RELEASED, MEM_INUSE. RM: memparcel.c.
    /// </remarks>
    public ValueTask<RpcResult<EmptyPayload>> MemNotifyAsync(
        uint handle,
        MemNotifyFlags flags,
        uint tag,
        ReadOnlySpan<VmidEntry> vmids = default,
        CancellationToken ct = default)
    {
        var hasVmids = flags is MemNotifyFlags.Shared or MemNotifyFlags.Recall || !vmids.IsEmpty;
        var size = hasVmids ? MemNotify.SizeOf(vmids.Length) : MemNotify.FixedSize;
        if (IsTooLong(size, vmids.Length))
            return Refuse<EmptyPayload>(RpcCallStatus.TooBig, ct);
        var call = NewCall<EmptyPayload>();
        return SendAsync(call, MessageId.MemNotify, hasVmids
            ? MemNotify.Write(call.RequestBuffer(size), handle, flags, tag, vmids)
            : MemNotify.Write(call.RequestBuffer(size), handle, flags, tag), ct);
    }

    /// <summary>MEM_APPEND: more memory for a memparcel that was made with Append; Done with the last part.</summary>
    /// <remarks>
    /// Sender: owner. Errors: NORESOURCE above 512 entries, ARGUMENT_INVALID, HANDLE_INVALID, DENIED not the owner or complete already,
    /// MEM_INVALID. RM: memparcel.c.
    /// </remarks>
    public ValueTask<RpcResult<EmptyPayload>> MemAppendAsync(uint handle, MemAppendFlags flags, ReadOnlySpan<SglEntry> sgl, CancellationToken ct = default)
    {
        var size = MemAppend.SizeOf(sgl.Length);
        if (IsTooLong(size, sgl.Length))
            return Refuse<EmptyPayload>(RpcCallStatus.TooBig, ct);
        var call = NewCall<EmptyPayload>();
        return SendAsync(call, MessageId.MemAppend, MemAppend.Write(call.RequestBuffer(size), handle, flags, sgl), ct);
    }

    /// <summary>MEM_QCOM_LOOKUP_SGL: finds the caller's memparcel that has exactly these lists and that nobody has accepted.</summary>
    /// <remarks>Sender: owner. Errors: MSG_INVALID, NORESOURCE a list above 512, LOOKUP_FAILED. RM: memparcel.c.</remarks>
    public ValueTask<RpcResult<MemHandleReply>> MemQcomLookupSglAsync(
        MemType memType,
        uint label,
        ReadOnlySpan<AclEntry> acl,
        ReadOnlySpan<SglEntry> sgl,
        ReadOnlySpan<MemAttributeEntry> attributes,
        CancellationToken ct = default)
    {
        var size = MemQcomLookupSgl.SizeOf(acl.Length, sgl.Length, attributes.Length);
        if (IsTooLong(size, acl.Length, sgl.Length, attributes.Length))
            return Refuse<MemHandleReply>(RpcCallStatus.TooBig, ct);
        var call = NewCall<MemHandleReply>();
        return SendAsync(call, MessageId.MemQcomLookupSgl, MemQcomLookupSgl.Write(call.RequestBuffer(size), memType, label, acl, sgl, attributes), ct);
    }

    // Linux: gunyah_rm_mem_lend_common counts ACL entries in a byte.
    private static bool LinuxRefuses(ReadOnlySpan<AclEntry> acl, ReadOnlySpan<SglEntry> sgl) => acl.Length > byte.MaxValue || sgl.IsEmpty;

    private ValueTask<RpcResult<MemHandleReply>> MemCreateAsync(
        MessageId id,
        MemType memType,
        MemCreateFlags flags,
        uint label,
        ReadOnlySpan<AclEntry> acl,
        ReadOnlySpan<SglEntry> sgl,
        ReadOnlySpan<MemAttributeEntry> attributes,
        CancellationToken ct)
    {
        var size = MemLend.SizeOf(acl.Length, sgl.Length, attributes.Length);
        if (IsTooLong(size, acl.Length, sgl.Length, attributes.Length))
            return Refuse<MemHandleReply>(RpcCallStatus.TooBig, ct);
        var call = NewCall<MemHandleReply>();
        return SendAsync(call, id, MemLend.Write(call.RequestBuffer(size), memType, flags, label, acl, sgl, attributes), ct);
    }
}
