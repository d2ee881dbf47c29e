namespace RmStack.ResourceManager.Platform;

/// <summary>
/// Which intermediate physical addresses of one VM are in use, within the range that the RM may give out (RM:
/// range_list).
/// </summary>
internal sealed class AddressRanges
{
    private readonly ulong _start;
    private readonly ulong _end;
    private readonly List<(ulong Start, ulong End)> _used = [];

    /// <summary>All of a range, unused.</summary>
    public AddressRanges(ulong start, ulong end)
    {
        _start = start;
        _end = end;
    }

    /// <summary>The ranges in use, in ascending order.</summary>
    public IReadOnlyList<(ulong Start, ulong End)> Used => _used;

    /// <summary>Takes a range. False when part of it is taken or outside.</summary>
    public bool TryReserve(ulong address, ulong size)
    {
        if (size == 0 || address < _start || address > _end || size > _end - address) return false;
        var end = address + size;
        var at = 0;
        while (at < _used.Count && _used[at].End <= address) at++;
        if (at < _used.Count && _used[at].Start < end) return false;
        _used.Insert(at, (address, end));
        return true;
    }

    /// <summary>Takes the lowest free range at or above an address.</summary>
    /// <param name="size">Bytes.</param>
    /// <param name="alignment">A power of two.</param>
    /// <param name="from">Where to begin looking.</param>
    /// <param name="address">First address of what was taken.</param>
    public bool TryAllocate(ulong size, ulong alignment, ulong from, out ulong address)
    {
        address = AlignUp(Math.Max(from, _start), alignment);
        foreach (var (start, end) in _used)
        {
            if (end <= address) continue;
            if (start >= address && start - address >= size) break;
            address = AlignUp(end, alignment);
        }

        return TryReserve(address, size);
    }

    /// <summary>Gives back a range that was taken as a whole.</summary>
    public void Free(ulong address, ulong size) => _used.Remove((address, address + size));

    private static ulong AlignUp(ulong address, ulong alignment) => (address + alignment - 1) & ~(alignment - 1);
}
