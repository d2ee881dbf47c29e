using RmStack.Hypervisor.Memory;
using RmStack.Hypervisor.Objects;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Hypervisor.Hypercalls;

/// <summary>Address spaces and memory extents (Gunyah API: addrspace_*, memextent_*).</summary>
internal static class MemoryCalls
{
    private const uint FlagPartial = 1;
    private const uint FlagNoSync = 0x8000_0000;
    private const uint OpMask = 0xff;

    public static HypercallEntry[] Entries { get; } =
    [
        new(HypercallNumber.AddrSpaceAttachThread, "addrspace_attach_thread", "addrspace:x thread:x _:z", "error", AttachThread),
        new(HypercallNumber.AddrSpaceMap, "addrspace_map", "addrspace:x memextent:x vbase:x map_attrs:w map_flags:w offset:x size:x", "error", Map),
        new(HypercallNumber.AddrSpaceUnmap, "addrspace_unmap", "addrspace:x memextent:x vbase:x map_flags:w offset:x size:x", "error", Unmap),
        new(HypercallNumber.AddrSpaceConfigure, "addrspace_configure", "addrspace:x vmid:h _:z", "error", Configure),
        new(HypercallNumber.AddrSpaceLookup, "addrspace_lookup", "addrspace:x memextent:x vbase:x size:x _:z", "error offset size map_attrs", Lookup),
        new(HypercallNumber.AddrSpaceConfigureVmmio, "addrspace_configure_vmmio", "addrspace:x vbase:x size:x op:w _:z", "error", ConfigureVmmio),
        new(HypercallNumber.MemExtentModify, "memextent_modify", "memextent:x flags:w offset:x size:x", "error", Modify),
        new(HypercallNumber.MemExtentConfigure, "memextent_configure", "memextent:x phys_base:x size:x attributes:w _:z", "error", ConfigureExtent),
        new(HypercallNumber.MemExtentConfigureDerive, "memextent_configure_derive", "memextent:x parent:x offset:x size:x attributes:w _:z", "error", Derive),
        new(HypercallNumber.MemExtentDonate, "memextent_donate", "options:w from:x to:x offset:x size:x _:z", "error", Donate),
    ];

    private enum ModifyOperation : uint
    {
        UnmapAll = 0,
        ZeroRange = 1,
        CacheClean = 2,
        CacheFlush = 3,
        SyncAll = 255,
    }

    private enum DonateType : uint
    {
        ToChild = 0,
        ToParent = 1,
        ToSibling = 2,
    }

    private static void AttachThread(ref HypercallCall call)
    {
        if (!call.LookupForSetup(1, ObjectType.Thread, out VCpu thread)) return;
        if (call.Lookup(0, ObjectType.AddressSpace, CapRights.AddressSpaceAttach, out AddressSpace space)) call.Return(thread.Attach(space));
    }

    private static void Configure(ref HypercallCall call)
    {
        if (call.LookupForSetup(0, ObjectType.AddressSpace, out AddressSpace space)) call.Return(space.Configure((ushort)call.Arg(1)));
    }

    private static void ConfigureVmmio(ref HypercallCall call)
    {
        if (!call.LookupAnyState(0, ObjectType.AddressSpace, CapRights.AddressSpaceAddVmmioRange, out AddressSpace space)) return;
        call.Return(call.Word(3) switch
        {
            0 => space.AddVmmio(call.Arg(1), call.Arg(2)),
            1 => space.RemoveVmmio(call.Arg(1), call.Arg(2)),
            _ => GunyahError.Unimplemented,
        });
    }

    private static void Map(ref HypercallCall call)
    {
        var flags = call.Word(4);
        if (!Stage2Attributes.TryParse(call.Word(3), out var attributes) || (flags & ~(FlagPartial | FlagNoSync)) != 0)
        {
            call.Return(GunyahError.ArgumentInvalid);
            return;
        }

        if (!LookupMapping(ref call, out var space, out var extent)) return;
        var partial = (flags & FlagPartial) != 0;
        if (!Range(ref call, extent, partial, call.Arg(2), call.Arg(5), call.Arg(6), out var offset, out var size)) return;
        call.Return(extent.Map(space, call.Arg(2), offset, size, partial, attributes));
    }

    private static void Unmap(ref HypercallCall call)
    {
        var flags = call.Word(3);
        if ((flags & ~(FlagPartial | FlagNoSync)) != 0)
        {
            call.Return(GunyahError.ArgumentInvalid);
            return;
        }

        if (!LookupMapping(ref call, out var space, out var extent)) return;
        var partial = (flags & FlagPartial) != 0;
        if (!Range(ref call, extent, partial, call.Arg(2), call.Arg(4), call.Arg(5), out var offset, out var size)) return;
        call.Return(extent.Unmap(space, call.Arg(2), offset, size, partial));
    }

    private static bool LookupMapping(ref HypercallCall call, out AddressSpace space, out MemExtent extent)
    {
        extent = null!;
        return call.Lookup(0, ObjectType.AddressSpace, CapRights.AddressSpaceMap, out space)
            && call.Lookup(1, ObjectType.MemExtent, CapRights.MemExtentMap, out extent);
    }

    // Offset and size count only with PARTIAL; without it the whole extent is meant.
    private static bool Range(
        ref HypercallCall call, MemExtent extent, bool partial, ulong vbase, ulong givenOffset, ulong givenSize, out ulong offset, out ulong size)
    {
        offset = partial ? givenOffset : 0;
        size = partial ? givenSize : extent.Size;
        if (((vbase | offset | size) & 0xfff) != 0)
        {
            call.Return(GunyahError.ArgumentAlignment);
            return false;
        }

        if (size != 0 && offset + size >= offset && offset + size <= extent.Size) return true;
        call.Return(GunyahError.ArgumentSize);
        return false;
    }

    private static void Lookup(ref HypercallCall call)
    {
        if (!call.Lookup(0, ObjectType.AddressSpace, CapRights.AddressSpaceLookup, out AddressSpace space)) return;
        if (!call.Lookup(1, ObjectType.MemExtent, CapRights.MemExtentLookup, out MemExtent extent)) return;
        call.Return(space.Lookup(extent, call.Arg(2), call.Arg(3), out var offset, out var size, out var attributes));
        call.Result(1, offset);
        call.Result(2, size);
        call.Result(3, attributes);
    }

    private static void ConfigureExtent(ref HypercallCall call)
    {
        if (call.LookupForSetup(0, ObjectType.MemExtent, out MemExtent extent))
            call.Return(extent.Configure(call.Arg(1), call.Arg(2), call.Word(3)));
    }

    private static void Derive(ref HypercallCall call)
    {
        if (!call.Lookup(1, ObjectType.MemExtent, CapRights.MemExtentDerive, out MemExtent parent)) return;
        if (call.LookupForSetup(0, ObjectType.MemExtent, out MemExtent extent))
            call.Return(extent.ConfigureDerived(parent, call.Arg(2), call.Arg(3), call.Word(4)));
    }

    private static void Modify(ref HypercallCall call)
    {
        var flags = call.Word(1);
        var operation = (ModifyOperation)(flags & OpMask);
        var noSync = (flags & FlagNoSync) != 0;
        var ranged = operation is ModifyOperation.ZeroRange or ModifyOperation.CacheClean or ModifyOperation.CacheFlush;
        var known = ranged || operation is ModifyOperation.UnmapAll or ModifyOperation.SyncAll;
        if ((flags & ~(OpMask | FlagNoSync)) != 0 || !known || (ranged && !noSync) || (operation == ModifyOperation.SyncAll && noSync))
        {
            call.Return(GunyahError.ArgumentInvalid);
            return;
        }

        if (!call.Lookup(0, ObjectType.MemExtent, CapRights.MemExtentMap, out MemExtent extent)) return;
        if (operation == ModifyOperation.UnmapAll) extent.UnmapAll();
        if (!ranged) return;

        ulong offset = call.Arg(2), size = call.Arg(3);
        if (extent.Class == MemExtentClass.Device || (extent.Access & Machine.Mmu.Stage2Access.Write) == 0) call.Return(GunyahError.Denied);
        else if (((offset | size) & 0xfff) != 0) call.Return(GunyahError.ArgumentAlignment);
        else if (offset + size < offset) call.Return(GunyahError.ArgumentInvalid);
        else if (size == 0) call.Return(GunyahError.ArgumentSize);
        else if (offset + size > extent.Size) call.Return(GunyahError.ArgumentInvalid);
        else if (operation == ModifyOperation.ZeroRange) extent.Zero(offset, size);
    }

    private static void Donate(ref HypercallCall call)
    {
        var options = call.Word(0);
        var type = (DonateType)(options & OpMask);
        if ((options & ~(OpMask | FlagNoSync)) != 0 || type > DonateType.ToSibling)
        {
            call.Return(GunyahError.ArgumentInvalid);
            return;
        }

        ulong offset = call.Arg(3), size = call.Arg(4);
        if (((offset | size) & 0xfff) != 0) call.Return(GunyahError.ArgumentAlignment);
        else if (offset + size < offset) call.Return(GunyahError.ArgumentInvalid);
        else if (size == 0) call.Return(GunyahError.ArgumentSize);
        else if (type == DonateType.ToSibling) DonateToSibling(ref call, offset, size);
        else DonateBetweenGenerations(ref call, type, offset, size);
    }

    private static void DonateToSibling(ref HypercallCall call, ulong offset, ulong size)
    {
        if (!call.Lookup(1, ObjectType.MemExtent, CapRights.MemExtentDonate, out MemExtent from)) return;
        if (!call.Lookup(2, ObjectType.MemExtent, CapRights.MemExtentDonate, out MemExtent to)) return;
        if (!from.IsSparse || !to.IsSparse) call.Return(GunyahError.MemExtentType);
        else if (from == to || from.Parent is null || from.Parent != to.Parent || !Inside(from, from.Base + offset, size)
            || !Inside(to, from.Base + offset, size)) call.Return(GunyahError.ArgumentInvalid);
        else call.Return(to.TakeFrom(from, from.Base + offset, size));
    }

    private static void DonateBetweenGenerations(ref HypercallCall call, DonateType type, ulong offset, ulong size)
    {
        int parentAt = type == DonateType.ToChild ? 1 : 2, childAt = 3 - parentAt;
        if (!call.Lookup(childAt, ObjectType.MemExtent, CapRights.MemExtentDonate, out MemExtent child)) return;
        if (child.Parent is null)
        {
            if (!call.Lookup(parentAt, ObjectType.Partition, CapRights.PartitionDonate, out Partition partition)) return;
            if (!child.IsSparse) call.Return(GunyahError.MemExtentType);
            else if (partition != child.Partition || offset + size > child.Size) call.Return(GunyahError.ArgumentInvalid);
            else if (type == DonateType.ToChild) call.Return(child.TakeFrom(partition, child.Base + offset, size));
            else call.Return(child.GiveTo(partition, child.Base + offset, size));
            return;
        }

        if (!call.Lookup(parentAt, ObjectType.MemExtent, CapRights.MemExtentDonate, out MemExtent parent)) return;
        if (!child.IsSparse) call.Return(GunyahError.MemExtentType);
        else if (child.Parent != parent || offset + size > child.Size) call.Return(GunyahError.ArgumentInvalid);
        else if (type == DonateType.ToChild) call.Return(child.TakeFrom(parent, child.Base + offset, size));
        else call.Return(parent.TakeFrom(child, child.Base + offset, size));
    }

    private static bool Inside(MemExtent extent, ulong physical, ulong size) =>
        physical >= extent.Base && physical - extent.Base + size <= extent.Size;
}
