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
        var vcpus = scheduler.VCpus;
        for (var n = 0; n < vcpus.Count; n++)
        {
            var now = vcpus[n].Engine.InstructionsRetired;
            if (now == 0) continue;
            Total += now - _counts.GetValueOrDefault(vcpus[n]);
            _counts[vcpus[n]] = now;
        }

        // A machine in which guest follows guest keeps none of their vCPUs.
        if (_counts.Count > vcpus.Count)
            foreach (var gone in _counts.Keys.Except(vcpus).ToList())
                _counts.Remove(gone);
        return Total;
    }
}
