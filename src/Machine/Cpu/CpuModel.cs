using System.Collections.Frozen;

namespace RmStack.Machine.Cpu;

/// <summary>
/// One row of the table of CPUs: what the ID registers say, and which encodings exist. Values that a machine or a
/// hypervisor sets, such as MIDR, are changed with a <c>with</c> expression.
/// </summary>
public sealed record CpuModel
{
    /// <summary>Name for the command line.</summary>
    public required string Name { get; init; }

    /// <summary>What there is beyond the integer part of Armv8.0-A.</summary>
    public required CpuFeatures Features { get; init; }

    /// <summary>MIDR_EL1.</summary>
    public required ulong Midr { get; init; }

    /// <summary>REVIDR_EL1.</summary>
    public ulong Revidr { get; init; }

    /// <summary>CTR_EL0.</summary>
    public required ulong Ctr { get; init; }

    /// <summary>DCZID_EL0. DC ZVA clears 4 &lt;&lt; this bytes.</summary>
    public ulong DcZid { get; init; } = 4;

    /// <summary>CLIDR_EL1.</summary>
    public ulong Clidr { get; init; }

    /// <summary>CCSIDR_EL1 for each value of CSSELR_EL1; 0 beyond.</summary>
    public IReadOnlyList<ulong> Ccsidr { get; init; } = [];

    /// <summary>Bits of physical address, as ID_AA64MMFR0_EL1.PARange says.</summary>
    public required int PhysicalAddressBits { get; init; }

    /// <summary>Number of breakpoint register pairs.</summary>
    public int Breakpoints { get; init; } = 2;

    /// <summary>Number of watchpoint register pairs.</summary>
    public int Watchpoints { get; init; } = 2;

    /// <summary>OSLAR_EL1 locks and unlocks; without, OSLSR_EL1 reads 0.</summary>
    public bool HasOsLock { get; init; } = true;

    /// <summary>
    /// The registers op0=3, op1=0, CRn=0, CRm=1 to 7 by <see cref="SystemEncoding"/>. One that is not in it reads 0.
    /// </summary>
    public FrozenDictionary<uint, ulong> IdRegisters { get; init; } = FrozenDictionary<uint, ulong>.Empty;

    /// <summary>Armv8.0-A with CRC32: boots Linux without an erratum, Spectre work or KPTI.</summary>
    public static CpuModel LinuxMinimal { get; } = new()
    {
        Name = "linux-minimal",
        Features = CpuFeatures.Crc32,
        Midr = 0x411fd040,
        Ctr = 0xb444c004,
        PhysicalAddressBits = 40,
        IdRegisters = Ids(
            (4, 0, 0x1100000001000011), // ID_AA64PFR0_EL1
            (5, 0, 0x0000000000101006), // ID_AA64DFR0_EL1
            (6, 0, 0x0000000000010000), // ID_AA64ISAR0_EL1
            (7, 0, 0x000000000f000022)), // ID_AA64MMFR0_EL1
    };

    /// <summary>Cortex-A35 without AArch32 and without the cryptographic extension.</summary>
    public static CpuModel A35 { get; } = new()
    {
        Name = "a35",
        Features = CpuFeatures.Crc32,
        Midr = 0x411fd040,
        Ctr = 0x84448004,
        Clidr = 0x0a200023,
        Ccsidr = [0x700fe01a, 0x201fe00a, 0x703fe03a],
        PhysicalAddressBits = 40,
        Breakpoints = 6,
        Watchpoints = 4,
        IdRegisters = Ids(
            (4, 0, 0x0000000001000011),
            (5, 0, 0x0000000010305006),
            (6, 0, 0x0000000000010000),
            (7, 0, 0x0000000000101122)),
    };

    /// <summary>What a secondary VM of Gunyah sees on QEMU's CPU "max" (as a bare-metal guest read them there).</summary>
    public static CpuModel Gunyah { get; } = new()
    {
        Name = "gunyah",
        Features = CpuFeatures.Crc32 | CpuFeatures.Lse | CpuFeatures.Pan | CpuFeatures.Uao | CpuFeatures.Rcpc | CpuFeatures.Hpds
            | CpuFeatures.Dpb | CpuFeatures.Dpb2 | CpuFeatures.Idst | CpuFeatures.Dit | CpuFeatures.Ssbs | CpuFeatures.Ras
            | CpuFeatures.PauthWithoutKeys | CpuFeatures.Pan2 | CpuFeatures.TlbiOs | CpuFeatures.SpecRes | CpuFeatures.Rng,
        Midr = 0x000f0480,
        HasOsLock = false,
        Ctr = 0x8444c004,
        Clidr = 0x02000023,
        Ccsidr = [0x701fe00a, 0x201fe012, 0x70ffe07a],
        PhysicalAddressBits = 36,
        Breakpoints = 6,
        Watchpoints = 4,
        IdRegisters = Ids(
            (1, 0, 0x10131), // ID_PFR0_EL1
            (1, 1, 0x10010000), // ID_PFR1_EL1
            (1, 2, 0x10000), // ID_DFR0_EL1
            (1, 4, 0x10201105), // ID_MMFR0_EL1
            (1, 5, 0x40000000),
            (1, 6, 0x01260000),
            (1, 7, 0x02122211),
            (2, 0, 0x02001110), // ID_ISAR0_EL1
            (2, 1, 0x13112110),
            (2, 2, 0x21232042),
            (2, 3, 0x01112131),
            (2, 4, 0x00010142),
            (2, 5, 0x01011121),
            (2, 6, 0x00021110), // ID_MMFR4_EL1
            (2, 7, 0x10), // ID_ISAR6_EL1
            (3, 0, 0x10110222), // MVFR0_EL1
            (3, 1, 0x13211111),
            (3, 2, 0x43),
            (3, 4, 1), // ID_PFR2_EL1
            (4, 0, 0x1100000001001112), // ID_AA64PFR0_EL1
            (5, 0, 0x0000000010305609), // ID_AA64DFR0_EL1
            (6, 0, 0x2000100010210120), // ID_AA64ISAR0_EL1
            (6, 1, 0x0000000000000001), // ID_AA64ISAR1_EL1
            (7, 0, 0x000000000f001121), // ID_AA64MMFR0_EL1
            (7, 1, 0x0000000010212120), // ID_AA64MMFR1_EL1
            (7, 2, 0x0000000000001011)), // ID_AA64MMFR2_EL1
    };

    /// <summary>True when the model has all of <paramref name="wanted"/>.</summary>
    public bool Has(CpuFeatures wanted) => (Features & wanted) == wanted;

    private static FrozenDictionary<uint, ulong> Ids(params (uint CRm, uint Op2, ulong Value)[] values) =>
        values.ToFrozenDictionary(static v => SystemEncoding.Of(3, 0, 0, v.CRm, v.Op2), static v => v.Value);
}
