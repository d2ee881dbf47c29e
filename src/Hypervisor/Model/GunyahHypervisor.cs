using RmStack.Hypervisor.Hypercalls;
using RmStack.Hypervisor.Memory;
using RmStack.Hypervisor.Objects;
using RmStack.Hypervisor.Scheduling;
using RmStack.Hypervisor.Tracing;
using RmStack.Machine.Memory;
using RmStack.Machine.Time;

namespace RmStack.Hypervisor;

/// <summary>One Gunyah hypervisor on one machine: its objects, its scheduler, and the boundary that VMs call through.</summary>
public sealed class GunyahHypervisor
{
    private readonly HashSet<ushort> _vmids = [];
    private readonly Queue<(HypObject Target, bool WasActive)> _dying = new();
    private ulong _random;
    private int _serial;

    /// <summary>Takes over a machine. Nothing runs yet: see <see cref="RootVm.Boot"/>.</summary>
    /// <param name="memory">All RAM.</param>
    /// <param name="clock">The system counter.</param>
    /// <param name="options">How it is built.</param>
    public GunyahHypervisor(PhysicalMemory memory, VirtualClock clock, HypervisorOptions options)
    {
        ArgumentNullException.ThrowIfNull(memory);
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(options);
        PhysicalMemory = memory;
        Clock = clock;
        Options = options;
        _random = options.Seed;
        RootPartition = new Partition(this);
        RootPartition.Activate();
        Ownership = new OwnershipDatabase(memory.Base, memory.Size, RootPartition);
        Scheduler = new Scheduler(this);
        Dispatcher = new HypercallDispatcher(this);
    }

    /// <summary>All RAM.</summary>
    public PhysicalMemory PhysicalMemory { get; }

    /// <summary>The system counter.</summary>
    public VirtualClock Clock { get; }

    /// <summary>How it was built.</summary>
    public HypervisorOptions Options { get; }

    /// <summary>The partition that everything comes from.</summary>
    public Partition RootPartition { get; }

    /// <summary>Who owns which page.</summary>
    public OwnershipDatabase Ownership { get; }

    /// <summary>Runs the vCPUs.</summary>
    public Scheduler Scheduler { get; }

    /// <summary>Where calls arrive.</summary>
    public HypercallDispatcher Dispatcher { get; }

    /// <summary>Watches from the outside; null costs nothing.</summary>
    public IHypervisorTap? Tap { get; set; }

    /// <summary>
    /// Undoes an object whose last reference is gone, and then whatever that was the last to refer to: one by one, because
    /// a chain of objects that hold each other may be longer than any stack.
    /// </summary>
    internal void Destroy(HypObject target, bool wasActive)
    {
        _dying.Enqueue((target, wasActive));
        if (_dying.Count > 1) return;
        for (; _dying.TryPeek(out var next); _dying.Dequeue()) next.Target.Destroy(next.WasActive);
    }

    internal int NextObjectSerial() => _serial++;

    /// <summary>The next number of the hypervisor's own sequence (splitmix64).</summary>
    internal ulong NextRandom()
    {
        _random += 0x9e37_79b9_7f4a_7c15;
        var z = _random;
        z = (z ^ (z >> 30)) * 0xbf58_476d_1ce4_e5b9;
        z = (z ^ (z >> 27)) * 0x94d0_49bb_1331_11eb;
        return z ^ (z >> 31);
    }

    internal bool TryUseVmid(ushort vmid) => _vmids.Add(vmid);

    internal void FreeVmid(ushort vmid) => _vmids.Remove(vmid);

    internal VCpuEngine CreateEngine(VCpu vcpu) => Options.Engines?.TryCreate(vcpu) ?? new EmulatedEngine(vcpu);
}
