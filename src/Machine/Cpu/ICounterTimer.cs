namespace RmStack.Machine.Cpu;

/// <summary>The generic timer of one processing element, as the element sees it (Arm ARM D12).</summary>
public interface ICounterTimer
{
    /// <summary>Absolute tick of the machine's clock at which a timer line may change; <see cref="ulong.MaxValue"/> if none will.</summary>
    ulong NextDeadline { get; }

    /// <summary>Reads a CNT register that EL0 or EL1 has. Whether EL0 may is decided before.</summary>
    /// <param name="encoding">op0&lt;&lt;14 | op1&lt;&lt;11 | CRn&lt;&lt;7 | CRm&lt;&lt;3 | op2.</param>
    /// <param name="value">What was read.</param>
    /// <returns>False when there is no such register.</returns>
    bool TryRead(uint encoding, out ulong value);

    /// <summary>Writes a CNT register that EL0 or EL1 has.</summary>
    /// <param name="encoding">As for <see cref="TryRead"/>.</param>
    /// <param name="value">What to write.</param>
    /// <returns>False when there is no such register, or it is read-only at EL1.</returns>
    bool TryWrite(uint encoding, ulong value);

    /// <summary>Works out the timer lines for the present moment of the clock and drives the PPIs.</summary>
    void Update();
}
