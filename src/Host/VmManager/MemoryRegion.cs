using RmStack.Protocol.Messages;

namespace RmStack.Host;

/// <summary>How a region is given to the guest.</summary>
public enum RegionSharing
{
    /// <summary>The host loses it until it is reclaimed.</summary>
    Lend,

    /// <summary>The host keeps it too.</summary>
    Share,
}

/// <summary>
/// Memory of the host that becomes a VM's: pinned pages, merged where they are contiguous (Linux: struct gh_vm_mem; ioctls
/// SET_USER_MEM_REGION and, on Android, LEND_USER_MEM).
/// </summary>
public sealed class MemoryRegion
{
    /// <summary>Bytes of a page.</summary>
    public const ulong PageSize = 4096;

    /// <summary>Number of user space, and the parcel's label.</summary>
    public required uint Label { get; init; }

    /// <summary>What the guest may do there.</summary>
    public MemRights Rights { get; init; } = MemRights.ReadWriteExecute;

    /// <summary>First address in the guest.</summary>
    public required ulong GuestAddress { get; init; }

    /// <summary>The pages, in the guest's order, by the host's addresses.</summary>
    public required IReadOnlyList<ulong> Pages { get; init; }

    /// <summary>Lent or shared.</summary>
    public RegionSharing Sharing { get; init; } = RegionSharing.Lend;

    /// <summary>Bytes.</summary>
    public ulong Size => (ulong)Pages.Count * PageSize;

    /// <summary>The parcel, from VM_START on.</summary>
    public MemParcel? Parcel { get; internal set; }

    /// <summary>True when the memory could not be taken back: it is lost to the host.</summary>
    public bool Leaked { get; internal set; }

    /// <summary>True when a range of the guest's addresses lies wholly in the region.</summary>
    public bool Contains(ulong address, ulong size) =>
        address >= GuestAddress && address - GuestAddress <= Size && size <= Size - (address - GuestAddress);

    /// <summary>True when two regions share a guest address.</summary>
    public bool Overlaps(MemoryRegion other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return GuestAddress < other.GuestAddress + other.Size && other.GuestAddress < GuestAddress + Size;
    }

    /// <summary>The pages as the fewest ranges.</summary>
    public IReadOnlyList<SglEntry> Coalesce()
    {
        var ranges = new List<SglEntry>();
        foreach (var page in Pages)
        {
            if (ranges.Count > 0 && ranges[^1] is var last && last.Ipa + last.Size == page) ranges[^1] = new SglEntry(last.Ipa, last.Size + PageSize);
            else ranges.Add(new SglEntry(page, PageSize));
        }

        return ranges;
    }
}
