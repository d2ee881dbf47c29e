using System.Globalization;
using RmStack.Machine.DeviceTree;
using RmStack.Protocol;
using RmStack.Protocol.Hypercalls;
using RmStack.Protocol.Messages;
using RmStack.ResourceManager.Platform;
using RmStack.ResourceManager.Vms;

namespace RmStack.ResourceManager.Devices;

/// <summary>
/// A doorbell between a VM and its peer. The VM receives, its peer sends; a doorbell-source is the other way round (RM:
/// vm_config.c).
/// </summary>
internal sealed class DoorbellDevice(RmPlatform platform, Vm vm, Vm peer, DoorbellSpec spec) : VDevice(vm, peer)
{
    private CapId _bell = CapId.Invalid;
    private CapId _ownCap = CapId.Invalid;
    private CapId _peerCap = CapId.Invalid;
    private uint _virq;

    private Vm Receiver => spec.VmIsSource ? Peer : Vm;

    /// <inheritdoc/>
    public override RmError Create()
    {
        if (spec.Virq != 0 && !spec.VmIsSource)
        {
            if (!Vm.Virqs.TryTakeExactly(spec.Virq)) return RmError.NoResource;
            _virq = spec.Virq;
        }
        else if (!Receiver.Virqs.TryTake(out _virq))
        {
            return RmError.NoResource;
        }

        var sourceRights = HypRights.DoorbellSend | (spec.SourceCanClear ? HypRights.DoorbellReceive : 0);
        var attempt = new Attempt();
        var made = attempt.Ok(platform.Create(HypercallNumber.PartitionCreateDoorbell), out _bell)
            && attempt.Ok(platform.Hyp.Activate(_bell))
            && attempt.Ok(platform.Hyp.BindDoorbell(_bell, Receiver.Objects!.Vic, _virq))
            && attempt.Ok(platform.Give(_bell, Vm.Objects!.CSpace, spec.VmIsSource ? sourceRights : HypRights.DoorbellReceive), out _ownCap)
            && attempt.Ok(platform.Give(_bell, Peer.Objects!.CSpace, spec.VmIsSource ? HypRights.DoorbellReceive : sourceRights), out _peerCap);
        return made ? RmError.Ok : RmError.NoResource;
    }

    /// <inheritdoc/>
    public override void Destroy()
    {
        if (Peer.Objects is { } peerObjects) platform.Take(ref _peerCap, peerObjects.CSpace);
        if (Vm.Objects is { } objects) platform.Take(ref _ownCap, objects.CSpace);

        // The doorbell unbinds its interrupt when it goes.
        platform.Drop(ref _bell);
        Receiver.Virqs.Give(ref _virq);
    }

    /// <inheritdoc/>
    public override bool TryDescribe(DeviceTreeNode root)
    {
        var unit = _ownCap.Value.ToString("x", CultureInfo.InvariantCulture);
        if (!root.TryGetOrAdd($"{spec.Generate}@{unit}", out var node)) return false;
        node.SetStrings("compatible", spec.VmIsSource ? "qcom,gunyah-doorbell-source" : "qcom,gunyah-doorbell", "qcom,gunyah-capability");
        node.SetU64("reg", _ownCap.Value);
        if (!spec.VmIsSource) node.Set("interrupts", GicBinding.Spi, _virq - VirqPool.FirstShared, spec.Trigger);
        node.Set("qcom,label", spec.Label);
        node.Set("label", spec.Label);
        return true;
    }

    /// <inheritdoc/>
    public override bool TryGetOwnResource(out HypResource resource)
    {
        resource = Resource(isSource: spec.VmIsSource, Peer, _ownCap);
        return _ownCap.IsValid;
    }

    /// <inheritdoc/>
    public override bool TryGetPeerResource(out HypResource resource)
    {
        resource = Resource(isSource: !spec.VmIsSource, Vm, _peerCap);
        return _peerCap.IsValid;
    }

    private HypResource Resource(bool isSource, Vm partner, CapId cap) =>
        new(isSource ? ResourceType.DoorbellSource : ResourceType.Doorbell, partner.Vmid, spec.Label, cap, isSource ? 0 : _virq);
}
