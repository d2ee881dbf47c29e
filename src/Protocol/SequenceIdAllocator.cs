using System.Diagnostics;
using System.Numerics;

namespace RmStack.Protocol;

/// <summary>
/// Sequence ids of open calls, handed out cyclically: 0, 1, 2, ... and round again, skipping ids in use. Linux: xa_alloc_cyclic on
/// 0..65535 (v11 on), idr_alloc_cyclic on 0..65534 (before).
/// </summary>
public sealed class SequenceIdAllocator
{
    /// <summary>Last id of the xarray allocator.</summary>
    public const int XArrayLast = 65535;

    /// <summary>Last id of the IDR allocator, whose upper bound is exclusive.</summary>
    public const int IdrLast = 65534;

    private const int BitsPerWord = 64;
    private readonly ulong[] _used;
    private int _next;

    /// <summary>All ids from 0 to <paramref name="last"/> are free.</summary>
    public SequenceIdAllocator(int last = XArrayLast)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)last, (uint)XArrayLast, nameof(last));
        Last = last;
        _used = new ulong[(last / BitsPerWord) + 1];
        // Bits beyond the last id count as used, so that the scan never offers them.
        var spare = (_used.Length * BitsPerWord) - (last + 1);
        if (spare > 0)
            _used[^1] = ulong.MaxValue << (BitsPerWord - spare);
    }

    /// <summary>Largest id.</summary>
    public int Last { get; }

    /// <summary>Ids in use.</summary>
    public int InUse { get; private set; }

    /// <summary>Takes the first free id at or after the one that follows the last id taken. False when all are in use.</summary>
    public bool TryAllocate(out ushort id)
    {
        id = 0;
        if (InUse > Last)
            return false;
        var found = FindFree(_next);
        if (found < 0)
            found = FindFree(0);
        Debug.Assert(found >= 0, "a free id was counted and is not there");
        _used[found / BitsPerWord] |= 1UL << (found % BitsPerWord);
        InUse++;
        _next = found == Last ? 0 : found + 1;
        id = (ushort)found;
        return true;
    }

    /// <summary>Gives an id back.</summary>
    public void Free(ushort id)
    {
        Debug.Assert(IsInUse(id), "the id is not in use");
        _used[id / BitsPerWord] &= ~(1UL << (id % BitsPerWord));
        InUse--;
    }

    /// <summary>Whether the id belongs to an open call.</summary>
    public bool IsInUse(ushort id) => id <= Last && (_used[id / BitsPerWord] >> (id % BitsPerWord) & 1) != 0;

    private int FindFree(int from)
    {
        var word = from / BitsPerWord;
        var free = ~_used[word] & (ulong.MaxValue << (from % BitsPerWord));
        while (free == 0)
        {
            if (++word == _used.Length)
                return -1;
            free = ~_used[word];
        }

        return (word * BitsPerWord) + BitOperations.TrailingZeroCount(free);
    }
}
