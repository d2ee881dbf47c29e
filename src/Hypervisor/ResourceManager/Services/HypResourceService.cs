using RmStack.Protocol;
using RmStack.Protocol.Messages;
using RmStack.ResourceManager.Vms;
using RmStack.Transport.Rpc;

namespace RmStack.ResourceManager.Services;

/// <summary>VM_GET_HYP_RESOURCES: what the caller holds of another VM. Anybody may ask; who has nothing sees nothing (RM: vm_get_resources.c).</summary>
internal sealed class HypResourceService
{
    private readonly RmServer _rm;

    private HypResourceService(RmServer rm) => _rm = rm;

    public static RpcHandlerGroup<Vm> Handlers(RmServer rm) =>
        new RpcHandlerGroup<Vm>().Add<VmGetHypResources, VmGetHypResourcesReply>(MessageId.VmGetHypResources, new HypResourceService(rm).Get);

    private RmError Get(Vm caller, scoped in VmGetHypResources request, ref RpcReplyWriter<VmGetHypResourcesReply> reply)
    {
        if (_rm.Vms.Find(request.Vmid) is not { } vm) return RmError.ArgumentInvalid;
        var existsFromBoot = vm == _rm.Vms.Rm || vm == _rm.Vms.Hlos;
        if (!existsFromBoot && vm.Config is null) return RmError.NoResource;

        var writer = new VmGetHypResourcesReply.Writer(reply.Buffer);
        var fits = true;
        var seesVcpus = vm.Owner == caller.Vmid || (Targets.IsHlos(caller) && vm == _rm.Vms.Rm);
        if (seesVcpus && vm.Objects is { } objects)
        {
            foreach (var vcpu in objects.Vcpus)
                if (vcpu.OwnerCap.IsValid)
                    fits &= writer.TryAdd(Describe(vcpu));
        }

        foreach (var device in caller.Devices)
            if (device.Peer == vm && device.TryGetOwnResource(out var resource))
                fits &= writer.TryAdd(resource);
        foreach (var device in vm.Devices)
            if (device.Peer == caller && device.TryGetPeerResource(out var resource))
                fits &= writer.TryAdd(resource);
        if (!fits) return RmError.NoMem;
        reply.Length = writer.End();
        return RmError.Ok;
    }

    private static HypResource Describe(VmVcpu vcpu)
    {
        var label = vcpu.ProxyScheduled ? (uint)vcpu.Index : vcpu.Core;
        return new HypResource(ResourceType.VirtualCpu, 0, label, vcpu.OwnerCap, vcpu.ProxyScheduled ? vcpu.WakeVirq : HypResource.NoVirqAllOnes);
    }
}
