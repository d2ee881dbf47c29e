using RmStack.Machine.DeviceTree;
using RmStack.Protocol;
using RmStack.Protocol.Messages;
using RmStack.ResourceManager.Vms;

namespace RmStack.ResourceManager.Devices;

/// <summary>Something that the RM puts into a VM because the VM's configuration asks for it (RM: vm_config.c, vdevices).</summary>
internal abstract class VDevice(Vm vm, Vm peer)
{
    /// <summary>The VM that has it.</summary>
    public Vm Vm { get; } = vm;

    /// <summary>The VM at the other end.</summary>
    public Vm Peer { get; } = peer;

    /// <summary>Makes its objects and hands out its capabilities. What a failure leaves is for <see cref="Destroy"/>.</summary>
    public abstract RmError Create();

    /// <summary>Takes everything back.</summary>
    public abstract void Destroy();

    /// <summary>Adds its node to what is laid over the VM's device tree. False when the tree cannot hold it.</summary>
    public abstract bool TryDescribe(DeviceTreeNode root);

    /// <summary>What VM_GET_HYP_RESOURCES tells the VM that has it.</summary>
    public virtual bool TryGetOwnResource(out HypResource resource)
    {
        resource = default;
        return false;
    }

    /// <summary>What VM_GET_HYP_RESOURCES tells the VM at the other end.</summary>
    public virtual bool TryGetPeerResource(out HypResource resource)
    {
        resource = default;
        return false;
    }
}
