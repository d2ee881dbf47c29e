using System.Diagnostics;

namespace RmStack.Machine.Gic;

/// <summary>The redistributor's two frames of 64 KiB per CPU: RD, then SGI (Arm IHI 0069, 12.11; Gunyah: vgic vdevice.c).</summary>
public sealed partial class GicV3
{
    /// <summary>Bytes of one CPU's redistributor.</summary>
    public const uint RedistributorSize = 0x2_0000;

    private const uint GICR_CTLR = 0x0000;
    private const uint GICR_IIDR = 0x0004;
    private const uint GICR_TYPER = 0x0008;
    private const uint GICR_STATUSR = 0x0010;
    private const uint GICR_WAKER = 0x0014;
    private const uint GICR_SETLPIR = 0x0040;
    private const uint GICR_CLRLPIR = 0x0048;
    private const uint GICR_PROPBASER = 0x0070;
    private const uint GICR_PENDBASER_END = 0x0080;
    private const uint GICR_INVLPIR = 0x00A0;
    private const uint GICR_INVALLR = 0x00B0;
    private const uint GICR_SYNCR = 0x00C0;
    private const uint GICR_IGROUPR0 = 0x1_0080;
    private const uint GICR_ICACTIVER0 = 0x1_0380;
    private const uint GICR_IPRIORITYR = 0x1_0400;
    private const uint GICR_IPRIORITYR_END = 0x1_0420;
    private const uint GICR_ICFGR0 = 0x1_0C00;
    private const uint GICR_ICFGR1 = 0x1_0C04;
    private const uint GICR_IGRPMODR0 = 0x1_0D00;
    private const uint GICR_NSACR = 0x1_0E00;
    private const byte RedistributorPidr0 = 0x93;
    private const uint ProcessorSleep = 2;
    private const uint ChildrenAsleep = 4;

    private readonly uint[] _waker;
    private readonly uint[] _redistributorStatus;

    /// <summary>A guest's load from a redistributor, its own or another CPU's.</summary>
    /// <param name="cpu">CPU that makes it.</param>
    /// <param name="frame">CPU whose redistributor it is.</param>
    /// <param name="offset">Bytes from the start of the RD frame, below 0x20000.</param>
    /// <param name="size">1, 2, 4 or 8 bytes.</param>
    /// <param name="value">What is loaded, zero-extended.</param>
    /// <returns>False for an external abort.</returns>
    public bool TryReadRedistributor(int cpu, int frame, uint offset, int size, out ulong value)
    {
        value = 0;
        if (!RedistributorAllows(frame, offset, size)) return false;
        if (!ReadRedistributor(frame, offset, size, out value)) NoteRedistributor(frame, StatusReadReserved);
        return true;
    }

    /// <summary>A guest's store to a redistributor; see <see cref="TryReadRedistributor"/>.</summary>
    /// <returns>False for an external abort; nothing but STATUSR has changed then.</returns>
    public bool TryWriteRedistributor(int cpu, int frame, uint offset, int size, ulong value)
    {
        if (!RedistributorAllows(frame, offset, size)) return false;
        if (WriteRedistributor(cpu, frame, offset, size, (uint)value)) return true;
        NoteRedistributor(frame, StatusWriteReserved);
        return !_identity.ReportsAccessErrors;
    }

    private bool RedistributorAllows(int frame, uint offset, int size)
    {
        Debug.Assert((uint)frame < (uint)_cpus.Length, "no such redistributor");
        if ((uint)frame >= (uint)_cpus.Length || !IsAligned(offset, size) || offset >= RedistributorSize) return false;
        if (!_identity.ReportsAccessErrors) return true;
        return size switch
        {
            1 => offset is >= GICR_IPRIORITYR and < GICR_IPRIORITYR_END,
            2 => false,
            // Wider than it should be: Gunyah lets 64-bit accesses through up to INVLPIR.
            8 => offset <= GICR_INVLPIR,
            _ => true,
        };
    }

    private void NoteRedistributor(int frame, uint status)
    {
        if (_identity.ReportsAccessErrors) _redistributorStatus[frame] |= status;
    }

    private bool ReadRedistributor(int frame, uint offset, int size, out ulong value)
    {
        value = 0;
        if (offset is >= GICR_IPRIORITYR and < GICR_IPRIORITYR_END && size is (1 or 4))
        {
            value = ReadPriorities(frame, (int)(offset - GICR_IPRIORITYR), size);
            return true;
        }

        return size >= 4 && ReadRedistributorWord(frame, offset, size, out value);
    }

    private bool ReadRedistributorWord(int frame, uint offset, int size, out ulong value)
    {
        value = 0;
        switch (offset)
        {
            case GICR_TYPER: value = size == 8 ? RedistributorTyper(frame) : (uint)RedistributorTyper(frame); return true;
            case GICR_TYPER + 4: value = RedistributorTyper(frame) >> 32; return true;
            case >= GICR_PROPBASER and < GICR_PENDBASER_END: return true;
        }

        if (size == 8 && !_identity.ReportsAccessErrors) return false;
        switch (offset)
        {
            case GICR_CTLR or GICR_SYNCR or GICR_IGRPMODR0 or GICR_NSACR: return true;
            case GICR_IIDR: value = _identity.RedistributorIidr; return true;
            case GICR_STATUSR: value = _redistributorStatus[frame]; return true;
            case GICR_WAKER: value = ReadWaker(frame); return true;
            case GICR_SETLPIR or GICR_CLRLPIR or GICR_INVLPIR or GICR_INVALLR: NoteRedistributor(frame, StatusReadOfWriteOnly); return true;
            case >= GICR_IGROUPR0 and <= GICR_ICACTIVER0 when (offset & 0x7F) == 0:
                value = ReadBits((BitRegister)(offset >> 7 & 7), frame, word: 0);
                return true;
            case GICR_ICFGR0 or GICR_ICFGR1: value = ReadConfiguration(frame, (int)(offset & 4) / 4); return true;
            default: return TryReadId(offset, RedistributorPidr0, out value);
        }
    }

    private bool WriteRedistributor(int cpu, int frame, uint offset, int size, uint value)
    {
        if (offset is >= GICR_IPRIORITYR and < GICR_IPRIORITYR_END)
        {
            if (size is not (1 or 4)) return false;
            WritePriorities(frame, (int)(offset - GICR_IPRIORITYR), size, value);
            return true;
        }

        if (size < 4 || (size == 8 && !_identity.ReportsAccessErrors)) return false;
        switch (offset)
        {
            case GICR_CTLR or GICR_SETLPIR or GICR_CLRLPIR or GICR_IGRPMODR0 or GICR_NSACR or GICR_ICFGR0: return true;
            case GICR_IIDR or GICR_TYPER or GICR_TYPER + 4 or GICR_SYNCR or PeripheralIdPidr2:
                NoteRedistributor(frame, StatusWriteOfReadOnly);
                return true;
            case GICR_STATUSR: _redistributorStatus[frame] &= ~value; return true;
            case GICR_WAKER: _waker[frame] = value & ProcessorSleep; return true;
            case >= GICR_IGROUPR0 and <= GICR_ICACTIVER0 when (offset & 0x7F) == 0:
                WriteBits((BitRegister)(offset >> 7 & 7), cpu, frame, word: 0, value);
                return true;
            case GICR_ICFGR1: WriteConfiguration(frame, 1, value); return true;
            default: return false;
        }
    }

    /// <summary>Affinity in 63:32, processor number in 23:8, Last in bit 4; no LPIs.</summary>
    private ulong RedistributorTyper(int frame)
    {
        var affinity = _affinity[frame] >> 32 << 24 | _affinity[frame] & 0xFF_FFFF;
        var last = LastFrame?.Invoke(frame) ?? frame == _cpus.Length - 1;
        return affinity << 32 | (uint)frame << 8 | (last ? 1u << 4 : 0);
    }

    /// <summary>Sleep is only what these bits say; it holds nothing back.</summary>
    private uint ReadWaker(int frame)
    {
        if ((_waker[frame] & ProcessorSleep) == 0) return 0;
        var cpu = _cpus[frame];
        var children = !_identity.SleepNeedsGroupsOff || !(cpu.StoredGroupEnable(false) || cpu.StoredGroupEnable(true));
        return ProcessorSleep | (children ? ChildrenAsleep : 0);
    }
}
