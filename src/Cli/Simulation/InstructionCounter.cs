using RmStack.Hypervisor.Objects;
using RmStack.Hypervisor.Scheduling;

namespace RmStack.Cli.Simulation;

/// <summary>Counts the instructions of all vCPUs, of those that are gone as well.</summary>
internal sealed class InstructionCounter(Scheduler scheduler)
{
    private readonly Dictionary<VCpu, ulong> _counts = [];

    public ulong Total { get; private set; }

    public ulong Update()
    {
        foreach (var vcpu in scheduler.VCpus)
        {
            var now = vcpu.Engine.InstructionsRetired;
            if (now == 0) continue;
            Total += now - _counts.GetValueOrDefault(vcpu);
            _counts[vcpu] = now;
        }

        return Total;
    }
}
