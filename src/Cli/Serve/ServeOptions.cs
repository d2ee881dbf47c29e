using RmStack.Cli.Simulation;

namespace RmStack.Cli.Serve;

/// <summary>What `rmstack serve` was asked to do, checked.</summary>
internal sealed record ServeOptions
{
    /// <summary>Connections at once when nothing else is said.</summary>
    public const int DefaultConnections = 256;

    /// <summary>Bytes of a connection's machine: HLOS's gigabyte, and what the hypervisor and the Resource Manager have for themselves behind it.</summary>
    public const ulong MachineSize = 0x4200_0000;

    /// <summary>Where the socket's file goes.</summary>
    public required string Path { get; init; }

    /// <summary>The system of a connection; its seed is this one's and the number of the connection.</summary>
    public GunyahSystemOptions System { get; init; } = new() { MemorySize = MachineSize };

    /// <summary>Connections at once; further ones wait to be accepted.</summary>
    public int MaxConnections { get; init; } = DefaultConnections;

    /// <summary>The file that HLOS's RAM is in; null for memory of the process.</summary>
    public RamFile? Ram { get; init; }

    /// <summary>Takes the packets of all connections; null for nobody.</summary>
    public TraceFile? Trace { get; init; }

    /// <summary>The system of a connection.</summary>
    public GunyahSystemOptions SystemOf(int connection) => System with { Seed = System.Seed + (ulong)connection, RamFile = Ram?.Handle };
}
