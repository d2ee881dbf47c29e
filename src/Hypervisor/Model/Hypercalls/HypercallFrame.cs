namespace RmStack.Hypervisor.Hypercalls;

/// <summary>How a call into the hypervisor was made.</summary>
public enum HypercallConduit
{
    Hvc,
    Smc,
}

/// <summary>
/// The one boundary between a VM and the hypervisor: an HVC or SMC with its immediate and X0 to X7, whoever makes it
/// (Gunyah API: calling convention).
/// </summary>
public sealed class HypercallFrame
{
    /// <summary>Registers that a call can name.</summary>
    public const int RegisterCount = 8;

    /// <summary>HVC or SMC.</summary>
    public HypercallConduit Conduit { get; set; }

    /// <summary>The immediate: 0 for SMCCC, 0x6000 + number for a native hypercall.</summary>
    public ushort Immediate { get; set; }

    /// <summary>X0 to X7: arguments before, results after.</summary>
    public ulong[] X { get; } = new ulong[RegisterCount];

    /// <summary>
    /// Set by the dispatcher when the call went the native way, which leaves X8 alone, the return address in X9 and
    /// zeroes in X10 to X17.
    /// </summary>
    public bool ScratchesHighRegisters { get; internal set; }
}
