using RmStack.Host;
using RmStack.Hypervisor;
using RmStack.Hypervisor.Native;
using RmStack.Hypervisor.Tracing;
using RmStack.Machine.Memory;
using RmStack.Machine.Time;
using RmStack.ResourceManager;

namespace RmStack.Cli.Simulation;

/// <summary>
/// A computer with the hypervisor on it, the Resource Manager as its root VM and a primary VM that runs what it is given:
/// the whole system in one process, in virtual time.
/// </summary>
public sealed class GunyahSystem : IDisposable
{
    /// <summary>VMID of the primary VM.</summary>
    public const ushort HlosVmid = 3;

    private const int TerminalIntid = 33;
    private const ulong NoProgressSlices = 5_000;

    private readonly HlosProgram _hlos;
    private readonly InstructionCounter _instructions;
    private readonly PlatformLayout _layout;
    private StopCause _cause;

    /// <summary>Puts it together; nothing runs yet.</summary>
    /// <param name="options">What it is made of.</param>
    /// <param name="hlos">The primary VM's set-up; its terminal is this object's.</param>
    /// <param name="userSpace">What the primary VM does once it is up.</param>
    public GunyahSystem(GunyahSystemOptions options, HlosOptions hlos, Func<HlosContext, Task> userSpace)
    {
        ArgumentNullException.ThrowIfNull(options);
        Memory = options.RamFile is { } file
            ? new PhysicalMemory(options.MemoryBase, options.MemorySize, file, options.Layout.HlosSize)
            : new PhysicalMemory(options.MemoryBase, options.MemorySize);
        if (options.RamFile is not null) PowerOn(options.Layout.HlosBase, hlos.KernelReserve);
        _layout = options.Layout;
        Clock = new VirtualClock();
        _hlos = new HlosProgram(hlos with { TerminalIntid = TerminalIntid, OnTerminalInterrupt = Stop.Deliver }, userSpace);
        var software = new NativeSoftware();
        ResourceManager = new ResourceManagerProgram(new ResourceManagerOptions { Drop = options.ResourceManager, Seed = options.Seed });
        software.Install(RootVm.Vmid, ResourceManager);
        software.Install(HlosVmid, _hlos);
        Hypervisor = new GunyahHypervisor(Memory, Clock, new HypervisorOptions
        {
            Seed = options.Seed,
            RandomiseCapIds = options.RandomiseCapIds,
            StrictMsgQueueErrors = options.Hypervisor == HypervisorVersion.Next,
            Engines = software,
        });
        _instructions = new InstructionCounter(Hypervisor.Scheduler);
    }

    /// <summary>RAM.</summary>
    public PhysicalMemory Memory { get; }

    /// <summary>The system counter.</summary>
    public VirtualClock Clock { get; }

    /// <summary>The hypervisor.</summary>
    public GunyahHypervisor Hypervisor { get; }

    /// <summary>The Resource Manager, for those who count.</summary>
    public ResourceManagerProgram ResourceManager { get; }

    /// <summary>Asks the primary VM's user space to end its guest.</summary>
    public StopSignal Stop { get; } = new();

    /// <summary>Instructions that guests have executed, as of the last step of <see cref="Run"/> or <see cref="CountInstructions"/>.</summary>
    public ulong GuestInstructions => _instructions.Total;

    /// <summary>True once the primary VM's software has ended, or never began.</summary>
    public bool Finished => _hlos.Finished;

    /// <summary>Has somebody watch; before <see cref="Run"/>.</summary>
    public void Attach(IHypervisorTap tap) => Hypervisor.Tap = tap;

    /// <summary>Boots it and runs until the primary VM's software has ended, or cannot any more.</summary>
    /// <param name="budget">Instructions that guests may execute before they are stopped.</param>
    public RunOutcome Run(ulong budget)
    {
        Boot();
        var (seen, since) = (0UL, 0UL);
        while (!_hlos.Finished)
        {
            if (FindFailure() is { } failure) return new RunOutcome(false, _cause, failure);
            if (!Step())
            {
                if (_cause != StopCause.None) return new RunOutcome(false, _cause, "nothing can run any more, and the host still waits");
                RequestStop(StopCause.Idle);
                continue;
            }

            var instructions = _instructions.Update();
            if (instructions != seen) (seen, since) = (instructions, Hypervisor.Scheduler.Slices);
            if (_cause == StopCause.None && instructions >= budget)
            {
                RequestStop(StopCause.Budget);
                since = Hypervisor.Scheduler.Slices;
            }
            else if (Hypervisor.Scheduler.Slices - since > NoProgressSlices)
            {
                if (_cause != StopCause.None) return new RunOutcome(false, _cause, "the host goes round and round without getting on");
                RequestStop(StopCause.NoProgress);
                since = Hypervisor.Scheduler.Slices;
            }
        }

        if (FindFailure() is { } mistake) return new RunOutcome(false, _cause, mistake);
        return new RunOutcome(true, _cause, _hlos.Problem);
    }

    /// <summary>Switches it on; it runs step by step, by <see cref="Step"/>.</summary>
    public void Boot() => RootVm.Boot(Hypervisor, _layout);

    /// <summary>Gives one vCPU one slice, or lets time pass to the next event.</summary>
    /// <returns>False when nothing can run until an interrupt comes from outside.</returns>
    public bool Step() => Hypervisor.Scheduler.Step();

    /// <summary>Counts the instructions that guests have executed so far.</summary>
    public ulong CountInstructions() => _instructions.Update();

    /// <summary>Raises an interrupt line of the primary VM: the only way in from outside. Between two steps.</summary>
    public void RaiseLine(uint intid)
    {
        // Once per packet of a served machine: by index, because an enumerator of this list would be an object.
        var vcpus = Hypervisor.Scheduler.VCpus;
        for (var n = 0; n < vcpus.Count; n++)
            if (vcpus[n] is { Vmid: HlosVmid, VicIndex: 0 } vcpu)
                vcpu.Vic!.Gic.LatchEdge(0, (int)intid);
    }

    /// <summary>What keeps the system from going on; null when nothing does.</summary>
    public string? FindFailure()
    {
        if (_hlos.Mistake is { } mistake) return $"the host's software failed: {mistake.GetType().Name}: {mistake.Message}";
        var vcpus = Hypervisor.Scheduler.VCpus;
        for (var n = 0; n < vcpus.Count; n++)
        {
            if (vcpus[n].Engine is NativeVCpu { Completion: { IsFaulted: true } completion })
                return $"the software of VM {vcpus[n].Vmid} failed: {completion.Exception!.InnerException!.GetType().Name}: {completion.Exception.InnerException.Message}";
        }

        return null;
    }

    /// <summary>Why the primary VM's drivers did not bind; empty when they did.</summary>
    public string Problem => _hlos.Problem;

    /// <inheritdoc/>
    public void Dispose() => Memory.Dispose();

    // The operator's key.
    private void RequestStop(StopCause cause)
    {
        _cause = cause;
        Stop.Request();
        RaiseLine(TerminalIntid);
    }

    // A loader's work: what an earlier machine's kernel left where this one's will be is none of its business.
    private void PowerOn(ulong start, ulong size)
    {
        for (var at = start; at < start + size; at += PhysicalMemory.PageSize)
        {
            // Pages that the file has no blocks for stay without.
            if (Memory.Readable(at, PhysicalMemory.PageSize).ContainsAnyExcept((byte)0)) Memory.Writable(at, PhysicalMemory.PageSize).Clear();
        }
    }
}
