namespace RmStack.ResourceManager;

/// <summary>Which public drop of the Resource Manager is modelled where the two differ.</summary>
public enum RmDrop
{
    /// <summary>The drop of 12/2023: the one whose conversations were recorded.</summary>
    Rm1,

    /// <summary>The newer public drop.</summary>
    Rm2,
}

/// <summary>How a Resource Manager is built and what it is told about the primary VM.</summary>
public sealed record ResourceManagerOptions
{
    /// <summary>The drop whose rules it follows.</summary>
    public RmDrop Drop { get; init; } = RmDrop.Rm2;

    /// <summary>vCPUs of the primary VM, the first of them on the boot core; at most one per usable core.</summary>
    public int HlosVcpus { get; init; } = 1;

    /// <summary>Seed of the numbers it makes up: the kaslr-seed of every VM. The same seed gives the same numbers.</summary>
    public ulong Seed { get; init; }

    /// <summary>Kernel command line in the primary VM's tree, when no loader put a tree of its own in place; null for none.</summary>
    public string? HlosBootArguments { get; init; }

    /// <summary>
    /// Whether the primary VM's hypervisor node is also compatible with <c>gunyah-hypervisor</c>, which upstream's driver
    /// binds to. The 12/2023 drop names only the vendor's strings; by default the newer one names both.
    /// </summary>
    public bool? UpstreamHypervisorNode { get; init; }

    internal bool NamesUpstreamHypervisor => UpstreamHypervisorNode ?? Drop == RmDrop.Rm2;

    internal int MaxParcelsPerOwner => Drop == RmDrop.Rm1 ? Protocol.Messages.MemParcels.MaxPerOwnerRm1 : Protocol.Messages.MemParcels.MaxPerOwnerRm2;
}
