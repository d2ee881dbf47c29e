using RmStack.Hypervisor.Scheduling;
using RmStack.Machine.Cpu;

namespace RmStack.Hypervisor;

/// <summary>How a hypervisor is built.</summary>
public sealed record HypervisorOptions
{
    /// <summary>Seed of every random choice: capability ids. The same seed gives the same run to the last byte.</summary>
    public ulong Seed { get; init; }

    /// <summary>Give out capability ids in the order of slots, as the debug build of the public hypervisor does.</summary>
    public bool RandomiseCapIds { get; init; }

    /// <summary>
    /// Report copy errors of msgqueue_send and msgqueue_receive as the API manual says. The public hypervisor swallows
    /// them: it answers OK and moves no message.
    /// </summary>
    public bool StrictMsgQueueErrors { get; init; }

    /// <summary>Physical CPUs.</summary>
    public int Cores { get; init; } = 8;

    /// <summary>Bits of a VM's intermediate physical address.</summary>
    public int IpaBits { get; init; } = 36;

    /// <summary>What the processing elements of emulated vCPUs are.</summary>
    public CpuModel CpuModel { get; init; } = CpuModel.LinuxMinimal;

    /// <summary>Decides which vCPUs run software written in C#; null for none.</summary>
    public IVCpuEngineFactory? Engines { get; init; }

    /// <summary>Virtual time that a call into the hypervisor takes, in ticks of 16 ns.</summary>
    public ulong HypercallTicks { get; init; } = 64;
}
