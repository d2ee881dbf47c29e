using System.Runtime.CompilerServices;

namespace RmStack.Machine.Gic;

/// <summary>What is true of one INTID. Reset is <see cref="None"/>; SGIs are always edge-triggered.</summary>
[Flags]
internal enum InterruptFlags : ushort
{
    None = 0,
    Enabled = 1 << 0,
    Group1 = 1 << 1,
    EdgeTriggered = 1 << 2,

    /// <summary>A latched edge; decides only while the interrupt is configured as edge-triggered.</summary>
    EdgeLatch = 1 << 3,

    /// <summary>Made pending by ISPENDR; decides only while level-sensitive.</summary>
    LevelSoftware = 1 << 4,

    /// <summary>Made pending by SETSPI; decides only while level-sensitive.</summary>
    LevelMessage = 1 << 5,

    /// <summary>The source says so; decides only while level-sensitive.</summary>
    LevelSource = 1 << 6,

    Active = 1 << 7,

    /// <summary>It is in a list register of <see cref="InterruptState.Holder"/>: with <see cref="Active"/> an active one.</summary>
    Listed = 1 << 8,

    /// <summary>The list register says pending.</summary>
    ListedPending = 1 << 9,
}

/// <summary>State of one INTID: of the machine for an SPI, of one CPU for an SGI or a PPI (Arm IHI 0069, chapter 4).</summary>
internal struct InterruptState
{
    public const InterruptFlags AnyLevel =
        InterruptFlags.LevelSoftware | InterruptFlags.LevelMessage | InterruptFlags.LevelSource;

    public InterruptFlags Flags;

    /// <summary>As programmed; 0 is the most urgent.</summary>
    public byte Priority;

    /// <summary>Priority in the list register, or that with which it became active.</summary>
    public byte HeldPriority;

    /// <summary>CPU that it is routed to, or -1.</summary>
    public short Target;

    /// <summary>CPU that acknowledged it, or in whose list register it is.</summary>
    public short Holder;

    /// <summary>CPU among whose deliverable interrupts it is counted, or -1.</summary>
    public short CandidateOn;

    public IInterruptSource? Source;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool Has(InterruptFlags flags) => (Flags & flags) != InterruptFlags.None;

    /// <summary>Pending outside the list registers.</summary>
    public readonly bool LatchedPending => Has(InterruptFlags.EdgeTriggered) ? Has(InterruptFlags.EdgeLatch) : Has(AnyLevel);

    /// <summary>Pending as ISPENDR shows it: while it is listed, the list register decides.</summary>
    public readonly bool Pending => Has(InterruptFlags.Listed) ? Has(InterruptFlags.ListedPending) : LatchedPending;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Put(InterruptFlags flags, bool on)
    {
        if (on) Flags |= flags;
        else Flags &= ~flags;
    }
}
