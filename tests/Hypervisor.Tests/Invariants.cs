using RmStack.Hypervisor.Objects;

namespace RmStack.Hypervisor.Tests;

/// <summary>What must hold at any moment, whatever VMs have done.</summary>
internal static class Invariants
{
    /// <summary>Every page has one owner, and every stage-2 entry maps a page of an extent that owns it and has a mapping there.</summary>
    public static void Check(GunyahHypervisor hypervisor)
    {
        var expected = hypervisor.PhysicalMemory.Base;
        foreach (var range in hypervisor.Ownership.Ranges)
        {
            Assert.Equal(expected, range.Start);
            Assert.True(range.End > range.Start, "an empty ownership range");
            expected = range.End;
        }

        Assert.Equal(hypervisor.PhysicalMemory.Base + hypervisor.PhysicalMemory.Size, expected);
        foreach (var extent in hypervisor.Ownership.Ranges.Select(r => r.Owner).OfType<MemExtent>().Distinct())
            Assert.Equal(ObjectState.Active, extent.State);

        foreach (var space in hypervisor.Ownership.Ranges.Select(r => r.Owner).OfType<MemExtent>().Distinct()
            .SelectMany(e => e.Mappings).Select(m => m.Space).Concat(hypervisor.Scheduler.VCpus.Select(v => v.AddressSpace!)).Distinct())
        {
            foreach (var live in space.Stage2.Mappings)
            {
                for (ulong at = 0; at < live.Size;)
                {
                    var pa = live.Pa + at;
                    var owner = Assert.IsType<MemExtent>(hypervisor.Ownership.OwnerOf(pa));
                    var run = hypervisor.Ownership.OwnedWithin(pa, live.Size - at, owner).First();
                    var ipa = live.Ipa + at;
                    Assert.Contains(owner.Mappings, m => m.Space == space && ipa >= m.Vbase && ipa - m.Vbase < m.Size
                        && m.Offset + (ipa - m.Vbase) + owner.Base == pa);
                    at += Math.Min(run.End - run.Start, 0x1000);
                    if (live.Size > 0x10_0000) at += 0xf_f000;
                }
            }
        }
    }
}
