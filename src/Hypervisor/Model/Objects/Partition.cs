using RmStack.Protocol.Hypercalls;

namespace RmStack.Hypervisor.Objects;

/// <summary>
/// Where objects come from and what owns physical memory that no memory extent owns (Gunyah API: partitions). The
/// public hypervisor has one that VMs can name: the root VM's.
/// </summary>
public sealed class Partition : HypObject
{
    internal Partition(GunyahHypervisor hypervisor)
        : base(hypervisor, ObjectType.Partition, null)
    {
    }

    /// <inheritdoc/>
    public override uint AllRights => CapRights.PartitionAll;

    /// <inheritdoc/>
    protected override GunyahError OnActivate() => GunyahError.Ok;
}
