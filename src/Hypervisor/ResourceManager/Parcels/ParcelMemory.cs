using RmStack.Protocol;
using RmStack.Protocol.Hypercalls;
using RmStack.Protocol.Messages;
using RmStack.ResourceManager.Platform;
using RmStack.ResourceManager.Vms;

namespace RmStack.ResourceManager.Parcels;

/// <summary>What memparcels do to memory: which extent owns the pages, and who has them mapped where (RM: memparcel.c, mem_region.c).</summary>
internal sealed class ParcelMemory(RmPlatform platform, RmDrop drop)
{
    /// <summary>
    /// Takes memory from its owner into a memparcel. The owner loses LENT and DONATED memory at once and keeps SHARED
    /// memory with the rights that the ACL gives it. On a refusal everything that this call took is given back.
    /// </summary>
    public RmError Take(MemParcel parcel, Vm owner, WireList<SglEntry> sgl)
    {
        var before = parcel.Regions.Count;
        foreach (var entry in sgl)
        {
            var error = parcel.MemType == MemType.Io ? RefuseIo(entry) : TakeRange(parcel, owner, entry);
            if (error == RmError.Ok) continue;
            GiveBack(parcel, owner, before);
            return error;
        }

        if (parcel.Sanitized) Zero(parcel, before);
        return RmError.Ok;
    }

    /// <summary>Gives memory back to its owner, from a region on: the owner's own mapping of it lives again.</summary>
    public void GiveBack(MemParcel parcel, Vm owner, int firstRegion = 0)
    {
        for (var n = parcel.Regions.Count - 1; n >= firstRegion; n--)
        {
            var region = parcel.Regions[n];
            if (parcel.TransType == MemTransType.Share)
                platform.Hyp.Unmap(owner.Objects!.AddressSpace, parcel.Extent, region.OwnerIpa, HypConstants.MapPartial, region.Offset, region.Size);
            platform.Hyp.Donate(HypConstants.DonateToSibling, parcel.Extent, owner.Objects!.MemExtent, region.Offset, region.Size);
        }

        parcel.Regions.RemoveRange(firstRegion, parcel.Regions.Count - firstRegion);
    }

    /// <summary>Writes zeroes into a memparcel's memory, from a region on.</summary>
    public void Zero(MemParcel parcel, int firstRegion = 0)
    {
        for (var n = firstRegion; n < parcel.Regions.Count; n++)
            platform.Hyp.ModifyExtent(parcel.Extent, HypConstants.ModifyZeroRange, parcel.Regions[n].Offset, parcel.Regions[n].Size);
    }

    /// <summary>Maps all regions of a memparcel for a recipient, one behind the other, at addresses that have been taken.</summary>
    /// <returns>The hypervisor's refusal; nothing stays mapped then.</returns>
    public GunyahError MapContiguous(MemParcel parcel, ParcelRecipient recipient, Vm vm, ulong ipa)
    {
        var attributes = HypConstants.MapAttributes(recipient.Rights, parcel.AttributeOf(vm.Vmid));
        foreach (var region in parcel.Regions)
        {
            var error = platform.Hyp.Map(vm.Objects!.AddressSpace, parcel.Extent, ipa, attributes, HypConstants.MapPartial, region.Offset, region.Size);
            if (error != GunyahError.Ok)
            {
                Unmap(parcel, recipient, vm);
                return error;
            }

            recipient.Mappings.Add(new ParcelMapping(ipa, region));
            ipa += region.Size;
        }

        return GunyahError.Ok;
    }

    /// <summary>Removes a recipient's mappings.</summary>
    public void Unmap(MemParcel parcel, ParcelRecipient recipient, Vm vm)
    {
        foreach (var (ipa, region) in recipient.Mappings)
            platform.Hyp.Unmap(vm.Objects!.AddressSpace, parcel.Extent, ipa, HypConstants.MapPartial, region.Offset, region.Size);
        recipient.Mappings.Clear();
    }

    // The platform has no device memory that the primary VM could give away, and RAM is none.
    private RmError RefuseIo(SglEntry entry)
    {
        var memory = platform.Configuration;
        var isRam = entry.Ipa >= memory.MemoryBase && entry.Ipa - memory.MemoryBase < memory.MemorySize;
        return isRam || !IsValid(entry) ? RmError.ArgumentInvalid : RmError.MemInvalid;
    }

    private RmError TakeRange(MemParcel parcel, Vm owner, SglEntry entry)
    {
        if (!IsValid(entry)) return RmError.ArgumentInvalid;
        ulong done = 0;
        do
        {
            var ipa = entry.Ipa + done;
            var found = platform.Hyp.Lookup(owner.Objects!.AddressSpace, owner.Objects.MemExtent, ipa, entry.Size - done);
            if (found.Error != GunyahError.Ok) return Refusal(found.Error, RmError.MemInvalid);
            var error = TakePiece(parcel, owner, new ParcelRegion(ipa, found.Size, found.Offset));
            if (error != RmError.Ok) return error;
            done += found.Size;
        }
        while (done < entry.Size);

        return RmError.Ok;
    }

    private RmError TakePiece(MemParcel parcel, Vm owner, in ParcelRegion region)
    {
        var keeps = parcel.TransType == MemTransType.Share;
        if (keeps)
        {
            // Mapped before it is owned: the mapping lives from the moment the pages change hands.
            var attributes = HypConstants.MapAttributes(parcel.RecipientOf(owner.Vmid)!.Rights, parcel.AttributeOf(owner.Vmid));
            var mapped = platform.Hyp.Map(
                owner.Objects!.AddressSpace, parcel.Extent, region.OwnerIpa, attributes, HypConstants.MapPartial, region.Offset, region.Size);
            if (mapped != GunyahError.Ok) return Refusal(mapped, RmError.MapFailed);
        }

        var donated = platform.Hyp.Donate(HypConstants.DonateToSibling, owner.Objects!.MemExtent, parcel.Extent, region.Offset, region.Size);
        if (donated == GunyahError.Ok)
        {
            parcel.Regions.Add(region);
            return RmError.Ok;
        }

        if (keeps) platform.Hyp.Unmap(owner.Objects.AddressSpace, parcel.Extent, region.OwnerIpa, HypConstants.MapPartial, region.Offset, region.Size);
        return Refusal(donated, RmError.MemInvalid);
    }

    // The newer RM tells the hypervisor's lack of memory apart.
    private RmError Refusal(GunyahError error, RmError otherwise) =>
        drop == RmDrop.Rm2 && error is GunyahError.NoMem or GunyahError.NoResources ? RmError.HypNoMem : otherwise;

    private static bool IsValid(SglEntry entry) =>
        MemParcels.IsValidAddressOrSize(entry.Ipa) && MemParcels.IsValidAddressOrSize(entry.Size);
}
