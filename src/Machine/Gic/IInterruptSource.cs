namespace RmStack.Machine.Gic;

/// <summary>
/// Whoever drives a level-sensitive interrupt through software rather than through a wire. The interrupt controller asks
/// it whether the reason still holds when the guest has ended the interrupt, or when its state has to be settled earlier
/// (Gunyah: virq check-pending). An interrupt without a source behaves like a wire: its level is what was last asserted
/// or cleared.
/// </summary>
public interface IInterruptSource
{
    /// <summary>True when the interrupt must stay asserted.</summary>
    /// <param name="reasserted">True when the delivery was never acknowledged, or a new assertion came since.</param>
    bool CheckPending(bool reasserted);
}
