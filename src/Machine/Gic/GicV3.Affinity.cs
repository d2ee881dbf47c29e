namespace RmStack.Machine.Gic;

/// <summary>Who is meant by an affinity: SGI target lists and SPI routes.</summary>
public sealed partial class GicV3
{
    private const ulong AffinityMask = 0xFF_00FF_FFFF;
    private const ulong SgiToAllOthers = 1ul << 40;

    /// <summary>ICC_SGI1R_EL1 and ICC_SGI0R_EL1 (Arm IHI 0069, 12.2.18). An affinity that no CPU has selects nobody.</summary>
    internal void SendSgi(int sender, ulong value, bool group1)
    {
        var intid = (int)(value >> 24) & 15;
        var toOthers = (value & SgiToAllOthers) != 0;
        // Aff3.Aff2.Aff1 where MPIDR has them.
        var cluster = (value >> 16 & 0xFF) << 8 | (value >> 32 & 0xFF) << 16 | (value >> 48 & 0xFF) << 32;
        var firstInList = _identity.HasSgiRangeSelector ? (value >> 44 & 15) * 16 : 0;
        for (var cpu = 0; cpu < _cpus.Length; cpu++)
        {
            if (toOthers)
            {
                if (cpu == sender) continue;
            }
            else
            {
                var position = (_affinity[cpu] & 0xFF) - firstInList;
                if ((_affinity[cpu] & ~0xFFul) != cluster || position > 15 || (value >> (int)position & 1) == 0) continue;
            }

            var configuredGroup1 = _table.At(cpu, intid).Has(InterruptFlags.Group1);
            if (configuredGroup1 == group1 || (group1 && _identity.GroupOneSgiReachesGroupZero)) _table.LatchEdge(cpu, intid);
        }
    }

    /// <summary>Index of the CPU with that affinity, or -1.</summary>
    private int FindCpu(ulong affinity)
    {
        affinity &= AffinityMask;
        for (var cpu = 0; cpu < _affinity.Length; cpu++)
        {
            if (_affinity[cpu] == affinity) return cpu;
        }

        return -1;
    }
}
