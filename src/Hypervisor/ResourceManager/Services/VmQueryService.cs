using RmStack.Protocol;
using RmStack.Protocol.Messages;
using RmStack.ResourceManager.Vms;
using RmStack.Transport.Rpc;

namespace RmStack.ResourceManager.Services;

/// <summary>VM_GET_STATE, VM_GET_VMID, VM_GET_OWNER, VM_GET_PEERS and VM_HOST_GET_TYPE (RM: vm_mgnt.c).</summary>
internal sealed class VmQueryService
{
    private readonly RmServer _rm;

    private VmQueryService(RmServer rm) => _rm = rm;

    public static RpcHandlerGroup<Vm> Handlers(RmServer rm) => new RpcHandlerGroup<Vm>()
        .Add<VmGetState, VmGetStateReply>(MessageId.VmGetState, new VmQueryService(rm).GetState)
        .Add<EmptyPayload, VmidReply>(MessageId.VmGetVmid, GetVmid)
        .Add<EmptyPayload, VmidReply>(MessageId.VmGetOwner, GetOwner)
        .Add<EmptyPayload, VmListReply>(MessageId.VmGetPeers, GetPeers)
        .Add<EmptyPayload, VmHostGetTypeReply>(MessageId.VmHostGetType, HostGetType);

    private RmError GetState(Vm caller, scoped in VmGetState request, ref RpcReplyWriter<VmGetStateReply> reply)
    {
        var vm = request.Vmid == Vmids.Hypervisor ? caller : _rm.Vms.Find(request.Vmid);
        if (vm is null) return RmError.NoResource;
        if (!vm.MayBeQueriedBy(caller)) return RmError.Denied;
        reply.Write(vm.State, vm.OsState, vm.AppStatus);
        return RmError.Ok;
    }

    private static RmError GetVmid(Vm caller, scoped in EmptyPayload request, ref RpcReplyWriter<VmidReply> reply)
    {
        reply.Write(caller.Vmid);
        return RmError.Ok;
    }

    private static RmError GetOwner(Vm caller, scoped in EmptyPayload request, ref RpcReplyWriter<VmidReply> reply)
    {
        reply.Write(caller.Owner);
        return RmError.Ok;
    }

    private static RmError GetPeers(Vm caller, scoped in EmptyPayload request, ref RpcReplyWriter<VmListReply> reply)
    {
        var peers = new VmidEntry[caller.Peers.Count];
        for (var n = 0; n < peers.Length; n++) peers[n] = new VmidEntry(caller.Peers[n]);
        reply.Write(peers);
        return RmError.Ok;
    }

    private static RmError HostGetType(Vm caller, scoped in EmptyPayload request, ref RpcReplyWriter<VmHostGetTypeReply> reply)
    {
        reply.Write(VmHostType.AArch64, VmHostType.GunyahWithRm, VmHostType.Version);
        return RmError.Ok;
    }
}
