namespace RmStack.Machine.Cpu;

/// <summary>Bits of PSTATE as SPSR_EL1 holds them (Arm ARM C5.2.20).</summary>
internal static class PState
{
    public const int NzcvShift = 28;
    public const uint Dit = 1u << 24;
    public const uint Uao = 1u << 23;
    public const uint Pan = 1u << 22;
    public const uint Ss = 1u << 21;
    public const uint Il = 1u << 20;
    public const uint Ssbs = 1u << 12;
    public const int DaifShift = 6;
    public const uint Aarch32 = 1u << 4;

    /// <summary>Bits of DAIF as PSTATE numbers them: D 8, A 4, I 2, F 1.</summary>
    public const uint MaskIrq = 2;

    /// <summary>See <see cref="MaskIrq"/>.</summary>
    public const uint MaskFiq = 1;

    /// <summary>See <see cref="MaskIrq"/>.</summary>
    public const uint MaskDebug = 8;

    /// <summary>EL1h with everything masked: how a CPU starts.</summary>
    public const uint Reset = 0x3c5;
}
