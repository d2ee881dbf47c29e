using RmStack.Hypervisor.Objects;

namespace RmStack.Hypervisor.Scheduling;

/// <summary>Decides what executes a vCPU when it is activated.</summary>
public interface IVCpuEngineFactory
{
    /// <summary>An engine for the vCPU, or null to run it on a processing element.</summary>
    VCpuEngine? TryCreate(VCpu vcpu);
}
