using RmStack.Hypervisor.Objects;
using RmStack.Machine.Mmu;

namespace RmStack.Hypervisor.Memory;

/// <summary>Class of memory types an extent may be mapped with (Gunyah API: memory extent attributes).</summary>
public enum MemExtentClass
{
    Any = 0,
    Device = 1,
    Uncached = 2,
    Cached = 3,
}

/// <summary>What a class allows.</summary>
public static class MemExtentClasses
{
    /// <summary>True when a mapping may have a stage-2 memory type (0..3 Device, 5 Normal non-cacheable, 15 write-back, ...).</summary>
    public static bool Allows(this MemExtentClass memoryClass, byte memoryType) => memoryClass switch
    {
        MemExtentClass.Any => true,
        MemExtentClass.Device => memoryType <= 3,
        MemExtentClass.Uncached => memoryType is <= 3 or 5,
        _ => memoryType == 15,
    };
}

/// <summary>The attribute word of memextent_configure and memextent_configure_derive.</summary>
internal readonly record struct MemExtentAttributes(Stage2Access Access, MemExtentClass Class, bool Sparse)
{
    private const uint Reserved = ~0x0003_0307u;

    /// <summary>Refuses reserved and append bits, access none or WX, the CACHED class (no S2FWB) and unknown types.</summary>
    public static bool TryParse(uint word, out MemExtentAttributes attributes)
    {
        var access = (Stage2Access)(word & 7);
        var memoryClass = (MemExtentClass)((word >> 8) & 3);
        var type = (word >> 16) & 3;
        attributes = new MemExtentAttributes(access, memoryClass, type == 1);
        if ((word & Reserved) != 0 || type > 1 || memoryClass == MemExtentClass.Cached) return false;
        return access is not Stage2Access.None and not (Stage2Access.Write | Stage2Access.Execute);
    }
}

/// <summary>The attribute word of addrspace_map: who may do what, and the memory type.</summary>
internal readonly record struct Stage2Attributes(Stage2Access User, Stage2Access Kernel, byte MemoryType)
{
    private const uint Reserved = ~0x00ff_0077u;

    public uint Word => (uint)User | ((uint)Kernel << 4) | ((uint)MemoryType << 16);

    public static bool TryParse(uint word, out Stage2Attributes attributes)
    {
        attributes = new Stage2Attributes((Stage2Access)(word & 7), (Stage2Access)((word >> 4) & 7), (byte)(word >> 16));
        return (word & Reserved) == 0;
    }
}

/// <summary>One mapping of (part of) an extent into an address space, whether or not the pages are owned right now.</summary>
internal sealed class ExtentMapping(AddressSpace space, ulong vbase, ulong offset, ulong size, Stage2Attributes attributes, int slot)
{
    public AddressSpace Space { get; } = space;

    public ulong Vbase { get; } = vbase;

    public ulong Offset { get; } = offset;

    public ulong Size { get; } = size;

    /// <summary>The slot of its extent that it is in.</summary>
    public int Slot { get; } = slot;

    public ulong End => Offset + Size;

    public bool Overlaps(ulong offset, ulong size) => offset < End && Offset < offset + size;

    public bool Covers(ulong offset, ulong size) => offset >= Offset && offset + size <= End;

    public bool Covers(ulong vbase, ulong offset, ulong size) => Covers(offset, size) && vbase == Vbase + (offset - Offset);

    public ExtentMapping Before(ulong offset) => new(Space, Vbase, Offset, offset - Offset, attributes, Slot);

    public ExtentMapping After(ulong offset) => new(Space, Vbase + (offset - Offset), offset, End - offset, attributes, Slot);

    /// <summary>The part that a derived extent inherits, in that extent's offsets, with no more rights than it has.</summary>
    public ExtentMapping Within(ulong offset, ulong size, Stage2Access access, int inSlot) => new(
        Space,
        Vbase + (offset - Offset),
        0,
        size,
        attributes with { User = attributes.User & access, Kernel = attributes.Kernel & access },
        inSlot);

    /// <summary>Enters pages into the stage-2 tables.</summary>
    public void Enter(MemExtent extent, ulong offset, ulong size) => Space.Stage2.Map(new Stage2Mapping(
        Vbase + (offset - Offset), size, extent.Base + offset, attributes.Kernel, attributes.User, attributes.MemoryType));

    /// <summary>Removes pages from the stage-2 tables where they are still ours: another extent may have been mapped over them.</summary>
    public void Leave(MemExtent extent, ulong offset, ulong size)
    {
        var ipa = Vbase + (offset - Offset);
        var pa = extent.Base + offset;
        for (ulong done = 0; done < size;)
        {
            if (!Space.Stage2.TryFind(ipa + done, out var live))
            {
                done += 4096;
                continue;
            }

            var run = Math.Min(live.End - (ipa + done), size - done);
            if (live.Pa + (ipa + done - live.Ipa) == pa + done) Space.Stage2.Unmap(ipa + done, run);
            done += run;
        }
    }
}
