using FsCheck.Xunit;

namespace RmStack.Host.Tests;

public class PageAllocatorTests
{
    private const ulong Base = 0x4000_0000;

    [Property]
    public void No_page_is_given_twice_and_none_that_is_reserved(byte[] sizes, bool scattered)
    {
        var reserved = new MemoryRange(Base + 0x10_0800, 0x2_0000);
        var pages = new PageAllocator([new MemoryRange(Base, 0x100_0000)], [reserved]);
        var taken = new HashSet<ulong>();
        foreach (var size in sizes)
        {
            if (!pages.TryAllocate((size % 40) + 1, scattered ? PageLayout.Scattered : PageLayout.Contiguous, 4096, out var got)) break;
            Assert.Equal((size % 40) + 1, got.Length);
            foreach (var page in got)
            {
                Assert.True(taken.Add(page));
                Assert.Equal(0UL, page % 4096);
                Assert.InRange(page, Base, Base + 0x100_0000 - 4096);
                Assert.True(page + 4096 <= reserved.Base || page >= reserved.End);
            }
        }
    }

    [Property]
    public void What_is_freed_in_any_order_is_one_run_again(int seed)
    {
        var pages = new PageAllocator([new MemoryRange(Base, 64 * 4096)], []);
        Assert.True(pages.TryAllocate(64, PageLayout.Contiguous, 4096, out var all));
        Assert.Equal(0UL, pages.FreePages);
        var order = all.OrderBy(page => HashCode.Combine(page, seed)).ToArray();
        pages.Free(order);
        Assert.Equal(64UL, pages.FreePages);
        Assert.True(pages.TryAllocate(64, PageLayout.Contiguous, 4096, out var again));
        Assert.Equal(all, again);
    }

    [Fact]
    public void A_run_begins_where_it_is_asked_to()
    {
        var pages = new PageAllocator([new MemoryRange(Base + 0x3000, 0x80_0000)], []);
        Assert.True(pages.TryAllocate(512, PageLayout.Contiguous, 2 << 20, out var run));
        Assert.Equal(Base + 0x20_0000, run[0]);
        Assert.Equal(Base + 0x3f_f000, run[^1]);
    }

    [Fact]
    public void Scattered_pages_cannot_be_merged()
    {
        var pages = new PageAllocator([new MemoryRange(Base, 0x100_0000)], []);
        Assert.True(pages.TryAllocate(100, PageLayout.Scattered, 4096, out var got));
        var region = new MemoryRegion { Label = 0, GuestAddress = 0x8000_0000, Pages = got };
        Assert.Equal(100, region.Coalesce().Count);
    }

    [Fact]
    public void Too_much_is_refused_and_takes_nothing()
    {
        var pages = new PageAllocator([new MemoryRange(Base, 0x10_000)], []);
        Assert.False(pages.TryAllocate(17, PageLayout.Contiguous, 4096, out _));
        Assert.False(pages.TryAllocate(17, PageLayout.Scattered, 4096, out _));
        Assert.Equal(16UL, pages.FreePages);
    }

    [Property]
    public void A_region_coalesces_to_the_same_pages_in_the_same_order(ushort[] numbers)
    {
        var list = numbers.Distinct().Select(n => Base + ((ulong)n * 4096)).ToArray();
        var region = new MemoryRegion { Label = 0, GuestAddress = 0, Pages = list };
        var ranges = region.Coalesce();
        Assert.Equal(list, ranges.SelectMany(range => Enumerable.Range(0, (int)(range.Size / 4096)).Select(n => range.Ipa + ((ulong)n * 4096))));
        for (var n = 1; n < ranges.Count; n++) Assert.NotEqual(ranges[n - 1].Ipa + ranges[n - 1].Size, ranges[n].Ipa);
    }
}
