namespace RmStack.Host;

/// <summary>What became of a guest, from first to last.</summary>
public sealed record VmmResult
{
    /// <summary>How the launch went, up to VM_START.</summary>
    public required DriverStatus Launch { get; init; }

    /// <summary>Its VMID; 0 when it never had one.</summary>
    public ushort Vmid { get; init; }

    /// <summary>How running it went: a failure here is a refusal by the hypervisor.</summary>
    public DriverStatus Running { get; init; } = DriverStatus.Ok;

    /// <summary>What the vCPUs' status exit said.</summary>
    public VmRunStatus Status { get; init; }

    /// <summary>How it ended, as the Resource Manager reported it.</summary>
    public VmExitInfo? Exit { get; init; }

    /// <summary>True when it was stopped from outside.</summary>
    public bool Stopped { get; init; }

    /// <summary>How taking it apart went; null when there was nothing to take apart.</summary>
    public TeardownResult? Teardown { get; init; }

    /// <summary>Pages of its RAM.</summary>
    public int Pages { get; init; }

    /// <summary>Pages of it that the primary VM can use again.</summary>
    public int PagesHome { get; init; }

    /// <summary>Statistics of each vCPU.</summary>
    public IReadOnlyList<VCpuStatistics> VCpus { get; init; } = [];

    /// <summary>True when all of its memory is the primary VM's again.</summary>
    public bool MemoryCameHome => PagesHome == Pages;
}
