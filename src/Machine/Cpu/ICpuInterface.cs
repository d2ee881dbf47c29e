namespace RmStack.Machine.Cpu;

/// <summary>The GIC CPU interface of one processing element, as the element sees it (GICv3 IHI 0069, chapter 8).</summary>
public interface ICpuInterface
{
    /// <summary>True while an interrupt signalled as IRQ can be taken: enabled, above the mask, preempting.</summary>
    bool IrqPending { get; }

    /// <summary>The same for FIQ.</summary>
    bool FiqPending { get; }

    /// <summary>True while anything is there that ends a WFI, whatever PSTATE masks.</summary>
    bool AnythingPending { get; }

    /// <summary>Reads an ICC register.</summary>
    /// <param name="encoding">op0&lt;&lt;14 | op1&lt;&lt;11 | CRn&lt;&lt;7 | CRm&lt;&lt;3 | op2.</param>
    /// <param name="value">What was read.</param>
    /// <returns>False when there is no such register, or it cannot be read now.</returns>
    bool TryRead(uint encoding, out ulong value);

    /// <summary>Writes an ICC register.</summary>
    /// <param name="encoding">As for <see cref="TryRead"/>.</param>
    /// <param name="value">What to write.</param>
    /// <returns>False when there is no such register, or it cannot be written now.</returns>
    bool TryWrite(uint encoding, ulong value);
}
