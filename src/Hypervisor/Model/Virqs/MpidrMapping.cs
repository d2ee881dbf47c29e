namespace RmStack.Hypervisor.Virqs;

/// <summary>
/// How the index of a vCPU becomes the affinity fields of MPIDR_EL1: AffK = (index >> shiftK) &amp; maskK (Gunyah:
/// vgic_set_mpidr_mapping).
/// </summary>
/// <param name="Mask">The four 8-bit masks, Aff0 lowest.</param>
/// <param name="Shift0">Shift of Aff0.</param>
/// <param name="Shift1">Shift of Aff1.</param>
/// <param name="Shift2">Shift of Aff2.</param>
/// <param name="Shift3">Shift of Aff3.</param>
/// <param name="MultiThreaded">MPIDR.MT.</param>
public readonly record struct MpidrMapping(uint Mask, uint Shift0, uint Shift1, uint Shift2, uint Shift3, bool MultiThreaded)
{
    private const ulong Res1 = 1UL << 31;
    private const ulong MtBit = 1UL << 24;

    /// <summary>The mapping of the public QEMU platform: Aff0 is the index.</summary>
    public static MpidrMapping Hardware => new(0xff, 0, 0, 0, 0, false);

    /// <summary>Shifts fit 32 bits and the shifted masks are disjoint and together contiguous from bit 0, below 0xFFFF.</summary>
    public bool IsValid
    {
        get
        {
            ulong all = 0;
            for (var level = 0; level < 4; level++)
            {
                if (Shift(level) >= 32) return false;
                var bits = (ulong)MaskOf(level) << (int)Shift(level);
                if ((all & bits) != 0) return false;
                all |= bits;
            }

            return all < 0xffff && (all & (all + 1)) == 0;
        }
    }

    /// <summary>MPIDR_EL1 for an index.</summary>
    public ulong Mpidr(int index)
    {
        ulong value = Res1 | (MultiThreaded ? MtBit : 0);
        for (var level = 0; level < 4; level++)
            value |= (((ulong)(uint)index >> (int)Shift(level)) & MaskOf(level)) << AffinityBit(level);
        return value;
    }

    /// <summary>The index that an affinity stands for, or -1 when no index maps to it.</summary>
    public int IndexOf(ulong affinity)
    {
        ulong index = 0;
        for (var level = 0; level < 4; level++)
        {
            var field = (affinity >> AffinityBit(level)) & 0xff;
            if ((field & ~(ulong)MaskOf(level)) != 0) return -1;
            index |= field << (int)Shift(level);
        }

        return (int)index;
    }

    private static int AffinityBit(int level) => level == 3 ? 32 : level * 8;

    private uint MaskOf(int level) => (Mask >> (8 * level)) & 0xff;

    private uint Shift(int level) => level switch { 0 => Shift0, 1 => Shift1, 2 => Shift2, _ => Shift3 };
}
