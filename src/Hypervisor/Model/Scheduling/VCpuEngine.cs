using RmStack.Hypervisor.Hypercalls;

namespace RmStack.Hypervisor.Scheduling;

/// <summary>Why an engine gave the physical CPU back.</summary>
public enum VCpuStop
{
    /// <summary>The time it was given is used up, or the scheduler should look again.</summary>
    SliceUsed,

    /// <summary>Nothing to do until an interrupt comes.</summary>
    WaitForInterrupt,

    /// <summary>Something of the vCPU's own state keeps it from going on: a hypercall, a VMMIO access, power-off.</summary>
    Blocked,
}

/// <summary>The registers that vcpu_register_write can reach (Gunyah API: vcpu_register_write).</summary>
public enum VCpuRegisterSet : uint
{
    /// <summary>General-purpose registers, index 0 to 30.</summary>
    X = 0,

    /// <summary>Program counter, index 0.</summary>
    Pc = 1,

    /// <summary>Stack pointers: index 0 SP_EL0, 1 SP_EL1.</summary>
    Sp = 2,
}

/// <summary>
/// What executes a vCPU: a processing element that runs AArch64 code, or software written in C#. The scheduler and the
/// hypercalls do not know which.
/// </summary>
public abstract class VCpuEngine
{
    /// <summary>True when an interrupt would be taken now if the vCPU ran: such a vCPU gets control back from a directed yield.</summary>
    public abstract bool InterruptDeliverable { get; }

    /// <summary>True when WFI would return at once.</summary>
    public abstract bool WakePending { get; }

    /// <summary>Tick at which a timer of the vCPU would wake it; <see cref="ulong.MaxValue"/> without one.</summary>
    public virtual ulong WakeDeadline => ulong.MaxValue;

    /// <summary>True while its stage-1 translation is on.</summary>
    public virtual bool Stage1Enabled => false;

    /// <summary>Instructions executed so far; 0 for software that is not made of them.</summary>
    public virtual ulong InstructionsRetired => 0;

    /// <summary>Starts from reset state at an entry point.</summary>
    /// <param name="entry">Program counter, or null to keep what was written before.</param>
    /// <param name="context">Value of X0, or null to keep what was written before.</param>
    public abstract void PowerOn(ulong? entry, ulong? context);

    /// <summary>Writes a register of a vCPU that is off. The caller has checked set, index and alignment.</summary>
    public abstract void WriteRegister(VCpuRegisterSet set, int index, ulong value);

    /// <summary>Executes until something stops it or the ticks are used up.</summary>
    public abstract VCpuStop Run(ulong ticks);

    /// <summary>Stage 1 of the translation of an address that a hypercall names, at EL1.</summary>
    /// <returns>False on any stage-1 fault.</returns>
    public abstract bool TryTranslate(ulong va, bool write, out ulong ipa);

    /// <summary>Gives the results of a hypercall that had to wait. The frame is the one it was made with.</summary>
    public abstract void CompleteHypercall(HypercallFrame frame);

    /// <summary>Completes a VMMIO access that the proxy served.</summary>
    public abstract void CompleteVmmio(ulong readValue);

    /// <summary>Re-evaluates the timers at the present time, because a deadline passed while the vCPU was not running.</summary>
    public virtual void UpdateTimers()
    {
    }
}
