using FsCheck.Xunit;
using RmStack.ResourceManager.Platform;

namespace RmStack.ResourceManager.Tests;

/// <summary>The RM's own book-keeping of numbers and addresses.</summary>
public class PlatformTests
{
    [Fact]
    public void The_lowest_free_interrupt_is_given_out_and_used_again()
    {
        var pool = new VirqPool(960, 963);
        Assert.True(pool.TryTake(out var first));
        Assert.True(pool.TryTake(out var second));
        Assert.Equal((960u, 961u), (first, second));
        pool.Give(ref first);
        Assert.Equal(0u, first);
        Assert.True(pool.TryTake(out var again));
        Assert.Equal(960u, again);
        Assert.True(pool.TryTakeExactly(962));
        Assert.False(pool.TryTakeExactly(962));
        Assert.True(pool.TryTake(out var last));
        Assert.Equal(963u, last);
        Assert.False(pool.TryTake(out _));
        Assert.False(pool.TryTakeExactly(31));
        Assert.False(pool.TryTakeExactly(1020));
    }

    [Property]
    public void Ranges_given_out_never_overlap_and_stay_inside(byte[] choices)
    {
        const ulong Start = 0x1000, End = 0x2_0000;
        var ranges = new AddressRanges(Start, End);
        var taken = new List<(ulong Address, ulong Size)>();
        for (var n = 0; n + 1 < choices.Length; n += 2)
        {
            ulong size = ((ulong)(choices[n] & 7) + 1) * 0x1000, from = (ulong)(choices[n + 1] & 31) * 0x1000;
            if ((choices[n] & 0xc0) == 0xc0 && taken.Count > 0)
            {
                var at = choices[n + 1] % taken.Count;
                ranges.Free(taken[at].Address, taken[at].Size);
                taken.RemoveAt(at);
                continue;
            }

            var got = (choices[n] & 0x40) != 0 ? ranges.TryAllocate(size, 0x2000, from, out var address) : ranges.TryReserve(address = from, size);
            var free = !taken.Exists(t => address < t.Address + t.Size && t.Address < address + size);
            if ((choices[n] & 0x40) == 0) Assert.Equal(free && address >= Start && address + size <= End, got);
            if (!got) continue;
            Assert.True(free && address >= Start && address + size <= End);
            taken.Add((address, size));
        }

        Assert.Equal(taken.Select(t => (t.Address, t.Address + t.Size)).Order(), ranges.Used);
    }

    [Fact]
    public void A_range_at_the_end_of_the_address_space_does_not_wrap()
    {
        var ranges = new AddressRanges(0x1000, 1UL << 36);
        Assert.False(ranges.TryReserve(ulong.MaxValue - 0xfff, 0x1000));
        Assert.False(ranges.TryReserve((1UL << 36) - 0x1000, 0x2000));
        Assert.False(ranges.TryReserve(0x1000, ulong.MaxValue));
        Assert.False(ranges.TryReserve(0x1000, 0));
        Assert.True(ranges.TryReserve((1UL << 36) - 0x1000, 0x1000));
    }

    [Fact]
    public void The_same_seed_gives_the_same_numbers()
    {
        var one = new SeededNumbers(7);
        var other = new SeededNumbers(7);
        Assert.Equal(one.Next(), other.Next());
        Assert.NotEqual(one.Next(), new SeededNumbers(8).Next());
    }
}
