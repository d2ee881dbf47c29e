using RmStack.Hypervisor;
using RmStack.Hypervisor.Native;
using RmStack.Machine.Memory;
using RmStack.Machine.Time;
using RmStack.Protocol;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Cli.Bench.Model;

/// <summary>
/// The hypervisor with nothing on it but its root VM, and a second VM if one is asked for, whose software is the benchmark's body. Everything
/// runs on the thread that steps the scheduler.
/// </summary>
internal sealed class BenchMachine : IDisposable
{
    private const ulong RamBase = 0x4000_0000;
    private const ulong RamSize = 0x0400_0000;
    private const ulong BuffersOffset = 0x10_0000;
    private const int SlabSize = 16 * 1024;
    private const int Slabs = 8;

    private readonly PlatformLayout _layout = new() { HypervisorBase = RamBase + 0x0200_0000, RootBase = RamBase + 0x0300_0000 };
    private readonly PhysicalMemory _memory = new(RamBase, RamSize);
    private readonly NativeSoftware _software = new();
    private readonly GunyahHypervisor _hypervisor;
    private readonly BenchProgram _root = new();

    public BenchMachine()
    {
        _software.Install(RootVm.Vmid, _root);
        _hypervisor = new GunyahHypervisor(_memory, new VirtualClock(), new HypervisorOptions { Engines = _software, StrictMsgQueueErrors = true });
        RootVm.Boot(_hypervisor, _layout);
        StepUntil(() => _root.Context is not null);
        Span<byte> pointer = stackalloc byte[2 * sizeof(uint)];
        Context.Memory.Read(Context.BootArgument + RootVm.ConfigurationPointerOffset, pointer);
        var bytes = new byte[BitConverter.ToUInt32(pointer[sizeof(uint)..])];
        Context.Memory.Read(Context.BootArgument + BitConverter.ToUInt32(pointer), bytes);
        Caps = RootVmConfiguration.Decode(bytes);
        Context.Interrupts.Initialise(_layout.GicdBase);
        Buffers = Context.Memory.CreatePool(_layout.RootBase + BuffersOffset, SlabSize, Slabs);
    }

    /// <summary>The root VM.</summary>
    public NativeContext Context => _root.Context!;

    /// <summary>Where the root VM's software runs.</summary>
    public SynchronizationContext Software => _root.Software!;

    /// <summary>What it may do.</summary>
    public RootVmConfiguration Caps { get; }

    /// <summary>Memory of the root VM that hypercalls can name.</summary>
    public VmSlabPool Buffers { get; }

    /// <summary>An address in RAM of the root VM that nothing else uses.</summary>
    public ulong Scratch => _layout.RootBase + (8 * BuffersOffset);

    /// <summary>A queue of the RM link's packet size.</summary>
    public CapId CreateQueue(int depth = RpcLimits.QueueDepth)
    {
        var queue = Create(HypercallNumber.PartitionCreateMsgQueue);
        Must(Context.Native.ConfigureMsgQueue(queue, (uint)depth, RpcLimits.PacketSize));
        Must(Context.Native.Activate(queue));
        return queue;
    }

    /// <summary>A new object of the root VM's.</summary>
    public CapId Create(int number)
    {
        var made = Context.Native.Create(number, Caps.Partition, Caps.CSpace);
        Must(made.Error);
        return made.Cap;
    }

    /// <summary>A second VM, which is running when this returns.</summary>
    public SecondVm StartSecondVm()
    {
        var program = new BenchProgram();
        _software.Install(SecondVm.Vmid, program);
        var vm = new SecondVm(this, program, RamBase);
        StepUntil(() => program.Context is not null);
        return vm;
    }

    /// <summary>Runs the machine until a condition holds.</summary>
    public void StepUntil(Func<bool> done)
    {
        while (!done())
        {
            if (!_hypervisor.Scheduler.Step())
                throw new BenchFailedException("no vCPU can run any more");
        }
    }

    public void Dispose() => _memory.Dispose();

    /// <summary>A hypercall that only a mistake of the benchmark's makes fail.</summary>
    public static void Must(GunyahError error)
    {
        if (error != GunyahError.Ok)
            throw new BenchFailedException($"the hypervisor refused: {error}");
    }
}
