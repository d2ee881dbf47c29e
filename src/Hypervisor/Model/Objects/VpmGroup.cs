using RmStack.Hypervisor.Virqs;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Hypervisor.Objects;

/// <summary>
/// The vCPUs that power management sees as one system; gives them PSCI (Gunyah API: virtual power management groups).
/// </summary>
public sealed class VpmGroup : HypObject
{
    private const ulong FlagNoAggregation = 1;

    private readonly VCpu?[] _vcpus;
    private bool _aggregates = true;

    internal VpmGroup(GunyahHypervisor hypervisor, Partition partition)
        : base(hypervisor, ObjectType.VpmGroup, partition)
    {
        _vcpus = new VCpu[hypervisor.Options.Cores];
        Virq = new VirqSource(static _ => false);
    }

    /// <inheritdoc/>
    public override uint AllRights => CapRights.VpmGroupAll;

    /// <summary>System-suspend notification. The platform-coordinated build never raises it.</summary>
    public VirqSource Virq { get; }

    /// <summary>False when each vCPU may go off without asking the others.</summary>
    public bool Aggregates => _aggregates;

    /// <summary>The vCPUs attached and active.</summary>
    public IEnumerable<VCpu> VCpus => _vcpus.Where(static v => v is not null)!;

    internal GunyahError Configure(ulong flags)
    {
        if ((flags & ~FlagNoAggregation) != 0) return GunyahError.Unimplemented;
        if (State != ObjectState.Init) return GunyahError.ObjectState;
        _aggregates = (flags & FlagNoAggregation) == 0;
        return GunyahError.Ok;
    }

    internal GunyahError Occupy(VCpu vcpu, int index)
    {
        if (_vcpus[index] is not null) return GunyahError.Denied;
        _vcpus[index] = vcpu;
        return GunyahError.Ok;
    }

    internal void Vacate(int index) => _vcpus[index] = null;

    /// <summary>True when every vCPU of the group other than this one is off.</summary>
    internal bool IsLastOnline(VCpu vcpu)
    {
        foreach (var other in _vcpus)
            if (other is not null && other != vcpu && !other.IsOff)
                return false;
        return true;
    }

    /// <inheritdoc/>
    protected override GunyahError OnActivate() => GunyahError.Ok;

    /// <inheritdoc/>
    protected override void OnDestroy(bool wasActive) => Virq.Unbind();
}
