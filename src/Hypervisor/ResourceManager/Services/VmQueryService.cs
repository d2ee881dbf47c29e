using RmStack.Protocol;
using RmStack.Protocol.Messages;
using RmStack.ResourceManager.Vms;

namespace RmStack.ResourceManager.Services;

/// <summary>VM_GET_STATE, VM_GET_VMID, VM_GET_OWNER, VM_GET_PEERS and VM_HOST_GET_TYPE (RM: vm_mgnt.c).</summary>
internal sealed class VmQueryService
{
    private readonly RmServer _rm;

    private VmQueryService(RmServer rm) => _rm = rm;

    public static void AddTo(RmServer rm)
    {
        var service = new VmQueryService(rm);
        rm.Requests.Add(MessageId.VmGetState, service.GetState);
        rm.Requests.Add(MessageId.VmGetVmid, GetVmid);
        rm.Requests.Add(MessageId.VmGetOwner, GetOwner);
        rm.Requests.Add(MessageId.VmGetPeers, GetPeers);
        rm.Requests.Add(MessageId.VmHostGetType, HostGetType);
    }

    private RmError GetState(Vm caller, ReadOnlySpan<byte> payload, ref ReplyPayload reply)
    {
        var status = VmGetState.TryParse(payload, out var request);
        if (status != DecodeStatus.Ok) return RmErrors.FromDecodeStatus(status);
        var vm = request.Vmid == Vmids.Hypervisor ? caller : _rm.Vms.Find(request.Vmid);
        if (vm is null) return RmError.NoResource;
        if (!vm.MayBeQueriedBy(caller)) return RmError.Denied;
        reply.Length = VmGetStateReply.Write(reply.Buffer, vm.State, vm.OsState, vm.AppStatus);
        return RmError.Ok;
    }

    private static RmError GetVmid(Vm caller, ReadOnlySpan<byte> payload, ref ReplyPayload reply)
    {
        if (!payload.IsEmpty) return RmError.MsgInvalid;
        reply.Length = VmidReply.Write(reply.Buffer, caller.Vmid);
        return RmError.Ok;
    }

    private static RmError GetOwner(Vm caller, ReadOnlySpan<byte> payload, ref ReplyPayload reply)
    {
        if (!payload.IsEmpty) return RmError.MsgInvalid;
        reply.Length = VmidReply.Write(reply.Buffer, caller.Owner);
        return RmError.Ok;
    }

    private static RmError GetPeers(Vm caller, ReadOnlySpan<byte> payload, ref ReplyPayload reply)
    {
        if (!payload.IsEmpty) return RmError.MsgInvalid;
        var peers = new VmidEntry[caller.Peers.Count];
        for (var n = 0; n < peers.Length; n++) peers[n] = new VmidEntry(caller.Peers[n]);
        reply.Length = VmListReply.Write(reply.Buffer, peers);
        return RmError.Ok;
    }

    private static RmError HostGetType(Vm caller, ReadOnlySpan<byte> payload, ref ReplyPayload reply)
    {
        if (!payload.IsEmpty) return RmError.MsgInvalid;
        reply.Length = VmHostGetTypeReply.Write(reply.Buffer, VmHostType.AArch64, VmHostType.GunyahWithRm, VmHostType.Version);
        return RmError.Ok;
    }
}
