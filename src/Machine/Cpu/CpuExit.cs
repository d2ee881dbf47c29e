namespace RmStack.Machine.Cpu;

/// <summary>Why a processing element stopped. It never calls up: it returns one of these.</summary>
public enum CpuExitReason
{
    /// <summary>The instructions it was allowed are used up, or something needs the scheduler's attention.</summary>
    BudgetUsed = 0,

    /// <summary>HVC at EL1. PC is past the instruction (Arm ARM: preferred return address).</summary>
    Hvc,

    /// <summary>SMC at EL1, trapped. PC is at the instruction.</summary>
    Smc,

    /// <summary>WFI with nothing pending. PC is past the instruction.</summary>
    Wfi,

    /// <summary>WFE with no event. PC is past the instruction.</summary>
    Wfe,

    /// <summary>A data access or an instruction fetch that stage 2 refused. PC is at the instruction.</summary>
    Stage2Abort,

    /// <summary>MSR, MRS or a system instruction that the model of the CPU does not implement itself. PC is at it.</summary>
    SystemRegisterTrap,
}

/// <summary>One stop of a processing element, in the form an EL2 would see it.</summary>
public readonly struct CpuExit
{
    /// <summary>Why.</summary>
    public CpuExitReason Reason { get; init; }

    /// <summary>
    /// What ESR_EL2 would hold (Arm ARM D24: EC, IL, ISS): for <see cref="CpuExitReason.Hvc"/> and Smc the immediate,
    /// for <see cref="CpuExitReason.Stage2Abort"/> EC 0x20/0x24 with the full data-abort ISS (ISV, SAS, SSE, SRT, SF,
    /// AR, WnR, S1PTW, DFSC), for <see cref="CpuExitReason.SystemRegisterTrap"/> EC 0x18.
    /// </summary>
    public uint Syndrome { get; init; }

    /// <summary>FAR_EL2: the faulting virtual address.</summary>
    public ulong FaultAddress { get; init; }

    /// <summary>The faulting intermediate physical address, all bits (HPFAR_EL2 together with the low bits of FAR_EL2).</summary>
    public ulong FaultIpa { get; init; }

    /// <summary>Immediate of HVC or SMC.</summary>
    public ushort Immediate => (ushort)Syndrome;
}
