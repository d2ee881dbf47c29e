using RmStack.Hypervisor.Objects;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Hypervisor.Tests;

/// <summary>Derived extents and mappings of pages that somebody else owns by now.</summary>
public class ExtentTests
{
    private const ulong Page = 0x1000;
    private const ulong At = 0x9000_0000;
    private const ulong Window = 0x8000_0000;

    private static void Checked(Action<Bench.Root> test)
    {
        using var bench = new Bench();
        bench.Run(root =>
        {
            test(root);
            return Task.CompletedTask;
        });
        Invariants.Check(bench.Hypervisor);
    }

    private static CapId Derive(Bench.Root root, CapId parent, ulong offset, ulong size, uint attributes)
    {
        var extent = root.Create(HypercallNumber.PartitionCreateMemExtent);
        Bench.Root.Ok(root.Calls.ConfigureDerived(extent, parent, offset, size, attributes));
        return extent;
    }

    [Fact]
    public void Unmapping_pages_given_away_leaves_the_mapping_of_their_owner() => Checked(root =>
    {
        var space = root.CreateAddressSpace(9);
        CapId first = root.CreateSparse(), second = root.CreateSparse();
        var offset = At - root.Caps.MemoryBase;
        Bench.Root.Ok(root.Calls.Donate(Bench.DonateToChild, root.Caps.MemExtent, first, offset, Page));
        Bench.Root.Ok(root.Calls.Map(space, first, Window, Bench.MapRwx, Bench.Partial, offset, Page));
        Bench.Root.Ok(root.Calls.Map(space, second, Window, Bench.MapRwx, Bench.Partial, offset, Page));
        Bench.Root.Ok(root.Calls.Donate(Bench.DonateToSibling, first, second, offset, Page));
        Bench.Root.Ok(root.Calls.Unmap(space, first, Window, Bench.Partial, offset, Page));
        Assert.Equal(GunyahError.Ok, root.Calls.Lookup(space, second, Window, Page).Error);
    });

    [Fact]
    public void Deleting_a_derived_extent_that_could_not_be_activated_leaves_its_parents_mappings() => Checked(root =>
    {
        var space = root.CreateAddressSpace(9);
        var parent = root.CreateSparse();
        var offset = At - root.Caps.MemoryBase;
        Bench.Root.Ok(root.Calls.Donate(Bench.DonateToChild, root.Caps.MemExtent, parent, offset, 4 * Page));
        Bench.Root.Ok(root.Calls.Map(space, parent, Window, Bench.MapRwx, Bench.Partial, offset, 4 * Page));
        Bench.Root.Ok(root.Calls.Map(space, parent, Window + (16 * Page), Bench.MapRwx, Bench.Partial, offset, Page));
        var child = Derive(root, parent, offset, 2 * Page, Bench.RwxBasic);
        Assert.Equal(GunyahError.Denied, root.Calls.Activate(child));
        Bench.Root.Ok(root.Calls.DeleteCap(root.Caps.CSpace, child));
        Assert.Equal(4 * Page, root.Calls.Lookup(space, parent, Window, 4 * Page).Size);
    });

    [Fact]
    public void An_extent_configured_anew_is_no_longer_derived()
    {
        const uint ReadOnlySparse = 0x0001_0004;
        using var bench = new Bench();
        bench.Run(async root =>
        {
            var offset = At - root.Caps.MemoryBase;
            var parent = Derive(root, root.Caps.MemExtent, 0, root.Caps.MemorySize, ReadOnlySparse);
            Bench.Root.Ok(root.Calls.Activate(parent));
            Bench.Root.Ok(root.Calls.Donate(Bench.DonateToChild, root.Caps.MemExtent, parent, offset, Page));
            var child = Derive(root, parent, offset, Page, ReadOnlySparse);
            Assert.Equal(0UL, (await new RawCall(root.Context).Native(HypercallNumber.MemExtentConfigure, child.Value, At, Page, Bench.RwxSparse))[0]);
            Bench.Root.Ok(root.Calls.Activate(child));
            Assert.NotEqual(GunyahError.Ok, root.Calls.Donate(Bench.DonateToChild, parent, child, 0, Page));
        });
        Invariants.Check(bench.Hypervisor);
    }

    [Fact]
    public void Pages_of_a_child_go_back_to_a_parent_that_only_the_child_keeps() => Checked(root =>
    {
        var offset = At - root.Caps.MemoryBase;
        var parent = root.CreateSparse();
        Bench.Root.Ok(root.Calls.Donate(Bench.DonateToChild, root.Caps.MemExtent, parent, offset, 4 * Page));
        var child = Derive(root, parent, offset, 2 * Page, Bench.RwxBasic);
        Bench.Root.Ok(root.Calls.Activate(child));
        Bench.Root.Ok(root.Calls.DeleteCap(root.Caps.CSpace, parent));
        Bench.Root.Ok(root.Calls.DeleteCap(root.Caps.CSpace, child));
        Bench.Root.Ok(root.Calls.Donate(Bench.DonateToChild, root.Caps.MemExtent, root.CreateSparse(), offset, 4 * Page));
    });

    [Fact]
    public void Many_small_mappings_take_one_slot_and_no_time_that_grows_with_their_square() => Checked(root =>
    {
        var space = root.CreateAddressSpace(9);
        var extent = root.CreateSparse();
        for (ulong n = 0; n < 6000; n++)
            Bench.Root.Ok(root.Calls.Map(space, extent, Window + (2 * n * Page), Bench.MapRwx, Bench.Partial, 2 * n * Page, Page));
        for (ulong n = 1; n < 4; n++)
            Bench.Root.Ok(root.Calls.Map(space, extent, Window + (n << 28), Bench.MapRwx, Bench.Partial, 0, Page));
        Assert.Equal(GunyahError.MemExtentMappingsFull, root.Calls.Map(space, extent, Window + (4UL << 28), Bench.MapRwx, Bench.Partial, 0, Page));
        Bench.Root.Ok(root.Calls.Map(space, extent, Window + (4UL << 28), Bench.MapRwx, Bench.Partial, Page, Page));
    });

    [Fact]
    public void Map_looks_at_rights_before_kind_and_at_slots_before_the_ipa_space() => Checked(root =>
    {
        const uint ReadOnly = 4;
        var space = root.CreateAddressSpace(9);
        var basic = Derive(root, root.Caps.MemExtent, At - root.Caps.MemoryBase, 4 * Page, ReadOnly);
        Bench.Root.Ok(root.Calls.Activate(basic));
        Assert.Equal(GunyahError.ArgumentInvalid, root.Calls.Map(space, basic, 0, Bench.MapRwx, Bench.Partial, 0, Page));
        for (ulong n = 0; n < 4; n++) Bench.Root.Ok(root.Calls.Map(space, basic, n << 20, 0x000f_0044, 0, 0, 0));
        Assert.Equal(GunyahError.MemExtentMappingsFull, root.Calls.Map(space, basic, 1UL << 36, 0x000f_0044, 0, 0, 0));
        Assert.Equal(GunyahError.AddrInvalid, root.Calls.Map(space, root.CreateSparse(), ulong.MaxValue - Page + 1, Bench.MapRwx, Bench.Partial, 0, 2 * Page));
    });

    [Fact]
    public void A_full_list_of_vmmio_ranges_is_reported_before_an_address_out_of_range() => Checked(root =>
    {
        var space = root.CreateAddressSpace(9);
        Assert.Equal(GunyahError.ArgumentSize, root.Calls.AddVmmioRange(space, 1UL << 52, Page));
        for (ulong n = 0; n < AddressSpace.MaxVmmioRanges; n++) Bench.Root.Ok(root.Calls.AddVmmioRange(space, n * Page, Page));
        Assert.Equal(GunyahError.NoResources, root.Calls.AddVmmioRange(space, 1UL << 52, Page));
    });
}
