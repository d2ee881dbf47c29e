using RmStack.Protocol;
using RmStack.Protocol.Messages;
using RmStack.ResourceManager.Parcels;
using RmStack.ResourceManager.Vms;

namespace RmStack.ResourceManager;

/// <summary>What the RM tells VMs without being asked, and whom (RM: vm_mgnt.c, memparcel.c).</summary>
internal sealed class Notifications(RmLinks links, VmTable vms)
{
    /// <summary>VM_STATUS: to every peer that is running and has a link, in the order they became peers.</summary>
    public void Status(Vm vm)
    {
        Span<byte> payload = stackalloc byte[VmStatus.Size];
        VmStatus.Write(payload, vm.Vmid, vm.State, vm.OsState, vm.AppStatus);
        foreach (var peer in vm.Peers)
            if (vms.Find(peer) is { State: VmState.Running })
                links.Notify(peer, MessageId.VmStatus, payload);
    }

    /// <summary>VM_EXITED: to the owner, peer or not.</summary>
    public void Exited(Vm vm, ReadOnlySpan<byte> payload) => links.Notify(vm.Owner, MessageId.VmExited, payload);

    /// <summary>VM_SHUTDOWN: to the VM that is asked to end.</summary>
    public void Shutdown(Vm vm, StopReason reason)
    {
        Span<byte> payload = stackalloc byte[VmShutdown.Size];
        VmShutdown.Write(payload, reason);
        links.Notify(vm.Vmid, MessageId.VmShutdown, payload);
    }

    /// <summary>MEM_RELEASED: to a memparcel's owner.</summary>
    public void Released(MemParcel parcel, Vm recipient)
    {
        Span<byte> payload = stackalloc byte[MemReleased.Size];
        MemReleased.Write(payload, parcel.Handle, recipient.Vmid, parcel.Tag);
        links.Notify(parcel.Owner, MessageId.MemReleased, payload);
    }
}
