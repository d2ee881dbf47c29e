namespace RmStack.Host;

/// <summary>How an allocation is laid out.</summary>
public enum PageLayout
{
    /// <summary>One run of pages.</summary>
    Contiguous,

    /// <summary>Single pages, no two of them neighbours: what an aged system gives a process.</summary>
    Scattered,
}

/// <summary>
/// The primary VM's free pages (Linux: the page allocator, as far as the Gunyah drivers see it). Lowest address first, so
/// the same requests get the same pages.
/// </summary>
public sealed class PageAllocator
{
    /// <summary>Bytes of a page.</summary>
    public const ulong PageSize = 4096;

    private readonly SortedDictionary<ulong, ulong> _free = [];

    /// <summary>All of some RAM but what is in use.</summary>
    /// <param name="memory">The RAM.</param>
    /// <param name="reserved">Ranges that must not be given out; partial pages count as whole ones.</param>
    public PageAllocator(IEnumerable<MemoryRange> memory, IEnumerable<MemoryRange> reserved)
    {
        ArgumentNullException.ThrowIfNull(memory);
        ArgumentNullException.ThrowIfNull(reserved);
        foreach (var range in memory)
        {
            var start = (range.Base + PageSize - 1) & ~(PageSize - 1);
            var end = range.End & ~(PageSize - 1);
            if (end > start) _free[start] = end;
        }

        foreach (var range in reserved) Reserve(range.Base & ~(PageSize - 1), (range.End + PageSize - 1) & ~(PageSize - 1));
    }

    /// <summary>Pages that nobody has.</summary>
    public ulong FreePages
    {
        get
        {
            ulong pages = 0;
            foreach (var (start, end) in _free) pages += (end - start) / PageSize;
            return pages;
        }
    }

    /// <summary>Takes pages.</summary>
    /// <param name="count">How many.</param>
    /// <param name="layout">Contiguous or scattered.</param>
    /// <param name="alignment">A contiguous run begins at a multiple of this, bytes; a power of two.</param>
    /// <param name="pages">Their addresses.</param>
    /// <returns>False when there are not so many (-ENOMEM).</returns>
    public bool TryAllocate(int count, PageLayout layout, ulong alignment, out ulong[] pages)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        pages = [];
        return layout == PageLayout.Contiguous ? TryTakeRun(count, alignment, out pages) : TryTakeScattered(count, out pages);
    }

    /// <summary>Gives pages back.</summary>
    public void Free(IEnumerable<ulong> pages)
    {
        ArgumentNullException.ThrowIfNull(pages);
        foreach (var page in pages) Release(page, page + PageSize);
    }

    private bool TryTakeRun(int count, ulong alignment, out ulong[] pages)
    {
        var size = (ulong)count * PageSize;
        foreach (var (start, end) in _free)
        {
            var aligned = (start + alignment - 1) & ~(alignment - 1);
            if (aligned < start || aligned + size > end) continue;
            Reserve(aligned, aligned + size);
            pages = new ulong[count];
            for (var n = 0; n < count; n++) pages[n] = aligned + ((ulong)n * PageSize);
            return true;
        }

        pages = [];
        return false;
    }

    // Every other page, and each pair of neighbours in the list the wrong way round, so that nothing can be merged.
    private bool TryTakeScattered(int count, out ulong[] pages)
    {
        var taken = new List<ulong>(count);
        foreach (var (start, end) in _free)
            for (var page = start; page < end && taken.Count < count; page += 2 * PageSize)
                taken.Add(page);
        pages = [];
        if (taken.Count < count) return false;
        foreach (var page in taken) Reserve(page, page + PageSize);
        for (var n = 0; n + 1 < taken.Count; n += 2) (taken[n], taken[n + 1]) = (taken[n + 1], taken[n]);
        pages = [.. taken];
        return true;
    }

    private void Reserve(ulong start, ulong end)
    {
        foreach (var (freeStart, freeEnd) in _free.Where(run => run.Key < end && run.Value > start).ToList())
        {
            _free.Remove(freeStart);
            if (freeStart < start) _free[freeStart] = start;
            if (freeEnd > end) _free[end] = freeEnd;
        }
    }

    private void Release(ulong start, ulong end)
    {
        if (_free.Remove(end, out var mergedEnd)) end = mergedEnd;
        foreach (var (freeStart, freeEnd) in _free)
        {
            if (freeEnd != start) continue;
            _free[freeStart] = end;
            return;
        }

        _free[start] = end;
    }
}
