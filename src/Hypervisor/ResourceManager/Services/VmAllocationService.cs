using RmStack.Protocol;
using RmStack.Protocol.Messages;
using RmStack.ResourceManager.Vms;
using RmStack.Transport.Rpc;

namespace RmStack.ResourceManager.Services;

/// <summary>VM_ALLOCATE and VM_DEALLOCATE (RM: vm_mgnt.c).</summary>
internal sealed class VmAllocationService
{
    private readonly RmServer _rm;

    private VmAllocationService(RmServer rm) => _rm = rm;

    public static RpcHandlerGroup<Vm> Handlers(RmServer rm)
    {
        var service = new VmAllocationService(rm);
        return new RpcHandlerGroup<Vm>()
            .Add<VmAllocate, VmAllocateReply>(MessageId.VmAllocate, service.Allocate, Targets.HlosOnly)
            .Add<VmDeallocate, EmptyPayload>(MessageId.VmDeallocate, service.Deallocate);
    }

    private RmError Allocate(Vm caller, scoped in VmAllocate request, ref RpcReplyWriter<VmAllocateReply> reply)
    {
        if (_rm.Vms.Allocate(request.Vmid, caller) is not { } vm) return RmError.NoResource;

        // The caller knows a VMID that it chose itself.
        if (request.Vmid == 0) reply.Write(vm.Vmid);
        return RmError.Ok;
    }

    private RmError Deallocate(Vm caller, scoped in VmDeallocate request, ref RpcReplyWriter<EmptyPayload> reply)
    {
        var error = Targets.Find(_rm.Vms, request.Vmid, caller, VmEvent.Deallocated, out var vm);
        if (error != RmError.Ok) return error;
        vm.Move(VmEvent.Deallocated);
        _rm.Vms.Remove(vm);
        return RmError.Ok;
    }
}
