using RmStack.Hypervisor.Objects;
using RmStack.Machine.Time;

namespace RmStack.Hypervisor.Scheduling;

/// <summary>
/// The one loop that runs every vCPU of a machine, in virtual time: strict priority, round robin within a priority, a
/// queue per physical CPU, and directed yields for vcpu_run (hypervisor: scheduler_fprr.c).
/// </summary>
public sealed class Scheduler
{
    private readonly GunyahHypervisor _hypervisor;
    private readonly VirtualClock _clock;
    private readonly List<VCpu> _threads = [];
    private readonly int[] _turn;
    private int _core;
    private bool _reschedule;

    internal Scheduler(GunyahHypervisor hypervisor)
    {
        _hypervisor = hypervisor;
        _clock = hypervisor.Clock;
        _turn = new int[hypervisor.Options.Cores];
    }

    /// <summary>Every active vCPU.</summary>
    public IReadOnlyList<VCpu> VCpus => _threads;

    /// <summary>Slices given so far.</summary>
    public ulong Slices { get; private set; }

    /// <summary>
    /// Set by whatever makes a vCPU runnable or gives it an interrupt; engines return soon after they see it.
    /// </summary>
    public bool RescheduleRequested => _reschedule;

    /// <summary>Gives one vCPU one slice, or lets time pass to the next event.</summary>
    /// <returns>False when nothing can ever run again.</returns>
    public bool Step()
    {
        _clock.Events.RunDue();
        for (var tried = 0; tried < _turn.Length; tried++)
        {
            var core = _core;
            _core = (_core + 1) % _turn.Length;
            if (Pick(core) is not { } chosen) continue;
            RunSlice(chosen);
            return true;
        }

        var next = _clock.Events.NextDue;
        if (next == ulong.MaxValue) return false;
        _clock.AdvanceTo(next);
        return true;
    }

    /// <summary>Runs until a condition holds or nothing can run any more.</summary>
    /// <returns>True when the condition holds.</returns>
    public bool RunUntil(Func<bool> done)
    {
        while (!done())
            if (!Step())
                return done();
        return true;
    }

    internal void RequestReschedule() => _reschedule = true;

    internal void Add(VCpu vcpu) => _threads.Add(vcpu);

    internal void Remove(VCpu vcpu) => _threads.Remove(vcpu);

    // A vCPU that somebody is inside vcpu_run for runs on that one's time and never by itself; the runner stands for it.
    private static bool Eligible(VCpu vcpu, int core) => vcpu.Affinity == core && vcpu.Runner is null && vcpu.Runnable;

    private VCpu? Pick(int core)
    {
        VCpu? best = null;
        var bestAt = 0;
        for (var step = 1; step <= _threads.Count; step++)
        {
            var at = (_turn[core] + step) % _threads.Count;
            var candidate = _threads[at];
            if (!Eligible(candidate, core) || (best is not null && candidate.Priority <= best.Priority)) continue;
            best = candidate;
            bestAt = at;
        }

        if (best is not null) _turn[core] = bestAt;
        return best;
    }

    private void RunSlice(VCpu chosen)
    {
        Slices++;
        var end = _clock.Now + (chosen.TimesliceNs / VirtualClock.NanosecondsPerTick);
        while (Resolve(chosen) is { } running)
        {
            var now = _clock.Now;
            if (now >= end) break;
            if (running.Killed)
            {
                running.Exit();
                continue;
            }

            var until = Math.Min(end, _clock.Events.NextDue);
            if (until > now)
            {
                _reschedule = false;
                if (running.Engine.Run(until - now) == VCpuStop.WaitForInterrupt) running.WaitForInterrupt();
            }

            _clock.Events.RunDue();
            if (_reschedule && HigherPriorityWaits(chosen)) break;
        }

        // Whoever is still inside vcpu_run is told that its vCPU could have gone on.
        for (var runner = chosen; runner?.Running is { } target; runner = target) Finish(runner);
    }

    /// <summary>
    /// Follows directed yields to the vCPU that uses the slice, ending those whose target cannot run or whose runner has
    /// an interrupt to take.
    /// </summary>
    private VCpu? Resolve(VCpu chosen)
    {
        var current = chosen;
        while (current.Running is { } target)
        {
            if (!target.Runnable || target.Affinity != current.Affinity || current.Engine.InterruptDeliverable) Finish(current);
            else current = target;
        }

        return current.Runnable ? current : null;
    }

    private void Finish(VCpu runner) => _hypervisor.Dispatcher.CompleteRun(runner);

    private bool HigherPriorityWaits(VCpu chosen)
    {
        foreach (var vcpu in _threads)
            if (vcpu.Priority > chosen.Priority && Eligible(vcpu, chosen.Affinity))
                return true;
        return false;
    }
}
