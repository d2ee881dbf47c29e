using FsCheck.Xunit;

namespace RmStack.Protocol.Tests.Framing;

public sealed class SequenceIdAllocatorTests
{
    [Theory]
    [InlineData(SequenceIdAllocator.XArrayLast)]
    [InlineData(SequenceIdAllocator.IdrLast)]
    public void Ids_start_at_zero_run_to_the_last_one_and_wrap(int last)
    {
        var ids = new SequenceIdAllocator(last);
        for (var expected = 0; expected <= last; expected++)
        {
            Assert.True(ids.TryAllocate(out var id));
            Assert.Equal(expected, id);
            ids.Free(id);
        }

        Assert.True(ids.TryAllocate(out var wrapped));
        Assert.Equal(0, wrapped);
    }

    [Fact]
    public void A_freed_id_is_not_reused_before_the_counter_comes_round()
    {
        var ids = new SequenceIdAllocator();
        Assert.True(ids.TryAllocate(out var first));
        ids.Free(first);
        Assert.True(ids.TryAllocate(out var second));
        Assert.Equal(1, second);
    }

    [Fact]
    public void All_ids_in_use_is_a_plain_no()
    {
        var ids = new SequenceIdAllocator(SequenceIdAllocator.IdrLast);
        for (var i = 0; i <= SequenceIdAllocator.IdrLast; i++)
            Assert.True(ids.TryAllocate(out _));
        Assert.False(ids.TryAllocate(out _));
        ids.Free(4711);
        Assert.True(ids.TryAllocate(out var id));
        Assert.Equal(4711, id);
    }

    [Property]
    public void It_allocates_as_a_sorted_set_would(byte lastSeed, bool[] steps)
    {
        var last = lastSeed % 70;
        var ids = new SequenceIdAllocator(last);
        var used = new SortedSet<int>();
        var next = 0;
        foreach (var allocate in steps.Concat(Enumerable.Repeat(true, 80)))
        {
            if (!allocate && used.Count > 0)
            {
                var victim = used.ElementAt(used.Count / 2);
                used.Remove(victim);
                ids.Free((ushort)victim);
                continue;
            }

            var free = Enumerable.Range(next, last + 1 - next).Concat(Enumerable.Range(0, next)).Where(i => !used.Contains(i)).Select(i => (int?)i).FirstOrDefault();
            Assert.Equal(free.HasValue, ids.TryAllocate(out var id));
            if (free is not { } expected)
                continue;
            Assert.Equal(expected, id);
            used.Add(expected);
            next = expected == last ? 0 : expected + 1;
            Assert.Equal(used.Count, ids.InUse);
        }
    }
}
