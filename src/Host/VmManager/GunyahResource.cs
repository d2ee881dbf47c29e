using RmStack.Protocol.Hypercalls;
using RmStack.Protocol.Messages;

namespace RmStack.Host;

/// <summary>Something of a VM that the Resource Manager gave the host a capability to (Linux: struct gunyah_resource).</summary>
public sealed class GunyahResource
{
    /// <summary>Makes the resource that an entry of VM_GET_HYP_RESOURCES describes (Linux: gh_rm_alloc_resource).</summary>
    /// <returns>Null when its interrupt cannot be mapped.</returns>
    public static GunyahResource? TryCreate(in HypResource entry)
    {
        uint? virq = entry.Virq == 0 ? null : entry.Virq;
        if (virq is { } number && !IsMappable(number)) return null;
        return new GunyahResource { Type = entry.Type, CapId = entry.CapId, Label = entry.Label, Virq = virq };
    }

    /// <summary>Kind of object.</summary>
    public ResourceType Type { get; private init; }

    /// <summary>Capability in the host's CSpace.</summary>
    public CapId CapId { get; private init; }

    /// <summary>Label in the guest's device tree, or index of the vCPU.</summary>
    public uint Label { get; private init; }

    /// <summary>Its interrupt, or null when it has none (Linux: IRQ_NOTCONNECTED).</summary>
    public uint? Virq { get; private init; }

    /// <summary>INTIDs that can be written as a three-cell specifier: SPIs and extended SPIs.</summary>
    public static bool IsMappable(uint virq) => virq is (>= 32 and <= 1019) or (>= 4096 and <= 5119);
}
