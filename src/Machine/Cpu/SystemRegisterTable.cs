using System.Collections.Frozen;
using static RmStack.Machine.Cpu.SystemRegister;

namespace RmStack.Machine.Cpu;

/// <summary>How a system register works.</summary>
internal enum RegisterKind : byte
{
    /// <summary>Reads what was written.</summary>
    Storage,

    /// <summary>Storage that translations depend on.</summary>
    Translation,

    /// <summary>Reads as zero, ignores writes.</summary>
    Zero,
    Midr,
    Mpidr,
    Revidr,
    Clidr,
    Ccsidr,
    Ctr,
    DcZid,
    Isr,
    SpEl0,
    SpSel,
    CurrentEl,
    Pan,
    Uao,
    Dit,
    Ssbs,
    Nzcv,
    Daif,
    OsLockAccess,
    FloatingPoint,
    Debug,
    Random,
}

/// <summary>Who may use a register.</summary>
[Flags]
internal enum RegisterAccess : byte
{
    Read = 1,
    Write = 2,
    UserRead = 4,
    UserWrite = 8,
    ReadWrite = Read | Write,
}

/// <summary>One line of the table of system registers.</summary>
internal sealed record RegisterEntry(
    uint Encoding,
    string Name,
    RegisterAccess Access,
    RegisterKind Kind,
    SystemRegister Place = None,
    ulong Writable = ulong.MaxValue,
    CpuFeatures Features = CpuFeatures.None);

/// <summary>
/// The system registers that the model of the CPU implements itself (Arm ARM D24). The ID space, the GIC's and the timer's
/// registers are not in it; what is in none of these is left to the hypervisor.
/// </summary>
internal static class SystemRegisterTable
{
    private const RegisterAccess Ro = RegisterAccess.Read;
    private const RegisterAccess Wo = RegisterAccess.Write;
    private const RegisterAccess Rw = RegisterAccess.ReadWrite;
    private const RegisterAccess UserRo = RegisterAccess.Read | RegisterAccess.UserRead;
    private const RegisterAccess UserRw = RegisterAccess.ReadWrite | RegisterAccess.UserRead | RegisterAccess.UserWrite;
    private const int DebugRegisters = 16;

    private static readonly FrozenDictionary<uint, RegisterEntry> ByEncoding = Build().ToFrozenDictionary(static e => e.Encoding);

    /// <summary>Finds a register, if the CPU has it.</summary>
    public static RegisterEntry? Find(uint encoding, CpuModel model)
    {
        if (!ByEncoding.TryGetValue(encoding, out var entry) || !model.Has(entry.Features)) return null;
        var count = entry.Place switch
        {
            >= DBGWVR0_EL1 => model.Watchpoints,
            >= DBGBVR0_EL1 => model.Breakpoints,
            _ => DebugRegisters,
        };
        return entry.Place >= DBGBVR0_EL1 && ((int)entry.Place & (DebugRegisters - 1)) >= count ? null : entry;
    }

    /// <summary>All lines.</summary>
    public static IEnumerable<RegisterEntry> All => ByEncoding.Values;

    private static List<RegisterEntry> Build()
    {
        List<RegisterEntry> entries =
        [
            new(E(3, 0, 0, 0, 0), "MIDR_EL1", Ro, RegisterKind.Midr),
            new(E(3, 0, 0, 0, 5), "MPIDR_EL1", Ro, RegisterKind.Mpidr),
            new(E(3, 0, 0, 0, 6), "REVIDR_EL1", Ro, RegisterKind.Revidr),
            new(E(3, 1, 0, 0, 0), "CCSIDR_EL1", Ro, RegisterKind.Ccsidr),
            new(E(3, 1, 0, 0, 1), "CLIDR_EL1", Ro, RegisterKind.Clidr),
            new(E(3, 1, 0, 0, 7), "AIDR_EL1", Ro, RegisterKind.Zero),
            new(E(3, 2, 0, 0, 0), "CSSELR_EL1", Rw, RegisterKind.Storage, CSSELR_EL1, 0xf),
            new(E(3, 3, 0, 0, 1), "CTR_EL0", UserRo, RegisterKind.Ctr),
            new(E(3, 3, 0, 0, 7), "DCZID_EL0", UserRo, RegisterKind.DcZid),
            new(E(3, 0, 1, 0, 0), "SCTLR_EL1", Rw, RegisterKind.Translation, SCTLR_EL1),
            new(E(3, 0, 1, 0, 1), "ACTLR_EL1", Rw, RegisterKind.Zero),
            new(E(3, 0, 1, 0, 2), "CPACR_EL1", Rw, RegisterKind.Storage, CPACR_EL1),
            new(E(3, 0, 2, 0, 0), "TTBR0_EL1", Rw, RegisterKind.Translation, TTBR0_EL1),
            new(E(3, 0, 2, 0, 1), "TTBR1_EL1", Rw, RegisterKind.Translation, TTBR1_EL1),
            new(E(3, 0, 2, 0, 2), "TCR_EL1", Rw, RegisterKind.Translation, TCR_EL1),
            new(E(3, 0, 4, 0, 0), "SPSR_EL1", Rw, RegisterKind.Storage, SPSR_EL1),
            new(E(3, 0, 4, 0, 1), "ELR_EL1", Rw, RegisterKind.Storage, ELR_EL1),
            new(E(3, 0, 4, 1, 0), "SP_EL0", Rw, RegisterKind.SpEl0),
            new(E(3, 0, 4, 2, 0), "SPSel", Rw, RegisterKind.SpSel),
            new(E(3, 0, 4, 2, 2), "CurrentEL", Ro, RegisterKind.CurrentEl),
            new(E(3, 0, 4, 2, 3), "PAN", Rw, RegisterKind.Pan, Features: CpuFeatures.Pan),
            new(E(3, 0, 4, 2, 4), "UAO", Rw, RegisterKind.Uao, Features: CpuFeatures.Uao),
            new(E(3, 0, 5, 1, 0), "AFSR0_EL1", Rw, RegisterKind.Storage, AFSR0_EL1),
            new(E(3, 0, 5, 1, 1), "AFSR1_EL1", Rw, RegisterKind.Storage, AFSR1_EL1),
            new(E(3, 0, 5, 2, 0), "ESR_EL1", Rw, RegisterKind.Storage, ESR_EL1),
            new(E(3, 0, 6, 0, 0), "FAR_EL1", Rw, RegisterKind.Storage, FAR_EL1),
            new(E(3, 0, 7, 4, 0), "PAR_EL1", Rw, RegisterKind.Storage, PAR_EL1),
            new(E(3, 0, 10, 2, 0), "MAIR_EL1", Rw, RegisterKind.Translation, MAIR_EL1),
            new(E(3, 0, 10, 3, 0), "AMAIR_EL1", Rw, RegisterKind.Storage, AMAIR_EL1),
            new(E(3, 0, 12, 0, 0), "VBAR_EL1", Rw, RegisterKind.Storage, VBAR_EL1, ~0x7ffUL),
            new(E(3, 0, 12, 1, 0), "ISR_EL1", Ro, RegisterKind.Isr),
            new(E(3, 0, 12, 1, 1), "DISR_EL1", Rw, RegisterKind.Storage, DISR_EL1, Features: CpuFeatures.Ras),
            new(E(3, 0, 13, 0, 1), "CONTEXTIDR_EL1", Rw, RegisterKind.Storage, CONTEXTIDR_EL1),
            new(E(3, 0, 13, 0, 4), "TPIDR_EL1", Rw, RegisterKind.Storage, TPIDR_EL1),
            new(E(3, 0, 14, 1, 0), "CNTKCTL_EL1", Rw, RegisterKind.Storage, CNTKCTL_EL1),
            new(E(3, 3, 2, 4, 0), "RNDR", UserRo, RegisterKind.Random, Features: CpuFeatures.Rng),
            new(E(3, 3, 2, 4, 1), "RNDRRS", UserRo, RegisterKind.Random, Features: CpuFeatures.Rng),
            new(E(3, 3, 4, 2, 0), "NZCV", UserRw, RegisterKind.Nzcv),
            new(E(3, 3, 4, 2, 1), "DAIF", UserRw, RegisterKind.Daif),
            new(E(3, 3, 4, 2, 5), "DIT", UserRw, RegisterKind.Dit, Features: CpuFeatures.Dit),
            new(E(3, 3, 4, 2, 6), "SSBS", UserRw, RegisterKind.Ssbs, Features: CpuFeatures.Ssbs),
            new(E(3, 3, 4, 4, 0), "FPCR", UserRw, RegisterKind.FloatingPoint, FPCR, 0x07f7_0000),
            new(E(3, 3, 4, 4, 1), "FPSR", UserRw, RegisterKind.FloatingPoint, FPSR, 0xf800_009f),
            new(E(3, 3, 13, 0, 2), "TPIDR_EL0", UserRw, RegisterKind.Storage, TPIDR_EL0),
            new(E(3, 3, 13, 0, 3), "TPIDRRO_EL0", Rw | RegisterAccess.UserRead, RegisterKind.Storage, TPIDRRO_EL0),
            new(E(2, 0, 0, 2, 0), "MDCCINT_EL1", Rw, RegisterKind.Zero),
            new(E(2, 0, 0, 2, 2), "MDSCR_EL1", Rw, RegisterKind.Debug, MDSCR_EL1, 0xffff_ffff),
            new(E(2, 0, 1, 0, 0), "MDRAR_EL1", Ro, RegisterKind.Zero),
            new(E(2, 0, 1, 0, 4), "OSLAR_EL1", Wo, RegisterKind.OsLockAccess),
            new(E(2, 0, 1, 1, 4), "OSLSR_EL1", Ro, RegisterKind.Storage, OSLSR_EL1),
            new(E(2, 0, 1, 3, 4), "OSDLR_EL1", Rw, RegisterKind.Zero),
            new(E(2, 3, 0, 1, 0), "MDCCSR_EL0", UserRo, RegisterKind.Zero),
        ];
        for (var n = 0u; n < DebugRegisters; n++)
        {
            entries.Add(new(E(2, 0, 0, n, 4), $"DBGBVR{n}_EL1", Rw, RegisterKind.Storage, DBGBVR0_EL1 + (byte)n));
            entries.Add(new(E(2, 0, 0, n, 5), $"DBGBCR{n}_EL1", Rw, RegisterKind.Storage, DBGBCR0_EL1 + (byte)n, 0xffff_ffff));
            entries.Add(new(E(2, 0, 0, n, 6), $"DBGWVR{n}_EL1", Rw, RegisterKind.Storage, DBGWVR0_EL1 + (byte)n, ~3UL));
            entries.Add(new(E(2, 0, 0, n, 7), $"DBGWCR{n}_EL1", Rw, RegisterKind.Storage, DBGWCR0_EL1 + (byte)n, 0xffff_ffff));
        }

        return entries;
    }

    private static uint E(uint op0, uint op1, uint crn, uint crm, uint op2) => SystemEncoding.Of(op0, op1, crn, crm, op2);
}
