using RmStack.Hypervisor.Virqs;
using RmStack.Machine.Gic;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Hypervisor.Objects;

/// <summary>
/// A VM's virtual interrupt controller: the GICv3 engine with Gunyah's identity, its vCPU slots, and the table of which
/// source is bound to which shared interrupt (Gunyah API: virtual interrupt controllers; hypervisor: vgic).
/// </summary>
public sealed class Vic : HypObject
{
    /// <summary>Shared interrupts that exist as registers.</summary>
    public const int MaxVirqs = 988;

    private const int FirstSpi = 32;
    private const ulong OptionMaxMsisValid = 1;
    private const ulong OptionDisableDefaultAddr = 2;

    private readonly VirqSource?[] _sources = new VirqSource[MaxVirqs];
    private MpidrMapping _mapping = MpidrMapping.Hardware;
    private VCpu?[] _vcpus = [];
    private bool?[] _lastFrame = [];
    private GicV3? _gic;
    private int _maxVcpus = 1;
    private int _maxVirqs;

    internal Vic(GunyahHypervisor hypervisor, Partition partition)
        : base(hypervisor, ObjectType.Vic, partition)
    {
    }

    /// <inheritdoc/>
    public override uint AllRights => CapRights.VicAll;

    /// <summary>The interrupt controller itself. Exists once the object is active.</summary>
    public GicV3 Gic => _gic!;

    /// <summary>vCPU slots.</summary>
    public int MaxVcpus => _maxVcpus;

    internal GunyahError Configure(uint maxVcpus, uint maxVirqs, ulong options, uint maxMsis)
    {
        if ((options & ~(OptionMaxMsisValid | OptionDisableDefaultAddr)) != 0) return GunyahError.ArgumentInvalid;
        if (State != ObjectState.Init) return GunyahError.ObjectState;
        if (maxVcpus == 0 || maxVcpus > Hypervisor.Options.Cores) return GunyahError.ArgumentInvalid;
        if (maxVirqs > MaxVirqs) return GunyahError.ArgumentInvalid;
        if ((options & OptionMaxMsisValid) != 0 && maxMsis != 0) return GunyahError.ArgumentInvalid;
        _maxVcpus = (int)maxVcpus;
        _maxVirqs = (int)maxVirqs;
        return GunyahError.Ok;
    }

    internal GunyahError SetMpidrMapping(in MpidrMapping mapping)
    {
        if (State != ObjectState.Init) return GunyahError.ObjectState;
        if (!mapping.IsValid) return GunyahError.ArgumentInvalid;
        _mapping = mapping;
        return GunyahError.Ok;
    }

    /// <summary>MPIDR_EL1 of the vCPU in a slot.</summary>
    public ulong MpidrOf(int index) => _mapping.Mpidr(index);

    /// <summary>The slot that an affinity (Aff3 in bits 39:32, Aff2..Aff0 in 23:0) means.</summary>
    /// <returns>
    /// The slot; -1 when the affinity is valid but nothing has it, -2 when it is not: the mapping cannot produce
    /// it, or it lies beyond the number of slots a VM can have (as the public build was seen to judge).
    /// </returns>
    public int IndexOf(ulong affinity)
    {
        var index = _mapping.IndexOf(affinity);
        if (index < 0 || index > Hypervisor.Options.Cores) return -2;
        return index < _maxVcpus ? index : -1;
    }

    /// <summary>Takes a slot for a vCPU that is being activated.</summary>
    internal GunyahError Occupy(VCpu vcpu, int index)
    {
        if (_vcpus[index] is not null) return GunyahError.Busy;
        _vcpus[index] = vcpu;
        return GunyahError.Ok;
    }

    internal void Vacate(int index) => _vcpus[index] = null;

    /// <summary>The vCPU in a slot, if any.</summary>
    public VCpu? VCpuAt(int index) => (uint)index < (uint)_vcpus.Length ? _vcpus[index] : null;

    internal GunyahError Take(VirqSource source, uint virq)
    {
        if (virq < FirstSpi || virq >= FirstSpi + MaxVirqs) return GunyahError.ArgumentInvalid;
        if (virq - FirstSpi >= _maxVirqs) return GunyahError.ArgumentInvalid;
        if (_sources[virq - FirstSpi] is not null) return GunyahError.Busy;
        _sources[virq - FirstSpi] = source;
        Gic.SetSource(0, (int)virq, source);
        return GunyahError.Ok;
    }

    internal void Free(int virq)
    {
        _sources[virq - FirstSpi] = null;
        Gic.SetSource(0, virq, null);
    }

    /// <summary>Says what GICR_TYPER.Last of a placed redistributor reads.</summary>
    internal void SetLastFrame(int frame, bool last) => _lastFrame[frame] = last;

    /// <inheritdoc/>
    protected override GunyahError OnActivate()
    {
        _vcpus = new VCpu[_maxVcpus];
        _lastFrame = new bool?[_maxVcpus];
        _gic = new GicV3(_maxVcpus, GicIdentity.Gunyah, MpidrOf)
        {
            Wake = WakeVcpu,
            LastFrame = frame => _lastFrame[frame],
        };
        return GunyahError.Ok;
    }

    /// <inheritdoc/>
    protected override void OnDestroy(bool wasActive)
    {
        foreach (var source in _sources) source?.Unbind();
    }

    private void WakeVcpu(int index) => VCpuAt(index)?.Wake();
}
