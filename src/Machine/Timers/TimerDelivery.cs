namespace RmStack.Machine.Timers;

/// <summary>How a timer's output reaches the interrupt controller.</summary>
public enum TimerDelivery
{
    /// <summary>A wire: the interrupt's level follows the output at once.</summary>
    Wired = 0,

    /// <summary>
    /// Software at EL2 forwards it: asserted when the timer becomes due, looked at again only when the guest has ended the
    /// interrupt, and then delivered once more even if the timer was switched off meanwhile (observed on the public build).
    /// </summary>
    Forwarded,
}
