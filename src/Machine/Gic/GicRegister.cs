namespace RmStack.Machine.Gic;

/// <summary>Encodings of the CPU interface's system registers: op0&lt;&lt;14 | op1&lt;&lt;11 | CRn&lt;&lt;7 | CRm&lt;&lt;3 | op2 (Arm IHI 0069, 12.2).</summary>
public static class GicRegister
{
    public const uint ICC_PMR_EL1 = Op0_3 | (4 << 7) | (6 << 3);
    public const uint ICC_IAR0_EL1 = C12 | (8 << 3);
    public const uint ICC_EOIR0_EL1 = C12 | (8 << 3) | 1;
    public const uint ICC_HPPIR0_EL1 = C12 | (8 << 3) | 2;
    public const uint ICC_BPR0_EL1 = C12 | (8 << 3) | 3;
    public const uint ICC_AP0R0_EL1 = C12 | (8 << 3) | 4;
    public const uint ICC_AP1R0_EL1 = C12 | (9 << 3);
    public const uint ICC_DIR_EL1 = C12 | (11 << 3) | 1;
    public const uint ICC_RPR_EL1 = C12 | (11 << 3) | 3;
    public const uint ICC_SGI1R_EL1 = C12 | (11 << 3) | 5;
    public const uint ICC_ASGI1R_EL1 = C12 | (11 << 3) | 6;
    public const uint ICC_SGI0R_EL1 = C12 | (11 << 3) | 7;
    public const uint ICC_IAR1_EL1 = C12 | (12 << 3);
    public const uint ICC_EOIR1_EL1 = C12 | (12 << 3) | 1;
    public const uint ICC_HPPIR1_EL1 = C12 | (12 << 3) | 2;
    public const uint ICC_BPR1_EL1 = C12 | (12 << 3) | 3;
    public const uint ICC_CTLR_EL1 = C12 | (12 << 3) | 4;
    public const uint ICC_SRE_EL1 = C12 | (12 << 3) | 5;
    public const uint ICC_IGRPEN0_EL1 = C12 | (12 << 3) | 6;
    public const uint ICC_IGRPEN1_EL1 = C12 | (12 << 3) | 7;

    private const uint Op0_3 = 3 << 14;
    private const uint C12 = Op0_3 | (12 << 7);
}
