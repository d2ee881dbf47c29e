using RmStack.Protocol;
using RmStack.Protocol.Messages;
using RmStack.ResourceManager.Vms;

namespace RmStack.ResourceManager.Services;

/// <summary>VM_ALLOCATE and VM_DEALLOCATE (RM: vm_mgnt.c).</summary>
internal sealed class VmAllocationService
{
    private readonly RmServer _rm;

    private VmAllocationService(RmServer rm) => _rm = rm;

    public static void AddTo(RmServer rm)
    {
        var service = new VmAllocationService(rm);
        rm.Requests.Add(MessageId.VmAllocate, service.Allocate);
        rm.Requests.Add(MessageId.VmDeallocate, service.Deallocate);
    }

    private RmError Allocate(Vm caller, ReadOnlySpan<byte> payload, ref ReplyPayload reply)
    {
        if (!Targets.IsHlos(caller)) return RmError.Denied;
        var status = VmAllocate.TryParse(payload, out var request);
        if (status != DecodeStatus.Ok) return RmErrors.FromDecodeStatus(status);
        if (_rm.Vms.Allocate(request.Vmid, caller) is not { } vm) return RmError.NoResource;

        // The caller knows a VMID that it chose itself.
        if (request.Vmid == 0) reply.Length = VmAllocateReply.Write(reply.Buffer, vm.Vmid);
        return RmError.Ok;
    }

    private RmError Deallocate(Vm caller, ReadOnlySpan<byte> payload, ref ReplyPayload reply)
    {
        var status = VmDeallocate.TryParse(payload, out var request);
        if (status != DecodeStatus.Ok) return RmErrors.FromDecodeStatus(status);
        var error = Targets.Find(_rm.Vms, request.Vmid, caller, VmEvent.Deallocated, out var vm);
        if (error != RmError.Ok) return error;
        vm.Move(VmEvent.Deallocated);
        _rm.Vms.Remove(vm);
        return RmError.Ok;
    }
}
