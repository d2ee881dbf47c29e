using RmStack.Protocol.Messages;
using RmStack.ResourceManager.Trees;

namespace RmStack.ResourceManager.Vms;

/// <summary>What VM_CONFIG_IMAGE said about a VM, and from VM_INIT on what its device tree says.</summary>
internal sealed record VmConfig
{
    /// <summary>The memparcel that holds image and device tree.</summary>
    public required uint ParcelHandle { get; init; }

    public required AuthMechanism Auth { get; init; }

    /// <summary>Image within the memparcel, bytes.</summary>
    public required ulong ImageOffset { get; init; }

    /// <summary>Device tree within the memparcel, bytes.</summary>
    public required ulong DtbOffset { get; init; }

    /// <summary>Room for the device tree and what the RM adds to it, bytes.</summary>
    public required ulong DtbSize { get; init; }

    /// <summary>The device tree as it was at VM_INIT; null before.</summary>
    public GuestTree? Tree { get; set; }
}
