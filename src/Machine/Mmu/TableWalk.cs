using RmStack.Machine.Cpu;
using RmStack.Machine.Memory;

namespace RmStack.Machine.Mmu;

/// <summary>
/// The translation of VMSAv8-64 with the 4 KiB granule (Arm ARM D8): stage 1 by the tables that TTBR0_EL1 and TTBR1_EL1
/// point to, stage 2 by a <see cref="Stage2"/>, which stage-1 descriptors are read through as well.
/// </summary>
internal sealed unsafe class TableWalk(CpuModel model, PhysicalMemory memory, CpuState state)
{
    private const ulong AddressMask = 0x0000_ffff_ffff_f000;
    private const ulong SctlrM = 1;
    private const ulong SctlrWxn = 1 << 19;
    private const ulong TcrHpd0 = 1UL << 41;

    /// <summary>Second stage, or null when intermediate physical addresses are physical.</summary>
    public Stage2? Stage2 { get; set; }

    /// <summary>Top byte ignored in the half of the address space that <paramref name="va"/> is in.</summary>
    public bool TopByteIgnored(ulong va) => (state.TCR_EL1 >> ((va >> 55 & 1) != 0 ? 38 : 37) & 1) != 0;

    /// <summary>Translates an address by both stages.</summary>
    /// <param name="va">Virtual address.</param>
    /// <param name="access">What is to be done there.</param>
    /// <param name="regime">With whose rights.</param>
    /// <param name="result">Where it leads, when true is returned.</param>
    /// <param name="fault">Why not, when false is returned.</param>
    public bool Translate(ulong va, MemoryAccess access, MemoryRegime regime, out Translation result, out MemoryFault fault)
    {
        if (!Stage1(va, access, regime, out result, out fault)) return false;
        if (!ToPhysical(result.Ipa, access, regime != MemoryRegime.User, out result.Pa, out result.Stage2Device, out fault)) return false;
        if (memory.Contains(result.Pa, 1)) return true;
        fault = new MemoryFault { Origin = FaultOrigin.Stage1, Code = FaultCode.External };
        return false;
    }

    /// <summary>Translates an address by stage 1 only.</summary>
    public bool Stage1(ulong va, MemoryAccess access, MemoryRegime regime, out Translation result, out MemoryFault fault)
    {
        result = default;
        fault = default;
        var upper = (va >> 55 & 1) != 0;
        var ignored = TopByteIgnored(va);
        if ((state.SCTLR_EL1 & SctlrM) == 0)
        {
            result.Ipa = ignored ? va & 0x00ff_ffff_ffff_ffff : va;
            result.Shift = 12;
            result.Stage1Device = access != MemoryAccess.Fetch;
            result.Shareability = 2;
            if (result.Ipa >> model.PhysicalAddressBits != 0) return Fail(out fault, FaultCode.AddressSize);
            return true;
        }

        var tcr = state.TCR_EL1;
        var sizeBits = (int)(tcr >> (upper ? 16 : 0)) & 0x3f;
        var walksDisabled = (tcr >> (upper ? 23 : 7) & 1) != 0;
        if (sizeBits is < 16 or > 39 || walksDisabled) return Fail(out fault, FaultCode.Translation);
        var inputBits = 64 - sizeBits;

        // Every bit between the size of the input and the top (or the ignored byte) has to be a copy of bit 55.
        var top = ignored ? 56 : 64;
        var high = (long)(va << (64 - top)) >> (64 - top + inputBits);
        if (high != (upper ? -1 : 0)) return Fail(out fault, FaultCode.Translation);

        var outputBits = Math.Min(OutputBits((uint)(tcr >> 32) & 7), model.PhysicalAddressBits);
        var ttbr = upper ? state.TTBR1_EL1 : state.TTBR0_EL1;
        var level = 4 - ((inputBits - 12 + 8) / 9);
        var indexBits = inputBits - 12 - (9 * (3 - level));
        var table = ttbr & 0x0000_ffff_ffff_fffe & ~((8UL << indexBits) - 1);
        if (table >> outputBits != 0) return Fail(out fault, FaultCode.AddressSize);

        bool noUser = false, readOnly = false, noUserExecute = false, noKernelExecute = false;
        var hierarchical = !(model.Has(CpuFeatures.Hpds) && (tcr & (upper ? TcrHpd0 << 1 : TcrHpd0)) != 0);
        ulong descriptor;
        while (true)
        {
            var shift = 12 + (9 * (3 - level));
            var index = (va >> shift) & ((1UL << indexBits) - 1);
            if (!ReadDescriptor(table + (index * 8), level, out descriptor, out fault)) return false;
            if ((descriptor & 1) == 0) return Fail(out fault, FaultCode.Translation, level);
            var isTable = (descriptor & 2) != 0;
            if (level == 3 ? !isTable : !isTable && level == 0) return Fail(out fault, FaultCode.Translation, level);
            var address = descriptor & AddressMask;
            if (level == 3 || !isTable)
            {
                result.Shift = (byte)shift;
                var inside = (1UL << shift) - 1;
                address &= ~inside;
                if (address >> outputBits != 0) return Fail(out fault, FaultCode.AddressSize, level);
                result.Ipa = address | (va & inside);
                break;
            }

            if (address >> outputBits != 0) return Fail(out fault, FaultCode.AddressSize, level);
            if (hierarchical)
            {
                noUser |= (descriptor >> 61 & 1) != 0;
                readOnly |= (descriptor >> 62 & 1) != 0;
                noUserExecute |= (descriptor >> 60 & 1) != 0;
                noKernelExecute |= (descriptor >> 59 & 1) != 0;
            }

            table = address;
            indexBits = 9;
            level++;
        }

        if ((descriptor >> 10 & 1) == 0) return Fail(out fault, FaultCode.AccessFlag, level);
        result.Attributes = (byte)(state.MAIR_EL1 >> (int)(8 * (descriptor >> 2 & 7)));
        result.Stage1Device = (result.Attributes & 0xf0) == 0;
        result.Shareability = (byte)(descriptor >> 8 & 3);

        var user = (descriptor >> 6 & 1) != 0 && !noUser;
        var writable = (descriptor >> 7 & 1) == 0 && !readOnly;
        var wxn = (state.SCTLR_EL1 & SctlrWxn) != 0 && writable;

        // EL0 may fetch what it cannot read: AP[1] says nothing about execution (execute-only pages).
        var allowed = (access, regime) switch
        {
            (MemoryAccess.Read, MemoryRegime.User) => user,
            (MemoryAccess.Write, MemoryRegime.User) => user && writable,
            (MemoryAccess.Fetch, MemoryRegime.User) => (descriptor >> 54 & 1) == 0 && !noUserExecute && !(wxn && user),
            (MemoryAccess.Read, MemoryRegime.Kernel) => true,
            (MemoryAccess.Write, MemoryRegime.Kernel) => writable,
            (MemoryAccess.Read, MemoryRegime.KernelPan) => !user,
            (MemoryAccess.Write, MemoryRegime.KernelPan) => writable && !user,
            _ => (descriptor >> 53 & 1) == 0 && !noKernelExecute && !(user && writable) && !wxn,
        };
        return allowed || Fail(out fault, FaultCode.Permission, level);
    }

    private static int OutputBits(uint ips) => ips switch
    {
        0 => 32,
        1 => 36,
        2 => 40,
        3 => 42,
        4 => 44,
        _ => 48,
    };

    private static bool Fail(out MemoryFault fault, uint code, int level = 0)
    {
        fault = new MemoryFault { Origin = FaultOrigin.Stage1, Code = code | (uint)level };
        return false;
    }

    private bool ReadDescriptor(ulong ipa, int level, out ulong descriptor, out MemoryFault fault)
    {
        descriptor = 0;
        if (!ToPhysical(ipa, MemoryAccess.Read, privileged: true, out var pa, out _, out fault))
        {
            fault.OnStage1Walk = true;
            return false;
        }

        if (!memory.Contains(pa, 8)) return Fail(out fault, FaultCode.ExternalOnWalk, level);
        descriptor = *(ulong*)memory.Pointer(pa);
        return true;
    }

    private bool ToPhysical(ulong ipa, MemoryAccess access, bool privileged, out ulong pa, out bool device, out MemoryFault fault)
    {
        pa = ipa;
        device = false;
        fault = default;
        if (Stage2 is null) return true;
        if (ipa >> Stage2.IpaBits != 0) return FailStage2(out fault, FaultCode.Translation, ipa);

        // What is not mapped is reported as missing at level 1, as on a table with nothing in it.
        if (!Stage2.TryFind(ipa, out var mapping)) return FailStage2(out fault, FaultCode.Translation | 1, ipa);
        var needed = access switch
        {
            MemoryAccess.Read => Stage2Access.Read,
            MemoryAccess.Write => Stage2Access.Write,
            _ => Stage2Access.Execute,
        };
        var rights = privileged ? mapping.Kernel : mapping.User;
        if (!rights.HasFlag(needed)) return FailStage2(out fault, FaultCode.Permission | 3, ipa);
        pa = mapping.Pa + (ipa - mapping.Ipa);
        device = mapping.MemoryType < 4;
        return true;
    }

    private static bool FailStage2(out MemoryFault fault, uint code, ulong ipa)
    {
        fault = new MemoryFault { Origin = FaultOrigin.Stage2, Code = code, Ipa = ipa };
        return false;
    }
}
