namespace RmStack.Machine.Cpu;

/// <summary>Names a system register or instruction by its encoding: bits 20:5 of MSR, MRS, SYS and SYSL.</summary>
public static class SystemEncoding
{
    /// <summary>Packs the five fields.</summary>
    public static uint Of(uint op0, uint op1, uint crn, uint crm, uint op2) => (op0 << 14) | (op1 << 11) | (crn << 7) | (crm << 3) | op2;

    /// <summary>Takes the encoding out of an instruction word.</summary>
    internal static uint FromWord(uint word) => (word >> 5) & 0xffff;
}
