using RmStack.Hypervisor.Native;

namespace RmStack.Host;

/// <summary>
/// The VMM's mapping of the memory that it made for a guest. While the memory is lent, touching it aborts.
/// </summary>
/// <param name="memory">The primary VM's memory.</param>
/// <param name="pages">The pages, in the guest's order.</param>
public sealed class GuestRam(VmMemory memory, IReadOnlyList<ulong> pages)
{
    private const int PageSize = (int)PageAllocator.PageSize;

    /// <summary>The pages, in the guest's order, by the primary VM's addresses.</summary>
    public IReadOnlyList<ulong> Pages { get; } = pages;

    /// <summary>Bytes.</summary>
    public ulong Size => (ulong)Pages.Count * PageAllocator.PageSize;

    /// <summary>Zeroes all of it.</summary>
    public void Clear()
    {
        foreach (var page in Pages) memory.Clear(page, PageAllocator.PageSize);
    }

    /// <summary>Writes at an offset.</summary>
    public void Write(ulong offset, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var within = (int)(offset % PageSize);
            var run = Math.Min(bytes.Length, PageSize - within);
            memory.Write(Pages[(int)(offset / PageSize)] + (ulong)within, bytes[..run]);
            bytes = bytes[run..];
            offset += (ulong)run;
        }
    }

    /// <summary>Loads one word from the start of a page; false and the abort where the primary VM may not.</summary>
    public bool TryTouch(int page, out ulong word, out MemoryAbort abort)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        var readable = memory.TryRead(Pages[page], bytes, out abort);
        word = readable ? BitConverter.ToUInt64(bytes) : 0;
        return readable;
    }

    /// <summary>Pages that the primary VM can load from.</summary>
    public int CountReachable()
    {
        var count = 0;
        for (var page = 0; page < Pages.Count; page++)
            if (TryTouch(page, out _, out _))
                count++;
        return count;
    }
}
