using System.Diagnostics;

namespace RmStack.Machine.Mmu;

/// <summary>What a stage-2 mapping lets a VM do (Gunyah API: access rights of a mapping have these values).</summary>
[Flags]
public enum Stage2Access : byte
{
    None = 0,
    Execute = 1,
    Write = 2,
    Read = 4,
    ReadWrite = Read | Write,
    ReadWriteExecute = Read | Write | Execute,
}

/// <summary>One contiguous stage-2 mapping. Addresses and size are multiples of 4096.</summary>
/// <param name="Ipa">First intermediate physical address.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Pa">Physical address that <paramref name="Ipa"/> maps to.</param>
/// <param name="Kernel">Rights at EL1.</param>
/// <param name="User">Rights at EL0.</param>
/// <param name="MemoryType">Stage-2 memory type as Gunyah numbers it: 15 Normal write-back, 0 Device-nGnRnE, ...</param>
public readonly record struct Stage2Mapping(
    ulong Ipa, ulong Size, ulong Pa, Stage2Access Kernel, Stage2Access User, byte MemoryType)
{
    /// <summary>First address after the mapping.</summary>
    public ulong End => Ipa + Size;
}

/// <summary>
/// The second stage of translation of one VM, as a sorted list of ranges: what the tables that VTTBR_EL2 points to say
/// (Arm ARM D8.2). A processing element caches what it finds here and drops its cache when <see cref="Generation"/> moves.
/// </summary>
public sealed class Stage2
{
    private readonly List<Stage2Mapping> _ranges = [];

    /// <summary>Creates an empty stage 2.</summary>
    /// <param name="vmid">VMID that tags its TLB entries.</param>
    /// <param name="ipaBits">Size of the IPA space; an address beyond it is a translation fault.</param>
    public Stage2(ushort vmid, int ipaBits)
    {
        Vmid = vmid;
        IpaBits = ipaBits;
    }

    /// <summary>VMID of the owner.</summary>
    public ushort Vmid { get; }

    /// <summary>Bits of intermediate physical address.</summary>
    public int IpaBits { get; }

    /// <summary>Moves on every change that takes something away or replaces it.</summary>
    public uint Generation { get; private set; }

    /// <summary>
    /// Moves on every TLB maintenance that an element of the VM broadcasts (TLBI with the suffix IS or OS): the others
    /// drop their TLB before they run again.
    /// </summary>
    public uint TlbMaintenance { get; private set; }

    /// <summary>All mappings in ascending order of IPA.</summary>
    public IReadOnlyList<Stage2Mapping> Mappings => _ranges;

    /// <summary>Maps a range; what was mapped there before is replaced.</summary>
    public void Map(in Stage2Mapping mapping)
    {
        Debug.Assert(((mapping.Ipa | mapping.Size | mapping.Pa) & 0xfff) == 0 && mapping.Size != 0, "unaligned stage-2 mapping");
        Unmap(mapping.Ipa, mapping.Size);
        var at = FirstEndingAfter(mapping.Ipa);
        _ranges.Insert(at, mapping);
    }

    /// <summary>Removes whatever is mapped in the range, splitting mappings that reach beyond it.</summary>
    public void Unmap(ulong ipa, ulong size)
    {
        var end = ipa + size;
        var at = FirstEndingAfter(ipa);
        var changed = false;
        while (at < _ranges.Count && _ranges[at].Ipa < end)
        {
            var old = _ranges[at];
            _ranges.RemoveAt(at);
            changed = true;
            if (old.Ipa < ipa)
                _ranges.Insert(at++, old with { Size = ipa - old.Ipa });
            if (old.End > end)
                _ranges.Insert(at++, old with { Ipa = end, Pa = old.Pa + (end - old.Ipa), Size = old.End - end });
        }

        if (changed) Generation++;
    }

    /// <summary>Says that TLB maintenance was broadcast.</summary>
    internal void NoteTlbMaintenance() => TlbMaintenance++;

    /// <summary>Finds the mapping that holds an address.</summary>
    /// <returns>False where nothing is mapped: a translation fault.</returns>
    public bool TryFind(ulong ipa, out Stage2Mapping mapping)
    {
        var at = FirstEndingAfter(ipa);
        if (at < _ranges.Count && _ranges[at].Ipa <= ipa)
        {
            mapping = _ranges[at];
            return true;
        }

        mapping = default;
        return false;
    }

    private int FirstEndingAfter(ulong ipa)
    {
        int low = 0, high = _ranges.Count;
        while (low < high)
        {
            var middle = (low + high) >> 1;
            if (_ranges[middle].End > ipa) high = middle;
            else low = middle + 1;
        }

        return low;
    }
}
