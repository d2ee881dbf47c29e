using RmStack.Hypervisor.Native;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Host;

/// <summary>The kernel of the primary VM, as far as the Gunyah drivers need one: SMCCC hypercalls and its GIC.</summary>
public sealed class HlosKernel : IHostKernel
{
    private const uint FirstSpi = 32;
    private const uint LastSpi = 1019;

    private readonly NativeContext _context;
    private readonly Action<string>? _log;

    /// <summary>A kernel on a VM.</summary>
    /// <param name="context">The VM.</param>
    /// <param name="log">Takes the lines of the kernel log.</param>
    public HlosKernel(NativeContext context, Action<string>? log = null)
    {
        _context = context;
        _log = log;
    }

    /// <inheritdoc/>
    public ValueTask<RunResult> VcpuRunAsync(CapId vcpu, ulong resume0, ulong resume1, ulong resume2) =>
        _context.Smccc.RunAsync(vcpu, resume0, resume1, resume2);

    /// <inheritdoc/>
    public GunyahError BellSend(CapId bell, ulong newFlags) => _context.Smccc.DoorbellSend(bell, newFlags).Error;

    /// <inheritdoc/>
    public bool TryRequestIrq(uint virq, Action handler)
    {
        // Extended SPIs would be 4096 to 5119; this interrupt controller, like the hypervisor's, has none.
        if (virq is < FirstSpi or > LastSpi) return false;
        _context.Interrupts.Enable(virq, handler);
        return true;
    }

    /// <inheritdoc/>
    public void FreeIrq(uint virq) => _context.Interrupts.Disable(virq);

    /// <inheritdoc/>
    public void Log(string line) => _log?.Invoke(line);
}
