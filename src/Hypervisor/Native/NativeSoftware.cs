using RmStack.Hypervisor.Objects;
using RmStack.Hypervisor.Scheduling;

namespace RmStack.Hypervisor.Native;

/// <summary>Which VMs run software written in C#: the images that a loader would have put into their memory.</summary>
public sealed class NativeSoftware : IVCpuEngineFactory
{
    private readonly Dictionary<ushort, INativeProgram> _programs = [];

    /// <summary>Says what a VM runs.</summary>
    /// <param name="vmid">The VM.</param>
    /// <param name="program">Its software.</param>
    public void Install(ushort vmid, INativeProgram program) => _programs[vmid] = program;

    /// <inheritdoc/>
    public VCpuEngine? TryCreate(VCpu vcpu)
    {
        ArgumentNullException.ThrowIfNull(vcpu);
        return _programs.TryGetValue(vcpu.Vmid, out var program) ? new NativeVCpu(vcpu, program) : null;
    }
}
