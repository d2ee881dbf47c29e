namespace RmStack.Machine.Gic;

/// <summary>
/// What makes one GICv3 implementation differ from another: the values in its identification registers, and the named
/// ways in which it departs from plain hardware. Everything else is the architecture's (Arm IHI 0069).
/// </summary>
public sealed record GicIdentity
{
    /// <summary>A GICv3 without ITS, as QEMU's "virt" machine has it: 224 SPIs, reserved registers RAZ/WI.</summary>
    public static GicIdentity QemuVirt { get; } = new();

    /// <summary>The virtual GICv3 that Gunyah shows to its guests (Gunyah: vgic.tc, distrib.c; observed on the real one).</summary>
    public static GicIdentity Gunyah { get; } = new()
    {
        DistributorTyper = 0x0349_001F,
        DistributorIidr = 0x4700_0070,
        RedistributorIidr = 0x4700_0070,
        StartsAsleep = false,
        PriorityMask = 0xF8,
        PeripheralIds = false,
        Pidr2 = 0x30,
        ReportsAccessErrors = true,
        RouteReadsAsZero = true,
        BanksPrivateRegistersInDistributor = true,
        UsesListRegisters = true,
        SoftwareLevelStays = true,
        GroupOneSgiReachesGroupZero = true,
        HasSgiRangeSelector = true,
        DisabledGroupRegistersUndefined = true,
        GroupEnableReadsEffective = true,
        KeepsCpuInterfaceOverReset = true,
        SleepNeedsGroupsOff = true,
    };

    /// <summary>GICD_TYPER. ITLinesNumber (4:0) also sets how many SPIs exist, MBIS (16) whether SETSPI works.</summary>
    public uint DistributorTyper { get; init; } = 0x0348_0007;

    /// <summary>GICD_IIDR.</summary>
    public uint DistributorIidr { get; init; } = 0x43B;

    /// <summary>GICR_IIDR.</summary>
    public uint RedistributorIidr { get; init; } = 0x43B;

    /// <summary>GICD_PIDR2 and GICR_PIDR2; the architecture revision is in bits 7:4.</summary>
    public uint Pidr2 { get; init; } = 0x3B;

    /// <summary>True when the other CoreSight identification registers (PIDR0.., CIDR0..) are filled in too.</summary>
    public bool PeripheralIds { get; init; } = true;

    /// <summary>GICD_CTLR bits that always read as one; reset leaves just these. Default: DS and ARE.</summary>
    public uint DistributorControlFixed { get; init; } = 0x50;

    /// <summary>Bits that a priority register keeps. QEMU keeps eight, though its CPU interface has five.</summary>
    public byte PriorityMask { get; init; } = 0xFF;

    /// <summary>GICR_WAKER.ProcessorSleep is set at reset, so that software has to wake each redistributor.</summary>
    public bool StartsAsleep { get; init; } = true;

    /// <summary>
    /// STATUSR works, a write to a register that does not exist is an external abort, and access sizes are checked as
    /// Gunyah does. Otherwise refused accesses are RAZ/WI and only misaligned ones abort.
    /// </summary>
    public bool ReportsAccessErrors { get; init; }

    /// <summary>GICD_IROUTER reads 0 and sets STATUSR.RRD.</summary>
    public bool RouteReadsAsZero { get; init; }

    /// <summary>The SGI and PPI words of the distributor read the calling CPU's private state; otherwise 0.</summary>
    public bool BanksPrivateRegistersInDistributor { get; init; }

    /// <summary>
    /// The CPU interface works on list registers that a hypervisor fills: an interrupt that is listed shows the list register's
    /// pending state only, ISACTIVER and ICACTIVER leave it alone, ICPENDR and CLRSPI cannot take back an SPI that
    /// is pending in the caller's list register, and its source is asked again when the list register is given up.
    /// List registers are unlimited in number.
    /// </summary>
    public bool UsesListRegisters { get; init; }

    /// <summary>A level-sensitive interrupt made pending by ISPENDR fires after each EOI until ICPENDR; otherwise once.</summary>
    public bool SoftwareLevelStays { get; init; }

    /// <summary>ICC_SGI1R also triggers an SGI configured as group 0; otherwise the groups have to match.</summary>
    public bool GroupOneSgiReachesGroupZero { get; init; }

    /// <summary>The range selector of an SGI counts; otherwise target lists always mean Aff0 0 to 15.</summary>
    public bool HasSgiRangeSelector { get; init; }

    /// <summary>
    /// While a group is off (in ICC_IGRPENn or GICD_CTLR) reads of its IAR, HPPIR, BPR and AP registers are UNDEFINED and
    /// writes to its EOIR, BPR and AP registers are ignored. Otherwise IAR and HPPIR read 1023 and the rest works.
    /// </summary>
    public bool DisabledGroupRegistersUndefined { get; init; }

    /// <summary>ICC_IGRPENn reads 0 while GICD_CTLR has the group off.</summary>
    public bool GroupEnableReadsEffective { get; init; }

    /// <summary>Resetting a CPU turns its groups off and leaves the rest of its CPU interface; otherwise all of it is reset.</summary>
    public bool KeepsCpuInterfaceOverReset { get; init; }

    /// <summary>GICR_WAKER.ChildrenAsleep needs both groups of the CPU interface off; otherwise it follows ProcessorSleep.</summary>
    public bool SleepNeedsGroupsOff { get; init; }

    /// <summary>INTIDs below this one exist: 64 to 1020.</summary>
    public int IntidLimit => Math.Min(1020, 32 * ((int)(DistributorTyper & 0x1F) + 1));

    /// <summary>Message-based SPIs (SETSPI_NSR, CLRSPI_NSR) exist.</summary>
    public bool HasMessageBasedSpis => (DistributorTyper & (1u << 16)) != 0;
}
