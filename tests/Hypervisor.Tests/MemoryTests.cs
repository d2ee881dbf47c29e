using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using RmStack.Hypervisor.Native;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Hypervisor.Tests;

/// <summary>Extents, donation and mappings: who owns a page, and who can reach it.</summary>
public class MemoryTests
{
    private const ulong Page = 0x1000;

    private static void Checked(Func<Bench.Root, Task> test)
    {
        using var bench = new Bench(ramSize: 0x8000_0000);
        bench.Run(test);
        Invariants.Check(bench.Hypervisor);
    }

    [Fact]
    public void A_donated_page_leaves_the_giver_and_appears_at_the_taker() => Checked(root =>
    {
        var space = root.CreateAddressSpace(9);
        CapId first = root.CreateSparse(), second = root.CreateSparse();
        var offset = 0x9000_0000 - root.Caps.MemoryBase;
        Bench.Root.Ok(root.Calls.Donate(Bench.DonateToChild, root.Caps.MemExtent, first, offset, 4 * Page));
        Bench.Root.Ok(root.Calls.Map(space, first, 0x8000_0000, Bench.MapRwx, Bench.Partial, offset, 4 * Page));
        Bench.Root.Ok(root.Calls.Map(space, second, 0xa000_0000, Bench.MapRwx, Bench.Partial, offset, 4 * Page));
        Assert.Equal(GunyahError.Ok, root.Calls.Lookup(space, first, 0x8000_0000, Page).Error);
        Assert.Equal(GunyahError.AddrInvalid, root.Calls.Lookup(space, second, 0xa000_0000, Page).Error);

        Bench.Root.Ok(root.Calls.Donate(Bench.DonateToSibling, first, second, offset + Page, Page));
        Assert.Equal(GunyahError.AddrInvalid, root.Calls.Lookup(space, first, 0x8000_0000 + Page, Page).Error);
        var found = root.Calls.Lookup(space, second, 0xa000_0000 + Page, Page);
        Assert.Equal((GunyahError.Ok, offset + Page, Page), (found.Error, found.Offset, found.Size));
        Assert.Equal(Page, root.Calls.Lookup(space, first, 0x8000_0000, 4 * Page).Size);

        Bench.Root.Ok(root.Calls.Donate(Bench.DonateToSibling, second, first, offset + Page, Page));
        Assert.Equal(4 * Page, root.Calls.Lookup(space, first, 0x8000_0000, 4 * Page).Size);
        return Task.CompletedTask;
    });

    [Fact]
    public void Code_of_a_page_that_others_write_is_forgotten_whenever_the_page_changes_hands()
    {
        const ulong FileBytes = 0x5100_0000;
        var folder = Directory.CreateTempSubdirectory("rmstack-ram").FullName;
        try
        {
            using var file = File.OpenHandle(Path.Combine(folder, "ram"), FileMode.CreateNew, FileAccess.ReadWrite);
            RandomAccess.SetLength(file, (long)FileBytes);
            using var bench = new Bench(memory: new Machine.Memory.PhysicalMemory(Bench.RamBase, 0x8000_0000, file, FileBytes));
            bench.Run(root =>
            {
                CapId first = root.CreateSparse(), second = root.CreateSparse();
                var offset = 0x9000_0000 - root.Caps.MemoryBase;
                var page = bench.Memory.PageIndex(0x9000_0000);
                Moves(() => root.Calls.Donate(Bench.DonateToChild, root.Caps.MemExtent, first, offset, Page));
                Moves(() => root.Calls.Donate(Bench.DonateToSibling, first, second, offset, Page));
                Moves(() => root.Calls.DeleteCap(root.Caps.CSpace, second));
                return Task.CompletedTask;

                void Moves(Func<GunyahError> call)
                {
                    bench.Memory.MarkCode(page);
                    bench.Memory.MarkCode(page + 1);
                    var before = bench.Memory.Generation(page);
                    Bench.Root.Ok(call());
                    Assert.False(bench.Memory.HasCode(page));
                    Assert.NotEqual(before, bench.Memory.Generation(page));
                    Assert.True(bench.Memory.HasCode(page + 1));
                }
            });
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Only_the_owner_can_donate() => Checked(root =>
    {
        CapId first = root.CreateSparse(), second = root.CreateSparse();
        var offset = 0x9000_0000 - root.Caps.MemoryBase;
        Assert.Equal(GunyahError.MemDbNotOwner, root.Calls.Donate(Bench.DonateToSibling, first, second, offset, Page));
        Bench.Root.Ok(root.Calls.Donate(Bench.DonateToChild, root.Caps.MemExtent, first, offset, Page));
        Assert.Equal(GunyahError.MemDbNotOwner, root.Calls.Donate(Bench.DonateToChild, root.Caps.MemExtent, second, offset, Page));
        Assert.Equal(GunyahError.MemDbNotOwner, root.Calls.Donate(Bench.DonateToSibling, first, second, offset, 2 * Page));
        Assert.Equal(GunyahError.ArgumentInvalid, root.Calls.Donate(Bench.DonateToSibling, first, first, offset, Page));
        Assert.Equal(GunyahError.ArgumentAlignment, root.Calls.Donate(Bench.DonateToSibling, first, second, offset + 1, Page));
        Assert.Equal(GunyahError.ArgumentSize, root.Calls.Donate(Bench.DonateToSibling, first, second, offset, 0));
        Assert.Equal(GunyahError.ArgumentInvalid, root.Calls.Donate(Bench.DonateToSibling, first, second, root.Caps.MemorySize, Page));
        Assert.Equal(GunyahError.ArgumentInvalid, root.Calls.Donate(3, first, second, offset, Page));
        return Task.CompletedTask;
    });

    [Fact]
    public void No_one_can_be_given_what_the_hypervisor_or_the_root_vm_owns() => Checked(root =>
    {
        var extent = root.CreateSparse();
        Assert.Equal(GunyahError.MemDbNotOwner, root.Calls.Donate(Bench.DonateToChild, root.Caps.MemExtent, extent, Bench.Layout.HypervisorBase - root.Caps.MemoryBase, Page));
        Assert.Equal(GunyahError.MemDbNotOwner, root.Calls.Donate(Bench.DonateToChild, root.Caps.MemExtent, extent, Bench.Layout.RootBase - root.Caps.MemoryBase, Page));
        return Task.CompletedTask;
    });

    [Fact]
    public void Deleting_an_extent_gives_its_pages_back() => Checked(root =>
    {
        var offset = 0x9000_0000 - root.Caps.MemoryBase;
        var extent = root.CreateSparse();
        Bench.Root.Ok(root.Calls.Donate(Bench.DonateToChild, root.Caps.MemExtent, extent, offset, 8 * Page));
        Bench.Root.Ok(root.Calls.DeleteCap(root.Caps.CSpace, extent));
        var other = root.CreateSparse();
        Bench.Root.Ok(root.Calls.Donate(Bench.DonateToChild, root.Caps.MemExtent, other, offset, 8 * Page));
        return Task.CompletedTask;
    });

    [Fact]
    public void Zeroing_touches_owned_pages_only() => Checked(root =>
    {
        CapId first = root.CreateSparse(), second = root.CreateSparse();
        var offset = 0x9000_0000 - root.Caps.MemoryBase;
        Bench.Root.Ok(root.Calls.Donate(Bench.DonateToChild, root.Caps.MemExtent, first, offset, Page));
        Bench.Root.Ok(root.Calls.Donate(Bench.DonateToChild, root.Caps.MemExtent, second, offset + Page, Page));
        Bench.Root.Ok(root.Calls.Map(root.Caps.AddressSpace, first, 0x1_0000_0000, Bench.MapRwx, Bench.Partial, offset, 2 * Page));
        Bench.Root.Ok(root.Calls.Map(root.Caps.AddressSpace, second, 0x1_0000_0000 + (16 * Page), Bench.MapRwx, Bench.Partial, offset + Page, Page));
        root.Memory.Write(0x1_0000_0000, [1, 2, 3]);
        root.Memory.Write(0x1_0000_0000 + (16 * Page), [4, 5, 6]);
        Assert.Equal(GunyahError.ArgumentInvalid, root.Calls.ModifyExtent(first, 1, offset, 2 * Page));
        Bench.Root.Ok(root.Calls.ModifyExtent(first, 0x8000_0001, offset, 2 * Page));
        var got = new byte[3];
        root.Memory.Read(0x1_0000_0000, got);
        Assert.Equal(new byte[3], got);
        root.Memory.Read(0x1_0000_0000 + (16 * Page), got);
        Assert.Equal(new byte[] { 4, 5, 6 }, got);
        return Task.CompletedTask;
    });

    [Fact]
    public void A_read_only_mapping_refuses_a_write_in_csharp_as_it_would_in_guest_code() => Checked(root =>
    {
        const uint ReadOnly = 0x000f_0044;
        var extent = root.CreateSparse();
        var offset = 0x9000_0000 - root.Caps.MemoryBase;
        Bench.Root.Ok(root.Calls.Donate(Bench.DonateToChild, root.Caps.MemExtent, extent, offset, Page));
        Bench.Root.Ok(root.Calls.Map(root.Caps.AddressSpace, extent, 0x1_0000_0000, ReadOnly, Bench.Partial, offset, Page));
        Assert.True(root.Memory.TryRead(0x1_0000_0000, new byte[8], out _));
        Assert.False(root.Memory.TryWrite(0x1_0000_0000, new byte[8], out var abort));
        Assert.Equal(new MemoryAbort(0x1_0000_0000, true, MemoryAbortReason.Permission), abort);
        Assert.False(root.Memory.TryRead(0x1_0000_0000 + Page, new byte[8], out abort));
        Assert.Equal(MemoryAbortReason.NotMapped, abort.Reason);
        return Task.CompletedTask;
    });

    [Fact]
    public void Map_checks_in_the_order_of_the_hypervisor() => Checked(root =>
    {
        var space = root.CreateAddressSpace(9);
        var extent = root.CreateSparse();
        var basic = root.Create(HypercallNumber.PartitionCreateMemExtent);
        Bench.Root.Ok(root.Calls.ConfigureDerived(basic, root.Caps.MemExtent, 0x9000_0000 - root.Caps.MemoryBase, 0x10000, Bench.RwxBasic));
        Bench.Root.Ok(root.Calls.Activate(basic));
        Assert.Equal(GunyahError.ArgumentInvalid, root.Calls.Map(space, extent, 0, 0x0100_0000, Bench.Partial, 0, Page));
        Assert.Equal(GunyahError.ArgumentInvalid, root.Calls.Map(new CapId(0x30), extent, 0, Bench.MapRwx, 2, 0, Page));
        Assert.Equal(GunyahError.CspaceCapNull, root.Calls.Map(new CapId(0x30), extent, 0, Bench.MapRwx, 1, 0, Page));
        Assert.Equal(GunyahError.ArgumentAlignment, root.Calls.Map(space, extent, 1, Bench.MapRwx, Bench.Partial, 0, Page));
        Assert.Equal(GunyahError.ArgumentSize, root.Calls.Map(space, extent, 0, Bench.MapRwx, Bench.Partial, 0, 0));
        Assert.Equal(GunyahError.MemExtentType, root.Calls.Map(space, basic, 0, Bench.MapRwx, Bench.Partial, 0, Page));
        Assert.Equal(GunyahError.AddrInvalid, root.Calls.Map(space, basic, 1UL << 36, Bench.MapRwx, 0, 0, 0));
        Assert.Equal(GunyahError.AddrOverflow, root.Calls.Map(space, basic, (1UL << 36) - Page, Bench.MapRwx, 0, 0, 0));
        for (ulong n = 0; n < 4; n++) Bench.Root.Ok(root.Calls.Map(space, basic, 0x10_0000 * (n + 1), Bench.MapRwx, 0, 0, 0));
        Assert.Equal(GunyahError.MemExtentMappingsFull, root.Calls.Map(space, basic, 0x80_0000, Bench.MapRwx, 0, 0, 0));
        Assert.Equal(GunyahError.AddrInvalid, root.Calls.Unmap(space, basic, 0x90_0000, 0, 0, 0));
        Bench.Root.Ok(root.Calls.Unmap(space, basic, 0x10_0000, 0, 0, 0));
        return Task.CompletedTask;
    });

    [Fact]
    public void Vmmio_ranges_may_not_overlap() => Checked(root =>
    {
        var space = root.CreateAddressSpace(9);
        Bench.Root.Ok(root.Calls.AddVmmioRange(space, 0, 0x4000_0000));
        Assert.Equal(GunyahError.Busy, root.Calls.AddVmmioRange(space, 0x3fff_ffff, 1));
        Assert.Equal(GunyahError.ArgumentSize, root.Calls.AddVmmioRange(space, 0x5000_0000, 0));
        Assert.Equal(GunyahError.AddrOverflow, root.Calls.AddVmmioRange(space, ulong.MaxValue, 2));
        Bench.Root.Ok(root.Calls.AddVmmioRange(space, 0x4000_0000, 1));
        return Task.CompletedTask;
    });

    [Fact]
    public void Two_address_spaces_cannot_have_one_vmid() => Checked(root =>
    {
        var space = root.CreateAddressSpace(9);
        var other = root.Create(HypercallNumber.PartitionCreateAddrSpace);
        Bench.Root.Ok(root.Calls.ConfigureAddressSpace(other, 9));
        Assert.Equal(GunyahError.Busy, root.Calls.Activate(other));
        Bench.Root.Ok(root.Calls.DeleteCap(root.Caps.CSpace, space));
        Assert.Equal(9, root.CreateAddressSpace(9) == default ? 0 : 9);
        return Task.CompletedTask;
    });

    /// <summary>Random donations and mappings, right and wrong, never break the rule that a page has one owner and only its owner maps it.</summary>
    [Property(MaxTest = 40)]
    public Property Ownership_and_mappings_stay_consistent()
    {
        var step = ArbMap.Default.GeneratorFor<(byte Op, byte Who, byte Other, byte At, byte Count)>();
        return Prop.ForAll(step.ListOf().ToArbitrary(), steps =>
        {
            Checked(root =>
            {
                var space = root.CreateAddressSpace(9);
                CapId[] extents = [root.Caps.MemExtent, root.CreateSparse(), root.CreateSparse(), root.CreateSparse()];
                var offset = 0x9000_0000 - root.Caps.MemoryBase;
                foreach (var (op, who, other, at, count) in steps)
                {
                    CapId one = extents[who % 4], two = extents[other % 4];
                    ulong from = offset + ((ulong)(at % 16) * Page), size = (ulong)(count % 8) * Page, ipa = (ulong)((who % 8) + 1) << 24;
                    _ = (op % 6) switch
                    {
                        0 => root.Calls.Donate(0, root.Caps.MemExtent, one, from, size),
                        1 => root.Calls.Donate(1, one, root.Caps.MemExtent, from, size),
                        2 => root.Calls.Donate(2, one, two, from, size),
                        3 => root.Calls.Map(space, one, ipa + from - offset, Bench.MapRwx, Bench.Partial, from, size),
                        4 => root.Calls.Unmap(space, one, ipa + from - offset, Bench.Partial, from, size),
                        _ => root.Calls.ModifyExtent(one, (uint)(count % 2) * 255, 0, 0),
                    };
                    Invariants.Check(root.Bench.Hypervisor);
                }

                return Task.CompletedTask;
            });
            return true;
        });
    }
}
