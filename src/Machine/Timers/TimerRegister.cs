namespace RmStack.Machine.Timers;

/// <summary>Encodings of the generic timer's system registers: op0&lt;&lt;14 | op1&lt;&lt;11 | CRn&lt;&lt;7 | CRm&lt;&lt;3 | op2 (Arm ARM D24.8).</summary>
public static class TimerRegister
{
    public const uint CNTKCTL_EL1 = (3 << 14) | (14 << 7) | (1 << 3);
    public const uint CNTFRQ_EL0 = Op1_3;
    public const uint CNTPCT_EL0 = Op1_3 | 1;
    public const uint CNTVCT_EL0 = Op1_3 | 2;
    public const uint CNTP_TVAL_EL0 = Op1_3 | (2 << 3);
    public const uint CNTP_CTL_EL0 = Op1_3 | (2 << 3) | 1;
    public const uint CNTP_CVAL_EL0 = Op1_3 | (2 << 3) | 2;
    public const uint CNTV_TVAL_EL0 = Op1_3 | (3 << 3);
    public const uint CNTV_CTL_EL0 = Op1_3 | (3 << 3) | 1;
    public const uint CNTV_CVAL_EL0 = Op1_3 | (3 << 3) | 2;

    private const uint Op1_3 = (3 << 14) | (3 << 11) | (14 << 7);
}
