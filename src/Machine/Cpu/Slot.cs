namespace RmStack.Machine.Cpu;

/// <summary>
/// Places in the register slots of a <see cref="CpuState"/>. X0 to X30 come first. That number 31 means three things,
/// and reading is not writing, is settled when an instruction is decoded, not each time that it runs.
/// </summary>
internal static class Slot
{
    /// <summary>Reads as zero. Nothing writes it.</summary>
    public const byte Zero = 31;

    /// <summary>Takes what is written to the zero register. Nothing looks at it.</summary>
    public const byte Sink = 32;

    /// <summary>The stack pointer that PSTATE.SP and PSTATE.EL select.</summary>
    public const byte Sp = 33;

    /// <summary>PSTATE.NZCV as a number from 0 to 15.</summary>
    public const byte Nzcv = 34;

    /// <summary>Link register.</summary>
    public const byte Lr = 30;

    /// <summary>Number of slots.</summary>
    public const int Count = 40;
}
