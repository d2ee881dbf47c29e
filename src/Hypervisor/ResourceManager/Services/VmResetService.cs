using RmStack.Protocol;
using RmStack.Protocol.Hypercalls;
using RmStack.Protocol.Messages;
using RmStack.ResourceManager.Platform;
using RmStack.ResourceManager.Trees;
using RmStack.ResourceManager.Vms;
using RmStack.Transport.Rpc;

namespace RmStack.ResourceManager.Services;

/// <summary>
/// VM_RESET: answered at once; then everything of the VM is cleaned up piece by piece, each in an event of its own, so
/// that other requests are answered in between (RM: vm_mgnt.c).
/// </summary>
internal sealed class VmResetService
{
    private readonly RmServer _rm;
    private readonly RmPlatform _platform;

    private VmResetService(RmServer rm)
    {
        _rm = rm;
        _platform = rm.Platform;
    }

    public static RpcHandlerGroup<Vm> Handlers(RmServer rm) => new RpcHandlerGroup<Vm>().Add<VmReset, EmptyPayload>(MessageId.VmReset, new VmResetService(rm).Reset);

    private RmError Reset(Vm caller, scoped in VmReset request, ref RpcReplyWriter<EmptyPayload> reply)
    {
        var error = Targets.FindOwn(_rm.Vms, request.Vmid, caller, out var vm);
        if (error != RmError.Ok) return error;
        if (vm.Config?.Tree is { } tree && (tree.Attributes & VmAttributes.NoReset) != VmAttributes.None) return RmError.Denied;
        if (!vm.May(VmEvent.ResetBegun)) return RmError.VmState;

        if (vm.State != VmState.Exited) vm.Objects?.Kill();
        vm.Move(VmEvent.ResetBegun);
        _rm.Notifications.Status(vm);
        _rm.Continue(() => CleanUpAsync(vm));
        return RmError.Ok;
    }

    private async Task CleanUpAsync(Vm vm)
    {
        // Behind the reply.
        await Task.Yield();
        while (vm.Devices.Count > 0)
        {
            vm.Devices[0].Destroy();
            vm.Devices.RemoveAt(0);
            await Task.Yield();
        }

        while (vm.AcceptedParcels.Count > 0)
        {
            _rm.Acceptance.Release(vm.AcceptedParcels[^1], vm);
            await Task.Yield();
        }

        if (vm.Objects is { } objects)
        {
            foreach (var vcpu in objects.Vcpus) await EndAsync(vcpu);
            DestroyObjects(vm, objects);
            await Task.Yield();
        }

        vm.Clear();
        vm.Move(VmEvent.ResetDone);
        _rm.Notifications.Status(vm);
        _rm.Vms.ForgetPeers(vm);
    }

    // A killed vCPU is gone only once it has run to its end; nobody may be left who would run it.
    private async Task EndAsync(VmVcpu vcpu)
    {
        while (vcpu.Killed)
        {
            var check = _platform.Hyp.RunCheck(vcpu.Cap);
            if (check is { Error: GunyahError.Ok, State: HypConstants.RunStatePoweredOff, Data0: HypConstants.PoweredOffForGood }) return;
            if (!vcpu.ProxyScheduled || (await _platform.Hyp.RunAsync(vcpu.Cap)).Error != GunyahError.Ok) await Task.Yield();
        }
    }

    private void DestroyObjects(Vm vm, VmObjects objects)
    {
        var owner = _rm.Vms.Find(vm.Owner);
        foreach (var vcpu in objects.Vcpus)
        {
            if (vcpu.HaltVirq != 0)
            {
                _platform.Context.Interrupts.Disable(vcpu.HaltVirq);
                _platform.Hyp.UnbindVcpuVirq(vcpu.Cap, HypConstants.VcpuVirqHalt);
                _platform.Virqs.Give(ref vcpu.HaltVirq);
            }

            if (vcpu.WakeVirq != 0) _platform.Hyp.UnbindVcpuVirq(vcpu.Cap, HypConstants.VcpuVirqWakeup);
            if (owner?.Objects is not { } ownerObjects) continue;
            owner.Virqs.Give(ref vcpu.WakeVirq);
            _platform.Take(ref vcpu.OwnerCap, ownerObjects.CSpace);
        }

        objects.Destroy();
        vm.Objects = null;
    }
}
