using RmStack.Hypervisor.Native;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Host;

/// <summary>
/// What the Gunyah drivers ask of the kernel below them: the hypercalls they make themselves, and interrupts. The real one
/// is <see cref="HlosKernel"/>.
/// </summary>
public interface IHostKernel
{
    /// <summary>vcpu_run (Linux: gh_hypercall_vcpu_run).</summary>
    ValueTask<RunResult> VcpuRunAsync(CapId vcpu, ulong resume0, ulong resume1, ulong resume2);

    /// <summary>doorbell_send (Linux: gh_hypercall_bell_send).</summary>
    GunyahError BellSend(CapId bell, ulong newFlags);

    /// <summary>Maps an interrupt of the Resource Manager's and installs its handler, rising edge (Linux: request_irq).</summary>
    /// <returns>False when the number is none that can be mapped.</returns>
    bool TryRequestIrq(uint virq, Action handler);

    /// <summary>Removes the handler (Linux: free_irq).</summary>
    void FreeIrq(uint virq);

    /// <summary>A line of the kernel log.</summary>
    void Log(string line);
}
