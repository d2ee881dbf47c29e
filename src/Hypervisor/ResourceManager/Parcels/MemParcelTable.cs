using RmStack.Protocol.Messages;

namespace RmStack.ResourceManager.Parcels;

/// <summary>
/// All memparcels by handle. Handles count up from 0 for the whole RM; a number that was taken for a request that then
/// failed is not given out again (RM: memparcel.c).
/// </summary>
internal sealed class MemParcelTable
{
    private readonly SortedDictionary<uint, MemParcel> _parcels = [];
    private uint _next;

    /// <summary>All of them, in the order of their handles.</summary>
    public IEnumerable<MemParcel> All => _parcels.Values;

    /// <summary>Takes the next number. It is used up, whatever becomes of the request.</summary>
    public uint TakeHandle()
    {
        while (_next == MemParcels.InvalidHandle || _parcels.ContainsKey(_next)) _next++;
        return _next++;
    }

    /// <summary>The memparcel of a handle, or null.</summary>
    public MemParcel? Find(uint handle) => _parcels.GetValueOrDefault(handle);

    public void Add(MemParcel parcel) => _parcels.Add(parcel.Handle, parcel);

    public void Remove(MemParcel parcel) => _parcels.Remove(parcel.Handle);

    /// <summary>Memparcels that a VM owns.</summary>
    public int CountOwnedBy(ushort vmid)
    {
        var count = 0;
        foreach (var parcel in _parcels.Values)
            if (parcel.Owner == vmid)
                count++;
        return count;
    }

    /// <summary>The memparcel of a handle if its ACL names the VM, or null.</summary>
    public MemParcel? FindFor(ushort vmid, uint handle) => Find(handle) is { } parcel && parcel.RecipientOf(vmid) is not null ? parcel : null;
}
