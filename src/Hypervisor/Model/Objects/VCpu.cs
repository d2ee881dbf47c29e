using RmStack.Hypervisor.Memory;
using RmStack.Hypervisor.Scheduling;
using RmStack.Hypervisor.Virqs;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Hypervisor.Objects;

/// <summary>
/// A virtual CPU: Gunyah's thread object. Everything that decides when it may run is here; what executes it is its
/// <see cref="Engine"/> (Gunyah API: virtual CPUs; hypervisor: vcpu.c, vcpu_run.c).
/// </summary>
public sealed partial class VCpu : HypObject
{
    /// <summary>Affinity of a vCPU that is tied to no physical CPU.</summary>
    public const ushort NoAffinity = 0xffff;

    /// <summary>Priority a vCPU gets unless it is set.</summary>
    public const int DefaultPriority = 32;

    /// <summary>Highest priority that the hypercall grants.</summary>
    public const int MaxPriority = 62;

    /// <summary>Option bits that exist.</summary>
    internal const ulong KnownOptions = (ulong)(VCpuOptions.Pinned | VCpuOptions.RasErrorHandler
        | VCpuOptions.AmuCountingDisabled | VCpuOptions.SveAllowed | VCpuOptions.DebugAllowed | VCpuOptions.TraceAllowed
        | VCpuOptions.Critical | VCpuOptions.ProxyScheduled | VCpuOptions.HlosVm);

    private const ulong MinTimesliceNs = 100_000;
    private const ulong MaxTimesliceNs = 100_000_000;

    internal VCpu(GunyahHypervisor hypervisor, Partition partition)
        : base(hypervisor, ObjectType.Thread, partition)
    {
        Memory = new GuestMemory(this);
        HaltVirq = new VirqSource(static _ => false);
        WakeupVirq = new VirqSource(static _ => false);
        _wakeTimer = hypervisor.Clock.Events.Create(OnWakeTimer);
    }

    /// <inheritdoc/>
    public override uint AllRights => CapRights.ThreadAll;

    /// <summary>What executes it; exists once it is active.</summary>
    public VCpuEngine Engine { get; private set; } = null!;

    /// <summary>How hypercalls reach the memory it names.</summary>
    public GuestMemory Memory { get; }

    /// <summary>Options given at configuration.</summary>
    public VCpuOptions Options { get; private set; }

    /// <summary>The capabilities its hypercalls can name.</summary>
    public CSpace? CSpace { get; private set; }

    /// <summary>The memory it sees.</summary>
    public AddressSpace? AddressSpace { get; private set; }

    /// <summary>Its interrupt controller.</summary>
    public Vic? Vic { get; private set; }

    /// <summary>Its slot in the interrupt controller: order of redistributors, MPIDR.</summary>
    public int VicIndex { get; private set; }

    /// <summary>Its power group; without one it has no PSCI.</summary>
    public VpmGroup? Group { get; private set; }

    /// <summary>Its slot in the power group.</summary>
    public int GroupIndex { get; private set; }

    /// <summary>The physical CPU it runs on, or <see cref="NoAffinity"/>.</summary>
    public ushort Affinity { get; internal set; } = NoAffinity;

    /// <summary>Scheduling priority; higher runs first.</summary>
    public int Priority { get; private set; } = DefaultPriority;

    /// <summary>Nanoseconds it runs before others of its priority get their turn.</summary>
    public ulong TimesliceNs { get; private set; } = 5_000_000;

    /// <summary>VMID of the VM it belongs to; 0 before it has an address space.</summary>
    public ushort Vmid => AddressSpace?.Vmid ?? 0;

    internal GunyahError Configure(ulong options)
    {
        if (State != ObjectState.Init) return GunyahError.ObjectState;
        Options = (VCpuOptions)options;
        if (Options.HasFlag(VCpuOptions.HlosVm)) Options |= VCpuOptions.Critical;
        return GunyahError.Ok;
    }

    internal GunyahError Attach(CSpace cspace)
    {
        if (State != ObjectState.Init) return GunyahError.ObjectState;
        cspace.Retain();
        CSpace?.Release();
        CSpace = cspace;
        return GunyahError.Ok;
    }

    internal GunyahError Attach(AddressSpace space)
    {
        if (State != ObjectState.Init) return GunyahError.ObjectState;
        var error = space.AddThread();
        if (error != GunyahError.Ok) return error;
        space.Retain();
        DetachAddressSpace();
        AddressSpace = space;
        return GunyahError.Ok;
    }

    internal GunyahError Attach(Vic vic, uint index)
    {
        if (State != ObjectState.Init) return GunyahError.ObjectState;
        if (index >= vic.MaxVcpus) return GunyahError.ArgumentInvalid;
        vic.Retain();
        Vic?.Release();
        Vic = vic;
        VicIndex = (int)index;
        return GunyahError.Ok;
    }

    internal GunyahError Attach(VpmGroup group, uint index)
    {
        if (State != ObjectState.Init) return GunyahError.ObjectState;
        if (index >= Hypervisor.Options.Cores) return GunyahError.ArgumentInvalid;
        group.Retain();
        Group?.Release();
        Group = group;
        GroupIndex = (int)index;
        return GunyahError.Ok;
    }

    internal GunyahError SetPriority(uint priority)
    {
        if (priority > MaxPriority) return GunyahError.Denied;
        if (State != ObjectState.Init) return GunyahError.ObjectState;
        Priority = (int)priority;
        return GunyahError.Ok;
    }

    internal GunyahError SetTimeslice(ulong nanoseconds)
    {
        if (nanoseconds is < MinTimesliceNs or > MaxTimesliceNs) return GunyahError.ArgumentInvalid;
        if (State != ObjectState.Init) return GunyahError.ObjectState;
        TimesliceNs = nanoseconds;
        return GunyahError.Ok;
    }

    internal GunyahError SetAffinity(ushort cpu)
    {
        if (State is not (ObjectState.Init or ObjectState.Active)) return GunyahError.ObjectState;
        if (Affinity == cpu) return GunyahError.Ok;

        // Pinned while it lends its physical CPU by a directed yield of its own.
        if (Running is not null) return GunyahError.Denied;
        Affinity = cpu;
        EndIfStranded();
        return GunyahError.Ok;
    }

    /// <inheritdoc/>
    protected override GunyahError OnActivate()
    {
        if (CSpace is null || AddressSpace is null) return GunyahError.ObjectConfig;
        if (Affinity != NoAffinity && Affinity >= Hypervisor.Options.Cores) return GunyahError.ObjectConfig;
        if (Vic is null || Vic.State != ObjectState.Active) return GunyahError.ArgumentInvalid;
        var error = Vic.Occupy(this, VicIndex);
        if (error != GunyahError.Ok) return error;
        error = Group?.Occupy(this, GroupIndex) ?? GunyahError.Ok;
        if (error != GunyahError.Ok)
        {
            Vic.Vacate(VicIndex);
            return error;
        }

        Engine = Hypervisor.CreateEngine(this);
        foreach (var (set, index, value) in _earlyWrites) Engine.WriteRegister(set, index, value);
        _earlyWrites.Clear();
        Blocked = VCpuBlock.Off;
        if (Options.HasFlag(VCpuOptions.ProxyScheduled)) Blocked |= VCpuBlock.Run;
        Hypervisor.Scheduler.Add(this);
        return GunyahError.Ok;
    }

    /// <inheritdoc/>
    protected override void OnDestroy(bool wasActive)
    {
        HaltVirq.Unbind();
        WakeupVirq.Unbind();
        _wakeTimer.Disarm();
        if (wasActive)
        {
            Hypervisor.Scheduler.Remove(this);
            Vic!.Vacate(VicIndex);
            Group?.Vacate(GroupIndex);
        }

        Vic?.Release();
        Group?.Release();
        DetachAddressSpace();
        CSpace?.Release();
    }

    private void DetachAddressSpace()
    {
        if (AddressSpace is null) return;
        AddressSpace.RemoveThread();
        AddressSpace.Release();
    }
}
