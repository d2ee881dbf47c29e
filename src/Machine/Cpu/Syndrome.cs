namespace RmStack.Machine.Cpu;

/// <summary>Exception classes and syndromes (Arm ARM D24.2.40, ESR_ELx).</summary>
internal static class Syndrome
{
    public const uint InstructionLength = 1u << 25;

    public const uint EcUnknown = 0x00;
    public const uint EcWfx = 0x01;
    public const uint EcFpSimd = 0x07;
    public const uint EcIllegalState = 0x0e;
    public const uint EcSvc = 0x15;
    public const uint EcHvc = 0x16;
    public const uint EcSmc = 0x17;
    public const uint EcSystem = 0x18;
    public const uint EcInstructionAbortLower = 0x20;
    public const uint EcInstructionAbort = 0x21;
    public const uint EcPcAlignment = 0x22;
    public const uint EcDataAbortLower = 0x24;
    public const uint EcDataAbort = 0x25;
    public const uint EcSpAlignment = 0x26;
    public const uint EcStepLower = 0x32;
    public const uint EcStep = 0x33;
    public const uint EcBrk = 0x3c;

    /// <summary>WnR of a data abort.</summary>
    public const uint Write = 1u << 6;

    /// <summary>S1PTW of an abort at stage 2.</summary>
    public const uint OnStage1Walk = 1u << 7;

    /// <summary>CM of a data abort: a cache maintenance or address translation instruction did it.</summary>
    public const uint CacheMaintenance = 1u << 8;

    /// <summary>ESR of a 32-bit instruction.</summary>
    public static uint Of(uint exceptionClass, uint iss) => (exceptionClass << 26) | InstructionLength | iss;

    /// <summary>ESR of a trapped WFI or WFE: condition AL, TI.</summary>
    public static uint WaitFor(bool isWfe) => Of(EcWfx, 0x1e0_0000 | (isWfe ? 1u : 0));

    /// <summary>ISS of EC 0x18.</summary>
    /// <param name="encoding">op0&lt;&lt;14 | op1&lt;&lt;11 | CRn&lt;&lt;7 | CRm&lt;&lt;3 | op2.</param>
    /// <param name="rt">Register number as encoded.</param>
    /// <param name="read">True for MRS and SYSL.</param>
    public static uint SystemAccess(uint encoding, uint rt, bool read)
    {
        uint op0 = encoding >> 14, op1 = (encoding >> 11) & 7, crn = (encoding >> 7) & 15, crm = (encoding >> 3) & 15, op2 = encoding & 7;
        return (op0 << 20) | (op2 << 17) | (op1 << 14) | (crn << 10) | (rt << 5) | (crm << 1) | (read ? 1u : 0);
    }
}
