using Microsoft.Win32.SafeHandles;
using RmStack.Hypervisor;
using RmStack.ResourceManager;

namespace RmStack.Cli.Simulation;

/// <summary>Which hypervisor is modelled where they differ.</summary>
public enum HypervisorVersion
{
    /// <summary>The public one of 12/2023: msgqueue_send and msgqueue_receive answer OK to a message they could not copy.</summary>
    V2312,

    /// <summary>As the API manual has it: such errors are reported.</summary>
    Next,
}

/// <summary>How a whole system is put together.</summary>
public sealed record GunyahSystemOptions
{
    /// <summary>Seed of every random choice.</summary>
    public ulong Seed { get; init; }

    /// <summary>First physical address of RAM.</summary>
    public ulong MemoryBase { get; init; } = 0x4000_0000;

    /// <summary>Bytes of RAM.</summary>
    public ulong MemorySize { get; init; } = 2UL << 30;

    /// <summary>Where things are in it.</summary>
    public PlatformLayout Layout { get; init; } = new();

    /// <summary>
    /// The file that the primary VM's RAM is kept in, the first byte of one the first of the other; null for memory of this process. What the
    /// primary VM's kernel keeps for itself is cleared at power-on, the rest is what the file has.
    /// </summary>
    public SafeFileHandle? RamFile { get; init; }

    /// <summary>Capability ids at random instead of in order.</summary>
    public bool RandomiseCapIds { get; init; }

    /// <summary>The hypervisor.</summary>
    public HypervisorVersion Hypervisor { get; init; } = HypervisorVersion.Next;

    /// <summary>The Resource Manager.</summary>
    public RmDrop ResourceManager { get; init; } = RmDrop.Rm2;
}
