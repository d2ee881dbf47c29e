using RmStack.Host;
using RmStack.Machine.Images;

namespace RmStack.Cli.Simulation;

/// <summary>What `rmstack boot` was asked to do, checked.</summary>
public sealed record BootOptions
{
    /// <summary>The guest's software.</summary>
    public required GuestImage Image { get; init; }

    /// <summary>What the image is called in reports.</summary>
    public required string ImageName { get; init; }

    /// <summary>Bytes of the guest's RAM.</summary>
    public required ulong MemorySize { get; init; }

    /// <summary>The guest's vCPUs.</summary>
    public int VCpus { get; init; } = 1;

    /// <summary>The guest's kernel command line.</summary>
    public string? Append { get; init; }

    /// <summary>How the guest's RAM lies in HLOS's.</summary>
    public PageLayout Layout { get; init; }

    /// <summary>Instructions before the guest counts as hung.</summary>
    public ulong Budget { get; init; }

    /// <summary>The driver.</summary>
    public DriverProfile Profile { get; init; } = DriverProfile.V12;

    /// <summary>The system below.</summary>
    public GunyahSystemOptions System { get; init; } = new();
}
