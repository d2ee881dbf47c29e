namespace RmStack.Host;

/// <summary>What vcpu_run answered, counted by state.</summary>
public sealed class VCpuStatistics
{
    /// <summary>Hypercalls made.</summary>
    public long Runs { get; internal set; }

    /// <summary>State 0: preempted.</summary>
    public long Ready { get; internal set; }

    /// <summary>State 1: waits for an interrupt.</summary>
    public long ExpectsWakeup { get; internal set; }

    /// <summary>State 2: off.</summary>
    public long PoweredOff { get; internal set; }

    /// <summary>State 3: blocked in the hypervisor.</summary>
    public long Blocked { get; internal set; }

    /// <summary>State 4: a load from a device of the VMM.</summary>
    public long MmioReads { get; internal set; }

    /// <summary>State 5: a store to one.</summary>
    public long MmioWrites { get; internal set; }

    /// <summary>States that this driver does not know.</summary>
    public long Unknown { get; internal set; }

    /// <summary>Answers RETRY.</summary>
    public long Retries { get; internal set; }
}
