using RmStack.Protocol.Hypercalls;
using RmStack.ResourceManager.Vms;

namespace RmStack.ResourceManager.Parcels;

/// <summary>Memparcels in VMs that have accepted them: mapped at addresses of the VM, and blocked for their owner (RM: memparcel.c).</summary>
internal sealed class ParcelAcceptance(ParcelMemory memory, Notifications notifications)
{
    /// <summary>Accepts a memparcel for a VM, contiguous at an address. Its owner is not told.</summary>
    /// <returns>False, and nothing changed, when the addresses are in use or the mapping is refused.</returns>
    public bool TryAccept(MemParcel parcel, Vm vm, ulong ipa)
    {
        var recipient = parcel.RecipientOf(vm.Vmid)!;
        var size = parcel.Size;
        if (recipient.Accepted || !vm.Addresses.TryReserve(ipa, size)) return false;
        if (memory.MapContiguous(parcel, recipient, vm, ipa) != GunyahError.Ok)
        {
            vm.Addresses.Free(ipa, size);
            return false;
        }

        recipient.Addresses.Add((ipa, size));
        parcel.Accepted(recipient);
        vm.AcceptedParcels.Add(parcel);
        return true;
    }

    /// <summary>Releases a memparcel for a VM that is being reset, and tells its owner.</summary>
    public void Release(MemParcel parcel, Vm vm)
    {
        var recipient = parcel.RecipientOf(vm.Vmid)!;
        memory.Unmap(parcel, recipient, vm);
        foreach (var (ipa, size) in recipient.Addresses) vm.Addresses.Free(ipa, size);
        recipient.Addresses.Clear();
        parcel.Released(recipient);
        vm.AcceptedParcels.Remove(parcel);
        notifications.Released(parcel, vm);
    }
}
