using RmStack.Hypervisor.Virqs;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Hypervisor.Objects;

/// <summary>64 flags that one VM sets and another takes, with an interrupt (Gunyah API: doorbells; hypervisor: doorbell.c).</summary>
public sealed class Doorbell : HypObject
{
    private ulong _flags;
    private ulong _enable = ulong.MaxValue;
    private ulong _ack;

    internal Doorbell(GunyahHypervisor hypervisor, Partition partition)
        : base(hypervisor, ObjectType.Doorbell, partition) =>
        Virq = new VirqSource(reasserted => reasserted || (_flags & _enable) != 0);

    /// <inheritdoc/>
    public override uint AllRights => CapRights.DoorbellAll;

    /// <summary>Raised by every send.</summary>
    public VirqSource Virq { get; }

    internal ulong Send(ulong newFlags)
    {
        var old = _flags;
        _flags |= newFlags;
        if ((_flags & _enable) == 0)
        {
            Virq.AssertEdge();
        }
        else
        {
            Virq.Assert();
            _flags &= ~_ack;
        }

        return old;
    }

    internal GunyahError Receive(ulong clear, out ulong old)
    {
        old = 0;
        if (clear == 0) return GunyahError.ArgumentInvalid;
        old = _flags;
        _flags &= ~clear;
        return GunyahError.Ok;
    }

    internal void Reset()
    {
        Virq.Clear();
        _flags = 0;
        _ack = 0;
        _enable = ulong.MaxValue;
    }

    internal void Mask(ulong enable, ulong ack)
    {
        bool was = (_flags & _enable) != 0, now = (_flags & enable) != 0;
        _enable = enable;
        _ack = ack;
        if (was && !now) Virq.Clear();
        if (!was && now) Virq.Assert();
        if (now) _flags &= ~ack;
    }

    /// <inheritdoc/>
    protected override GunyahError OnActivate() => GunyahError.Ok;

    /// <inheritdoc/>
    protected override void OnDestroy(bool wasActive) => Virq.Unbind();
}
