namespace RmStack.Machine.Cpu;

/// <summary>System registers that the state of a CPU keeps as they were written.</summary>
internal enum SystemRegister : byte
{
    None,
    SCTLR_EL1,
    CPACR_EL1,
    TTBR0_EL1,
    TTBR1_EL1,
    TCR_EL1,
    MAIR_EL1,
    AMAIR_EL1,
    VBAR_EL1,
    ELR_EL1,
    SPSR_EL1,
    SP_EL0,
    SP_EL1,
    ESR_EL1,
    FAR_EL1,
    PAR_EL1,
    AFSR0_EL1,
    AFSR1_EL1,
    CONTEXTIDR_EL1,
    TPIDR_EL0,
    TPIDRRO_EL0,
    TPIDR_EL1,
    CNTKCTL_EL1,
    CSSELR_EL1,
    MDSCR_EL1,
    OSLSR_EL1,
    DISR_EL1,
    FPCR,
    FPSR,

    /// <summary>The first of 16 DBGBVR, then as many DBGBCR, DBGWVR and DBGWCR.</summary>
    DBGBVR0_EL1 = 64,
    DBGBCR0_EL1 = 80,
    DBGWVR0_EL1 = 96,
    DBGWCR0_EL1 = 112,

    /// <summary>Number of places.</summary>
    Count = 128,
}
