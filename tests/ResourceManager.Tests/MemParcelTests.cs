using RmStack.Protocol.Messages;
using RmStack.ResourceManager.Parcels;

namespace RmStack.ResourceManager.Tests;

/// <summary>Handles, states and geometry of memparcels.</summary>
public class MemParcelTests
{
    private static MemParcel Parcel(uint handle, MemCreateFlags flags = MemCreateFlags.None, ushort owner = 3, MemTransType type = MemTransType.Lend, params AclEntry[] acl) =>
        new(handle, owner, type, MemType.Normal, 0, flags, acl.Length == 0 ? [new AclEntry(0x80, MemRights.ReadWriteExecute)] : acl, []);

    [Fact]
    public void Handles_count_up_from_0_and_are_not_used_again()
    {
        var table = new MemParcelTable();
        Assert.Equal(0u, table.TakeHandle());
        Assert.Equal(1u, table.TakeHandle());
        var parcel = Parcel(table.TakeHandle());
        table.Add(parcel);
        table.Remove(parcel);
        Assert.Equal(3u, table.TakeHandle());
        Assert.Null(table.Find(2));
    }

    [Fact]
    public void A_live_handle_is_skipped()
    {
        var table = new MemParcelTable();
        table.Add(Parcel(0));
        table.Add(Parcel(1));
        Assert.Equal(2u, table.TakeHandle());
    }

    [Fact]
    public void Parcels_are_counted_by_owner_and_found_by_recipient()
    {
        var table = new MemParcelTable();
        table.Add(Parcel(0));
        table.Add(Parcel(1, owner: 0x80));
        table.Add(Parcel(2));
        Assert.Equal(2, table.CountOwnedBy(3));
        Assert.NotNull(table.FindFor(0x80, 0));
        Assert.Null(table.FindFor(0x81, 0));
        Assert.Null(table.FindFor(0x80, 7));
    }

    [Fact]
    public void A_parcel_is_shared_from_the_first_acceptance_to_the_last_release()
    {
        var parcel = Parcel(0, acl: [new AclEntry(0x80, MemRights.Read), new AclEntry(0x81, MemRights.Read)]);
        Assert.Equal(MemParcelState.Sharing, parcel.State);
        parcel.Accepted(parcel.Recipients[0]);
        parcel.Accepted(parcel.Recipients[0]);
        parcel.Accepted(parcel.Recipients[1]);
        parcel.Released(parcel.Recipients[0]);
        Assert.Equal(MemParcelState.Shared, parcel.State);
        parcel.Released(parcel.Recipients[1]);
        Assert.Equal(MemParcelState.Sharing, parcel.State);
    }

    [Fact]
    public void Append_keeps_a_parcel_open_until_it_is_complete()
    {
        var parcel = Parcel(0, MemCreateFlags.Append);
        Assert.Equal(MemParcelState.Init, parcel.State);
        parcel.Complete();
        Assert.Equal(MemParcelState.Sharing, parcel.State);
    }

    [Fact]
    public void A_range_of_a_scattered_parcel_is_cut_at_the_borders_of_its_regions()
    {
        var parcel = Parcel(0);
        parcel.Regions.AddRange([new(0x1000, 0x3000, 0x10_0000), new(0x9000, 0x1000, 0x20_0000), new(0xf000, 0x4000, 0x5000)]);
        Assert.Equal(0x8000ul, parcel.Size);
        Assert.Equal(
            [(0x10_2000ul, 0x1000ul), (0x20_0000, 0x1000), (0x5000, 0x2000)],
            parcel.PagesOf(0x2000, 0x4000).Select(p => (p.Offset, p.Size)));
        Assert.Equal([(0x10_2000ul, 0x1000ul), (0x20_0000, 0x1000)], parcel.PagesOf(0x2fff, 2).Select(p => (p.Offset, p.Size)));
        Assert.Equal([(0x5000ul, 0x4000ul)], parcel.PagesOf(0x4000, 0x4000).Select(p => (p.Offset, p.Size)));
    }

    [Theory]
    [InlineData(7, 0, true)]
    [InlineData(6, 0, false)]
    [InlineData(7, 2, false)]
    public void Private_ram_is_lent_to_one_vm_with_all_rights_and_no_attribute(byte rights, ushort attribute, bool expected)
    {
        var parcel = new MemParcel(
            0, 3, MemTransType.Lend, MemType.Normal, 0, MemCreateFlags.None, [new AclEntry(0x80, (MemRights)rights)], [new MemAttributeEntry((MemAttribute)attribute, 0x80)]);
        Assert.Equal(expected, parcel.IsPrivateRam);
    }
}
