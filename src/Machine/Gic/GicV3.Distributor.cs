namespace RmStack.Machine.Gic;

/// <summary>The distributor's frame of 64 KiB (Arm IHI 0069, 12.9; Gunyah: vgic vdevice.c, distrib.c).</summary>
public sealed partial class GicV3
{
    /// <summary>Bytes of the distributor's frame.</summary>
    public const uint DistributorSize = 0x1_0000;

    private const uint GICD_CTLR = 0x0000;
    private const uint GICD_TYPER = 0x0004;
    private const uint GICD_IIDR = 0x0008;
    private const uint GICD_TYPER2 = 0x000C;
    private const uint GICD_STATUSR = 0x0010;
    private const uint GICD_SETSPI_NSR = 0x0040;
    private const uint GICD_CLRSPI_NSR = 0x0048;
    private const uint GICD_SETSPI_SR = 0x0050;
    private const uint GICD_CLRSPI_SR = 0x0058;
    private const uint GICD_IGROUPR = 0x0080;
    private const uint GICD_IPRIORITYR = 0x0400;
    private const uint GICD_IPRIORITYR_END = 0x07FC;
    private const uint GICD_ITARGETSR = 0x0800;
    private const uint GICD_ITARGETSR_END = 0x0BFC;
    private const uint GICD_ICFGR = 0x0C00;
    private const uint GICD_IGRPMODR = 0x0D00;
    private const uint GICD_IGRPMODR_END = 0x0D80;
    private const uint GICD_NSACR = 0x0E00;
    private const uint GICD_SGIR = 0x0F00;
    private const uint GICD_CPENDSGIR = 0x0F10;
    private const uint GICD_SPENDSGIR_END = 0x0F30;
    private const uint GICD_IROUTER = 0x6000;
    private const uint GICD_IROUTER32 = 0x6100;
    private const uint GICD_IROUTER_END = 0x8000;
    private const ulong RouteBits = AffinityMask | 1ul << 31;

    private readonly ulong[] _routes;
    private uint _distributorStatus;

    /// <summary>A guest's load from the distributor.</summary>
    /// <param name="cpu">CPU that makes it.</param>
    /// <param name="offset">Bytes from the start of the frame.</param>
    /// <param name="size">1, 2, 4 or 8 bytes.</param>
    /// <param name="value">What is loaded, zero-extended.</param>
    /// <returns>False for an external abort.</returns>
    public bool TryReadDistributor(int cpu, uint offset, int size, out ulong value)
    {
        value = 0;
        if (!DistributorAllows(offset, size)) return false;
        if (!ReadDistributor(cpu, offset, size, out value)) NoteDistributor(StatusReadReserved);
        return true;
    }

    /// <summary>A guest's store to the distributor; see <see cref="TryReadDistributor"/>.</summary>
    /// <returns>False for an external abort; nothing but STATUSR has changed then.</returns>
    public bool TryWriteDistributor(int cpu, uint offset, int size, ulong value)
    {
        if (!DistributorAllows(offset, size)) return false;
        if (WriteDistributor(cpu, offset, size, value)) return true;
        NoteDistributor(StatusWriteReserved);
        return !_identity.ReportsAccessErrors;
    }

    private bool DistributorAllows(uint offset, int size)
    {
        if (!IsAligned(offset, size) || offset >= DistributorSize) return false;
        if (!_identity.ReportsAccessErrors) return true;
        return size switch
        {
            1 => offset is (>= GICD_IPRIORITYR and < GICD_IPRIORITYR_END) or (>= GICD_ITARGETSR and < GICD_ITARGETSR_END)
                or (>= GICD_CPENDSGIR and < GICD_SPENDSGIR_END) or (>= GICD_IROUTER32 and < GICD_IROUTER_END),
            2 => offset is GICD_SETSPI_NSR or GICD_CLRSPI_NSR,
            8 => offset is >= GICD_IROUTER32 and < GICD_IROUTER_END,
            _ => true,
        };
    }

    private void NoteDistributor(uint status)
    {
        if (_identity.ReportsAccessErrors) _distributorStatus |= status;
    }

    /// <returns>False when there is no such register to read.</returns>
    private bool ReadDistributor(int cpu, uint offset, int size, out ulong value)
    {
        value = 0;
        switch (offset)
        {
            case >= GICD_IROUTER32 and < GICD_IROUTER_END: return ReadRoute(offset, size, out value);
            case >= GICD_IPRIORITYR and < GICD_IPRIORITYR_END when size is 1 or 4:
                var intid = (int)(offset - GICD_IPRIORITYR);
                if (ReadsDistributor(intid)) value = ReadPriorities(cpu, intid, size);
                return true;
            case GICD_SETSPI_NSR or GICD_CLRSPI_NSR when size <= 4: NoteDistributor(StatusReadOfWriteOnly); return true;
            case >= GICD_ITARGETSR and < GICD_ITARGETSR_END when size <= 4: return true;
        }

        return size == 4 && ReadDistributorWord(cpu, offset, out value);
    }

    private bool ReadDistributorWord(int cpu, uint offset, out ulong value)
    {
        value = 0;
        switch (offset)
        {
            case GICD_CTLR: value = _identity.DistributorControlFixed | _table.GroupEnables; return true;
            case GICD_TYPER: value = _identity.DistributorTyper; return true;
            case GICD_IIDR: value = _identity.DistributorIidr; return true;
            case GICD_STATUSR: value = _distributorStatus; return true;
            case GICD_SETSPI_SR or GICD_CLRSPI_SR or GICD_SGIR: NoteDistributor(StatusReadOfWriteOnly); return true;
            case GICD_TYPER2 or (>= GICD_IGRPMODR and < GICD_IGRPMODR_END) or (>= GICD_NSACR and < GICD_SGIR): return true;
            case >= GICD_IGROUPR and < GICD_IPRIORITYR:
                var word = (int)(offset & 0x7F) / 4;
                if (ReadsDistributor(word * 32)) value = ReadBits((BitRegister)(offset >> 7), cpu, word);
                return true;
            case >= GICD_ICFGR and < GICD_IGRPMODR:
                var config = (int)(offset - GICD_ICFGR) / 4;
                if (ReadsDistributor(config * 16)) value = ReadConfiguration(cpu, config);
                return true;
            default: return TryReadId(offset, PeripheralIdBytes[4], out value);
        }
    }

    /// <returns>False when there is no such register to write.</returns>
    private bool WriteDistributor(int cpu, uint offset, int size, ulong value)
    {
        switch (offset)
        {
            case >= GICD_IROUTER32 and < GICD_IROUTER_END: WriteRoute(offset, size, value); return true;
            case >= GICD_IPRIORITYR and < GICD_IPRIORITYR_END when size is 1 or 4:
                var intid = (int)(offset - GICD_IPRIORITYR);
                if (intid >= InterruptTable.PrivateCount) WritePriorities(cpu, intid, size, (uint)value);
                return true;
            case GICD_SETSPI_NSR when size <= 4: WriteMessage((int)(value & 0x3FF), cpu, set: true); return true;
            case GICD_CLRSPI_NSR when size <= 4: WriteMessage((int)(value & 0x3FF), cpu, set: false); return true;
            case (>= GICD_ITARGETSR and < GICD_ITARGETSR_END) or (>= GICD_CPENDSGIR and < GICD_SPENDSGIR_END) when size <= 4: return true;
        }

        return size == 4 && WriteDistributorWord(cpu, offset, (uint)value);
    }

    private bool WriteDistributorWord(int cpu, uint offset, uint value)
    {
        switch (offset)
        {
            case GICD_CTLR: _table.SetGroupEnables(value); return true;
            case GICD_TYPER or GICD_IIDR or GICD_TYPER2 or PeripheralIdPidr2: NoteDistributor(StatusWriteOfReadOnly); return true;
            case GICD_STATUSR: _distributorStatus &= ~value; return true;
            case GICD_SETSPI_SR or GICD_CLRSPI_SR or GICD_SGIR or GICD_IPRIORITYR_END: return true;
            case (>= GICD_IGRPMODR and < GICD_IGRPMODR_END) or (>= GICD_NSACR and < GICD_SGIR): return true;
            case >= GICD_IGROUPR and < GICD_IPRIORITYR:
                var word = (int)(offset & 0x7F) / 4;
                if (word != 0) WriteBits((BitRegister)(offset >> 7), cpu, cpu, word, value);
                return true;
            case >= GICD_ICFGR and < GICD_IGRPMODR:
                var config = (int)(offset - GICD_ICFGR) / 4;
                if (config >= 2) WriteConfiguration(cpu, config, value);
                return true;
            default: return false;
        }
    }

    private bool ReadsDistributor(int intid) =>
        intid >= InterruptTable.PrivateCount || _identity.BanksPrivateRegistersInDistributor;

    private void WriteMessage(int intid, int cpu, bool set)
    {
        if (!_identity.HasMessageBasedSpis || intid < InterruptTable.PrivateCount || intid >= IntidLimit) return;
        if (set) _table.SetPending(cpu, intid, InterruptFlags.LevelMessage);
        else _table.ClearPending(cpu, cpu, intid, InterruptFlags.LevelMessage);
    }

    private bool ReadRoute(uint offset, int size, out ulong value)
    {
        value = 0;
        if (_identity.RouteReadsAsZero || size < 4) return false;
        var intid = (int)(offset - GICD_IROUTER) / 8;
        if (intid >= IntidLimit) return true;
        value = size == 8 ? _routes[intid] : (uint)(_routes[intid] >> (int)(offset & 4) * 8);
        return true;
    }

    /// <summary>A route that names no CPU leaves the interrupt pending for nobody. Without 1-of-N support IRM has no effect.</summary>
    private void WriteRoute(uint offset, int size, ulong value)
    {
        var intid = (int)(offset - GICD_IROUTER) / 8;
        if (intid >= IntidLimit) return;
        if (!_identity.RouteReadsAsZero)
        {
            if (size < 4) return;
            if (size == 4) value = (offset & 4) == 0 ? _routes[intid] >> 32 << 32 | value & uint.MaxValue : _routes[intid] & uint.MaxValue | value << 32;
        }

        _routes[intid] = value & RouteBits;
        _table.SetTarget(intid, FindCpu(value));
    }
}
