namespace RmStack.Machine.Cpu;

/// <summary>Software step (Arm ARM D2.12): a debugger at EL1 lets one instruction run at a time.</summary>
public sealed unsafe partial class ProcessingElement
{
    private const ulong MdscrStep = 1;
    private const ulong MdscrKernelDebug = 1 << 13;
    private const ulong OsLock = 2;

    /// <summary>An instruction that was stepped has ended by going to EL1: what comes back is the next one.</summary>
    internal void EndStepAtNext() => State.SS = false;

    /// <summary>
    /// Takes the step exception when it is due.
    /// </summary>
    /// <returns>True when only one instruction may run now.</returns>
    private bool BeginStep()
    {
        if ((State.MDSCR_EL1 & MdscrStep) == 0 || !IsSteppingEnabled(State.EL, State.Daif)) return false;
        if (State.SS) return true;

        // ISV: whether the stepped instruction was a load-exclusive is known; it is said that it was not.
        const uint StepIss = (1 << 24) | 0x22;
        TakeException(Syndrome.Of(State.EL == 0 ? Syndrome.EcStepLower : Syndrome.EcStep, StepIss), State.PC);
        return false;
    }

    /// <summary>True when software step is on at an exception level.</summary>
    private bool IsSteppingEnabled(int el, uint daif)
    {
        var mdscr = State.MDSCR_EL1;
        return (mdscr & MdscrStep) != 0 && (State[SystemRegister.OSLSR_EL1] & OsLock) == 0
            && (el == 0 || ((mdscr & MdscrKernelDebug) != 0 && (daif & PState.MaskDebug) == 0));
    }
}
