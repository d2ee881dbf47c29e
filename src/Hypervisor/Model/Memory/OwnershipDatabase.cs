using System.Diagnostics;
using RmStack.Hypervisor.Objects;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Hypervisor.Memory;

/// <summary>A run of physical memory with one owner.</summary>
/// <param name="Start">First physical address.</param>
/// <param name="End">First address after it.</param>
/// <param name="Owner">The memory extent or partition that owns it.</param>
public readonly record struct OwnedRange(ulong Start, ulong End, HypObject Owner);

/// <summary>
/// Who owns which physical page: every page has exactly one owner at any moment (Gunyah: memdb). Adjacent ranges of one
/// owner are kept as one.
/// </summary>
public sealed class OwnershipDatabase
{
    private readonly List<OwnedRange> _ranges = [];

    internal OwnershipDatabase(ulong start, ulong size, HypObject owner) => _ranges.Add(new OwnedRange(start, start + size, owner));

    /// <summary>All of physical memory in ascending order, without gaps.</summary>
    public IReadOnlyList<OwnedRange> Ranges => _ranges;

    /// <summary>Moves a range from one owner to another.</summary>
    /// <returns>MemDbNotOwner, and nothing moved, unless <paramref name="from"/> owns every page of it.</returns>
    internal GunyahError Transfer(ulong start, ulong size, HypObject from, HypObject to)
    {
        if (!IsOwnedBy(start, size, from)) return GunyahError.MemDbNotOwner;
        Replace(start, start + size, to);
        return GunyahError.Ok;
    }

    /// <summary>True when every page of the range belongs to the owner.</summary>
    public bool IsOwnedBy(ulong start, ulong size, HypObject owner)
    {
        var end = start + size;
        if (end < start) return false;
        for (var at = IndexAt(start); start < end; at++)
        {
            if (at < 0 || at >= _ranges.Count || _ranges[at].Owner != owner) return false;
            start = _ranges[at].End;
        }

        return true;
    }

    /// <summary>The parts of a range that belong to an owner, in ascending order.</summary>
    public IEnumerable<OwnedRange> OwnedWithin(ulong start, ulong size, HypObject owner)
    {
        var end = start + size;
        var at = IndexAt(start);
        if (at < 0) at = 0;
        for (; at < _ranges.Count && _ranges[at].Start < end; at++)
        {
            var range = _ranges[at];
            if (range.Owner != owner || range.End <= start) continue;
            yield return new OwnedRange(Math.Max(range.Start, start), Math.Min(range.End, end), owner);
        }
    }

    /// <summary>The owner of the page that holds an address, or null outside memory.</summary>
    public HypObject? OwnerOf(ulong pa)
    {
        var at = IndexAt(pa);
        return at < 0 ? null : _ranges[at].Owner;
    }

    private void Replace(ulong start, ulong end, HypObject owner)
    {
        var at = IndexAt(start);
        Debug.Assert(at >= 0, "ownership outside physical memory");
        var first = _ranges[at];
        var count = 1;
        while (_ranges[at + count - 1].End < end) count++;
        var last = _ranges[at + count - 1];
        _ranges.RemoveRange(at, count);
        if (last.End > end) _ranges.Insert(at, last with { Start = end });
        _ranges.Insert(at, new OwnedRange(start, end, owner));
        if (first.Start < start) _ranges.Insert(at++, first with { End = start });
        Merge(at);
    }

    private void Merge(int at)
    {
        if (at + 1 < _ranges.Count && _ranges[at + 1].Owner == _ranges[at].Owner)
        {
            _ranges[at] = _ranges[at] with { End = _ranges[at + 1].End };
            _ranges.RemoveAt(at + 1);
        }

        if (at > 0 && _ranges[at - 1].Owner == _ranges[at].Owner)
        {
            _ranges[at - 1] = _ranges[at - 1] with { End = _ranges[at].End };
            _ranges.RemoveAt(at);
        }
    }

    private int IndexAt(ulong pa)
    {
        int low = 0, high = _ranges.Count - 1;
        while (low <= high)
        {
            var middle = (low + high) >> 1;
            if (_ranges[middle].End <= pa) low = middle + 1;
            else if (_ranges[middle].Start > pa) high = middle - 1;
            else return middle;
        }

        return -1;
    }
}
