using RmStack.Protocol;
using RmStack.Protocol.Messages;

namespace RmStack.Transport.Rpc;

/// <content>Typed calls: asking and telling about VMs. RM: vm_mgnt.c, vm_get_resources.c.</content>
public sealed partial class RpcClient
{
    /// <summary>VM_GET_ID: GUID, name, URI and signer of a VM; 0 is the caller.</summary>
    /// <remarks>
    /// Sender: the VM itself, its owner, a peer. Errors: NORESOURCE unknown or none of these, VM_STATE unless READY, RUNNING or PAUSED,
    /// VALIDATE_FAILED, NOMEM. RM: vm_mgnt.c.
    /// </remarks>
    public ValueTask<RpcResult<VmGetIdReply>> VmGetIdAsync(ushort vmid, CancellationToken ct = default)
    {
        var call = NewCall<VmGetIdReply>();
        return SendAsync(call, MessageId.VmGetId, VmGetId.Write(call.RequestBuffer(VmGetId.Size), vmid), ct);
    }

    /// <summary>VM_LOOKUP_URI: the VMs with this URI that the caller may ask about; none is a success.</summary>
    /// <remarks>
    /// Errors: ARGUMENT_INVALID above 79 characters, NOMEM. The downstream driver takes any number but one for a failure. RM: vm_mgnt.c.
    /// </remarks>
    public ValueTask<RpcResult<VmListReply>> VmLookupUriAsync(ReadOnlySpan<byte> uri, CancellationToken ct = default)
    {
        var size = VmLookupName.SizeOf(uri.Length);
        if (IsTooLong(size, uri.Length))
            return Refuse<VmListReply>(RpcCallStatus.TooBig, ct);
        var call = NewCall<VmListReply>();
        return SendAsync(call, MessageId.VmLookupUri, VmLookupName.Write(call.RequestBuffer(size), uri), ct);
    }

    /// <summary>VM_LOOKUP_GUID: the VMs with this GUID that the caller may ask about; none is a success. 16 bytes in reading order.</summary>
    /// <remarks>Any other length is sent as it is. Errors: ARGUMENT_INVALID nothing, MSG_INVALID not 16 bytes. RM: vm_mgnt.c.</remarks>
    public ValueTask<RpcResult<VmListReply>> VmLookupGuidAsync(ReadOnlySpan<byte> guid, CancellationToken ct = default) => RawAsync<VmListReply>(MessageId.VmLookupGuid, guid, ct);

    /// <summary>VM_LOOKUP_NAME: the VMs with this name that the caller may ask about; none is a success.</summary>
    /// <remarks>
    /// Errors: ARGUMENT_INVALID above 79 characters, NOMEM. The downstream driver takes any number but one for a failure. RM: vm_mgnt.c.
    /// </remarks>
    public ValueTask<RpcResult<VmListReply>> VmLookupNameAsync(ReadOnlySpan<byte> name, CancellationToken ct = default)
    {
        var size = VmLookupName.SizeOf(name.Length);
        if (IsTooLong(size, name.Length))
            return Refuse<VmListReply>(RpcCallStatus.TooBig, ct);
        var call = NewCall<VmListReply>();
        return SendAsync(call, MessageId.VmLookupName, VmLookupName.Write(call.RequestBuffer(size), name), ct);
    }

    /// <summary>VM_GET_OWNER: VMID of the caller's owner.</summary>
    /// <remarks>Errors: none but MSG_INVALID. RM: vm_mgnt.c.</remarks>
    public ValueTask<RpcResult<VmidReply>> VmGetOwnerAsync(CancellationToken ct = default) => SendAsync(NewCall<VmidReply>(), MessageId.VmGetOwner, 0, ct);

    /// <summary>VM_GET_STATE: state of a VM and of its operating system; 0 is the caller.</summary>
    /// <remarks>Sender: the VM itself, its owner, a peer. Errors: NORESOURCE unknown, DENIED none of these. RM: vm_mgnt.c.</remarks>
    public ValueTask<RpcResult<VmGetStateReply>> VmGetStateAsync(ushort vmid, CancellationToken ct = default)
    {
        var call = NewCall<VmGetStateReply>();
        return SendAsync(call, MessageId.VmGetState, VmGetState.Write(call.RequestBuffer(VmGetState.Size), vmid), ct);
    }

    /// <summary>VM_GET_CRASH_MSG: what the VM left behind by VM_SET_CRASH_MSG, at most 192 bytes; empty when there is nothing.</summary>
    /// <remarks>Sender: owner. Errors: VMID_INVALID unknown or not the owner, NOMEM. RM: vm_mgnt.c.</remarks>
    public ValueTask<RpcResult<VmCrashMsg>> VmGetCrashMsgAsync(ushort vmid, CancellationToken ct = default)
    {
        var call = NewCall<VmCrashMsg>();
        return SendAsync(call, MessageId.VmGetCrashMsg, VmGetCrashMsg.Write(call.RequestBuffer(VmGetCrashMsg.Size), vmid), ct);
    }

    /// <summary>VM_GET_HYP_RESOURCES: capabilities that the caller shares with a VM. Anybody may ask; who shares nothing sees nothing.</summary>
    /// <remarks>
    /// Errors: ARGUMENT_INVALID unknown, NORESOURCE not configured yet, NOMEM. Linux takes a reply of any length but 4 + 44 n for -EBADMSG, as
    /// reading it does here. RM: vm_get_resources.c.
    /// </remarks>
    public ValueTask<RpcResult<VmGetHypResourcesReply>> VmGetHypResourcesAsync(ushort vmid, CancellationToken ct = default)
    {
        var call = NewCall<VmGetHypResourcesReply>();
        return SendAsync(call, MessageId.VmGetHypResources, VmGetHypResources.Write(call.RequestBuffer(VmGetHypResources.Size), vmid), ct);
    }

    /// <summary>VM_GET_HYP_CAPIDS: a number with a name; no layout is public.</summary>
    /// <remarks>Every public RM answers UNIMPLEMENTED. RM: vm_resource_msg.h.</remarks>
    public ValueTask<RpcResult<OpaquePayload>> VmGetHypCapidsAsync(ReadOnlySpan<byte> payload, CancellationToken ct = default) => RawAsync<OpaquePayload>(MessageId.VmGetHypCapids, payload, ct);

    /// <summary>VM_GET_HYP_IRQS: a number with a name; no layout is public.</summary>
    /// <remarks>Every public RM answers UNIMPLEMENTED. RM: vm_resource_msg.h.</remarks>
    public ValueTask<RpcResult<OpaquePayload>> VmGetHypIrqsAsync(ReadOnlySpan<byte> payload, CancellationToken ct = default) => RawAsync<OpaquePayload>(MessageId.VmGetHypIrqs, payload, ct);

    /// <summary>VM_GET_VMID: the caller's own VMID. Linux asks once.</summary>
    /// <remarks>Errors: none but MSG_INVALID. RM: vm_mgnt.c.</remarks>
    public ValueTask<RpcResult<VmidReply>> VmGetVmidAsync(CancellationToken ct = default) => SendAsync(NewCall<VmidReply>(), MessageId.VmGetVmid, 0, ct);

    /// <summary>VM_GET_PEERS: the caller's owner and the VMs that its devices name, in the order of their registration.</summary>
    /// <remarks>Errors: NOMEM. RM: vm_mgnt.c.</remarks>
    public ValueTask<RpcResult<VmListReply>> VmGetPeersAsync(CancellationToken ct = default) => SendAsync(NewCall<VmListReply>(), MessageId.VmGetPeers, 0, ct);

    /// <summary>
    /// VM_SET_STATUS: tells the peers, by VM_STATUS before the reply, how the caller's operating system is; None leaves that as it is.
    /// </summary>
    /// <remarks>Sender: a platform secondary VM. Errors: DENIED for others, ARGUMENT_INVALID state above 7. RM: vm_mgnt.c.</remarks>
    public ValueTask<RpcResult<EmptyPayload>> VmSetStatusAsync(OsState osState, ushort appStatus, CancellationToken ct = default)
    {
        var call = NewCall<EmptyPayload>();
        return SendAsync(call, MessageId.VmSetStatus, VmSetStatus.Write(call.RequestBuffer(VmSetStatus.Size), osState, appStatus), ct);
    }

    /// <summary>VM_SET_CRASH_MSG: leaves a text for the owner, in place of an earlier one. The RM keeps 192 bytes of it.</summary>
    /// <remarks>Errors: NOMEM. RM: vm_mgnt.c.</remarks>
    public ValueTask<RpcResult<EmptyPayload>> VmSetCrashMsgAsync(ReadOnlySpan<byte> text, CancellationToken ct = default)
    {
        var size = VmCrashMsg.SizeOf(text.Length);
        if (IsTooLong(size, text.Length))
            return Refuse<EmptyPayload>(RpcCallStatus.TooBig, ct);
        var call = NewCall<EmptyPayload>();
        return SendAsync(call, MessageId.VmSetCrashMsg, VmCrashMsg.Write(call.RequestBuffer(size), text), ct);
    }

    /// <summary>VM_HOST_GET_TYPE: architecture and kind of the hypervisor.</summary>
    /// <remarks>Errors: none but MSG_INVALID. RM: vm_mgnt.c.</remarks>
    public ValueTask<RpcResult<VmHostGetTypeReply>> VmHostGetTypeAsync(CancellationToken ct = default) => SendAsync(NewCall<VmHostGetTypeReply>(), MessageId.VmHostGetType, 0, ct);
}
