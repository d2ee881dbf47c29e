using RmStack.Hypervisor.Scheduling;
using RmStack.Hypervisor.Virqs;
using RmStack.Machine.Time;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Hypervisor.Objects;

/// <summary>Power, waiting and death of a vCPU.</summary>
public sealed partial class VCpu
{
    private const ulong PowerOnKeepPc = 1;
    private const ulong PowerOnKeepX0 = 2;
    private const ulong PowerOffLast = 1;

    private readonly ScheduledEvent _wakeTimer;
    private readonly List<(VCpuRegisterSet Set, int Index, ulong Value)> _earlyWrites = [];
    private bool _started;

    /// <summary>What keeps it from running.</summary>
    public VCpuBlock Blocked { get; private set; }

    /// <summary>True when the scheduler may run it.</summary>
    public bool Runnable => Blocked == VCpuBlock.None && State == ObjectState.Active;

    /// <summary>Powered off or gone.</summary>
    public bool IsOff => (Blocked & (VCpuBlock.Off | VCpuBlock.Exited)) != 0;

    /// <summary>Told to exit; does so when it would next run.</summary>
    public bool Killed { get; private set; }

    /// <summary>Gone for good.</summary>
    public bool Exited => (Blocked & VCpuBlock.Exited) != 0;

    /// <summary>Asserted when it halts by a system power call or by a fault it cannot recover from.</summary>
    public VirqSource HaltVirq { get; }

    /// <summary>Asserted for its proxy when it has become worth running.</summary>
    public VirqSource WakeupVirq { get; }

    /// <summary>
    /// Set when the call in progress restarts the vCPU somewhere else: its engine must not write results over that.
    /// </summary>
    internal bool ResumesAtEntry { get; set; }

    internal GunyahError PowerOn(ulong entry, ulong context, ulong flags)
    {
        if ((flags & ~(PowerOnKeepPc | PowerOnKeepX0)) != 0) return GunyahError.ArgumentInvalid;
        if (Killed || Exited) return GunyahError.Failure;
        if ((Blocked & VCpuBlock.Off) == 0) return GunyahError.Busy;
        Engine.PowerOn((flags & PowerOnKeepPc) != 0 ? null : entry, (flags & PowerOnKeepX0) != 0 ? null : context);
        if (!_started)
        {
            // A started thread keeps itself alive until it exits.
            _started = true;
            Retain();
        }

        SystemReset = null;
        Unblock(VCpuBlock.Off);
        NotifyProxy();
        return GunyahError.Ok;
    }

    internal GunyahError PowerOff(ulong flags)
    {
        if ((flags & ~PowerOffLast) != 0) return GunyahError.ArgumentInvalid;
        var last = (flags & PowerOffLast) != 0;
        if (Group is null)
        {
            if (!last) return GunyahError.Denied;
        }
        else if (Group.Aggregates && last != Group.IsLastOnline(this))
        {
            return GunyahError.Denied;
        }

        GoOff();
        return GunyahError.Ok;
    }

    /// <summary>Powers it off: what PSCI CPU_OFF and vcpu_poweroff come to.</summary>
    internal void GoOff()
    {
        Vic!.Gic.ResetCpu(VicIndex);
        Block(VCpuBlock.Off);
    }

    internal GunyahError Kill()
    {
        if (!_started && !Exited && State == ObjectState.Active && (Blocked & VCpuBlock.Off) != 0 && !Killed)
        {
            // Never powered on: there is nothing to run to its end.
            return GunyahError.ObjectState;
        }

        if (Killed || Exited) return GunyahError.Ok;
        Killed = true;
        Unblock(VCpuBlock.Off | VCpuBlock.Wfi | VCpuBlock.Suspended | VCpuBlock.Vmmio | VCpuBlock.Fault);
        NotifyProxy();
        EndIfStranded();
        return GunyahError.Ok;
    }

    /// <inheritdoc/>
    internal override void OnCapabilityGone() => EndIfStranded();

    /// <summary>Ends it: called by the scheduler when a killed vCPU would run.</summary>
    internal void Exit()
    {
        Block(VCpuBlock.Exited);
        if (!_started) return;
        _started = false;
        Release();
    }

    // A killed vCPU that nothing can run any more would keep its VM's memory, VMID and slots for ever: no capability is
    // left for vcpu_run to name it by, or it is tied to no physical CPU.
    private void EndIfStranded()
    {
        if (!Killed || Exited || Runner is not null) return;
        if ((Blocked & VCpuBlock.Run) != 0 ? Capabilities.Count != 0 : Affinity != NoAffinity) return;
        PendingFrame = null;
        Running?.EndRun();
        Exit();
    }

    internal GunyahError WriteRegister(VCpuRegisterSet set, uint index, ulong value)
    {
        if (State is not (ObjectState.Init or ObjectState.Active) || Killed || Exited) return GunyahError.ObjectState;
        if (State == ObjectState.Active && (Blocked & VCpuBlock.Off) == 0) return GunyahError.Busy;
        var valid = set switch
        {
            VCpuRegisterSet.X => index <= 30,
            VCpuRegisterSet.Pc => index == 0 && (value & 3) == 0,
            VCpuRegisterSet.Sp => index <= 1 && (value & 15) == 0,
            _ => false,
        };
        if (!valid) return GunyahError.ArgumentInvalid;
        if (State == ObjectState.Active) Engine.WriteRegister(set, (int)index, value);
        else KeepUntilActive((set, (int)index, value));
        return GunyahError.Ok;
    }

    /// <summary>
    /// An interrupt has become deliverable to it. Ends any wait; a proxy that is not inside vcpu_run for it is told, even
    /// when it was not waiting.
    /// </summary>
    internal void Wake()
    {
        Unblock(VCpuBlock.Wfi | VCpuBlock.Suspended);
        NotifyProxy();
        Hypervisor.Scheduler.RequestReschedule();
    }

    /// <summary>WFI: waits unless something is pending already.</summary>
    internal void WaitForInterrupt()
    {
        if (Group is null) Suspend(DeepestSuspendState);
        else if (!Engine.WakePending) Wait(VCpuBlock.Wfi);
    }

    /// <summary>PSCI CPU_SUSPEND with a power-state word.</summary>
    internal void Suspend(ulong powerState)
    {
        if (Engine.WakePending) return;
        SuspendState = powerState;
        Wait(VCpuBlock.Suspended);
    }

    /// <summary>Halted by a fault that its VM cannot have caused, or by an exception loop.</summary>
    internal void Halt()
    {
        Block(VCpuBlock.Fault);
        HaltVirq.AssertEdge();
    }

    /// <summary>
    /// System power-off or reset by this vCPU: the others of its group are killed, this one goes off, and whoever listens
    /// on the halt interrupt is told.
    /// </summary>
    internal void SystemPowerCall(PsciReset? reset)
    {
        foreach (var other in Group!.VCpus)
            if (other != this)
                other.Kill();
        SystemReset = reset;
        GoOff();
        HaltVirq.AssertEdge();
    }

    internal void Block(VCpuBlock reason) => Blocked |= reason;

    internal void Unblock(VCpuBlock reason)
    {
        if ((Blocked & reason) == 0) return;
        Blocked &= ~reason;
        if ((Blocked & (VCpuBlock.Wfi | VCpuBlock.Suspended)) == 0) _wakeTimer.Disarm();
        Hypervisor.Scheduler.RequestReschedule();
    }

    // The last write of each register counts, so what is kept is bounded by the registers there are.
    private void KeepUntilActive((VCpuRegisterSet Set, int Index, ulong Value) write)
    {
        for (var at = 0; at < _earlyWrites.Count; at++)
        {
            if (_earlyWrites[at].Set != write.Set || _earlyWrites[at].Index != write.Index) continue;
            _earlyWrites[at] = write;
            return;
        }

        _earlyWrites.Add(write);
    }

    private void Wait(VCpuBlock reason)
    {
        // One that has been killed waits for nothing: it ends when the scheduler sees it next.
        if (Killed) return;
        Block(reason);
        Vic!.Gic.BeginWait(VicIndex);

        // The hypervisor watches the vCPU's timers only while it waits for a wake-up.
        var due = Engine.WakeDeadline;
        if (due != ulong.MaxValue) _wakeTimer.ArmAt(due);
    }

    private void OnWakeTimer()
    {
        Engine.UpdateTimers();
        if ((Blocked & (VCpuBlock.Wfi | VCpuBlock.Suspended)) == 0) return;
        var due = Engine.WakeDeadline;
        if (due != ulong.MaxValue && due > Hypervisor.Clock.Now) _wakeTimer.ArmAt(due);
    }

    private void NotifyProxy()
    {
        if ((Blocked & VCpuBlock.Run) != 0) WakeupVirq.AssertEdge();
    }
}
