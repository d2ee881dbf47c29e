namespace RmStack.Hypervisor.Native;

/// <summary>
/// What a VM written in C# is given: the registers it was started with, its own memory, its interrupts, the clock, and the
/// hypercalls. Nothing else of the model can be reached from here.
/// </summary>
public sealed class NativeContext
{
    internal NativeContext(NativeVCpu engine, ulong entry, ulong argument)
    {
        EntryPoint = entry;
        BootArgument = argument;
        Memory = new VmMemory(engine);
        Interrupts = new NativeInterrupts(engine, Memory);
        Native = new HypercallStubs(engine, smccc: false);
        Smccc = new HypercallStubs(engine, smccc: true);
        Time = engine.VCpu.Hypervisor.Clock;
    }

    /// <summary>PC at power-on.</summary>
    public ulong EntryPoint { get; }

    /// <summary>X0 at power-on: where the device tree or the environment block is.</summary>
    public ulong BootArgument { get; }

    /// <summary>The VM's memory, through its stage 2.</summary>
    public VmMemory Memory { get; }

    /// <summary>The VM's interrupts, through its GIC.</summary>
    public NativeInterrupts Interrupts { get; }

    /// <summary>Hypercalls by HVC with a native immediate, as the Resource Manager makes them.</summary>
    public HypercallStubs Native { get; }

    /// <summary>Hypercalls by the SMC calling convention, as Linux makes them.</summary>
    public HypercallStubs Smccc { get; }

    /// <summary>The system counter as a clock and a source of timers.</summary>
    public TimeProvider Time { get; }
}
