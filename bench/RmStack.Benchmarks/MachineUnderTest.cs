using RmStack.Hypervisor;
using RmStack.Hypervisor.Native;
using RmStack.Machine.Memory;
using RmStack.Machine.Time;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Benchmarks;

/// <summary>A machine whose root VM runs the benchmark's body and nothing else.</summary>
internal sealed class MachineUnderTest : IDisposable
{
    private readonly PhysicalMemory _memory = new(0x4000_0000, 0x8000_0000);
    private readonly Program _program = new();

    public MachineUnderTest()
    {
        var software = new NativeSoftware();
        software.Install(RootVm.Vmid, _program);
        Hypervisor = new GunyahHypervisor(_memory, new VirtualClock(), new HypervisorOptions { Engines = software });
        RootVm.Boot(Hypervisor, new PlatformLayout());
        while (_program.Context is null) Hypervisor.Scheduler.Step();
        Span<byte> pointer = stackalloc byte[8];
        Context.Memory.Read(Context.BootArgument + RootVm.ConfigurationPointerOffset, pointer);
        var bytes = new byte[BitConverter.ToUInt32(pointer[4..])];
        Context.Memory.Read(Context.BootArgument + BitConverter.ToUInt32(pointer), bytes);
        Caps = RootVmConfiguration.Decode(bytes);
    }

    public GunyahHypervisor Hypervisor { get; }

    public NativeContext Context => _program.Context!;

    public RootVmConfiguration Caps { get; }

    /// <summary>RAM of the root VM that nothing else uses.</summary>
    public static ulong Scratch => 0x8110_0000;

    public CapId CreateQueue()
    {
        var queue = Context.Native.Create(HypercallNumber.PartitionCreateMsgQueue, Caps.Partition, Caps.CSpace).Cap;
        Context.Native.ConfigureMsgQueue(queue, 8, 240);
        Context.Native.Activate(queue);
        return queue;
    }

    public void Dispose() => _memory.Dispose();

    private sealed class Program : INativeProgram
    {
        public NativeContext? Context { get; private set; }

        public Task RunAsync(NativeContext context)
        {
            Context = context;
            return Task.CompletedTask;
        }
    }
}
