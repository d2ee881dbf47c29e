using RmStack.Hypervisor;
using RmStack.Hypervisor.Native;
using RmStack.Hypervisor.Objects;
using RmStack.Machine.Memory;
using RmStack.Machine.Time;
using RmStack.Protocol;

namespace RmStack.ResourceManager.Tests;

/// <summary>A whole machine: hypervisor, Resource Manager, and a primary VM whose software is the test.</summary>
internal sealed class World : IDisposable
{
    private readonly NativeSoftware _software = new();
    private readonly PhysicalMemory _memory;

    public World(RmDrop drop = RmDrop.Rm1, ulong ramSize = 0x8000_0000)
        : this(new ResourceManagerOptions { Drop = drop }, ramSize)
    {
    }

    public World(ResourceManagerOptions options, ulong ramSize = 0x8000_0000)
    {
        _memory = new PhysicalMemory(0x4000_0000, ramSize);
        Manager = new ResourceManagerProgram(options);
        _software.Install(RootVm.Vmid, Manager);
        Hypervisor = new GunyahHypervisor(_memory, new VirtualClock(), new HypervisorOptions { Engines = _software });
    }

    public GunyahHypervisor Hypervisor { get; }

    public ResourceManagerProgram Manager { get; }

    public static PlatformLayout Layout { get; } = new();

    /// <summary>The primary VM's CSpace, from outside.</summary>
    public CSpace HlosCSpace => VcpuOf(Vmids.Hlos).CSpace!;

    /// <summary>Physical memory, from outside; the primary VM's addresses are physical ones.</summary>
    public ReadOnlySpan<byte> Physical(ulong pa, int size) => _memory.Readable(pa, size);

    /// <summary>Writes physical memory before anything runs, as a loader does.</summary>
    public void Load(ulong pa, ReadOnlySpan<byte> bytes) => bytes.CopyTo(_memory.Writable(pa, bytes.Length));

    public VCpu VcpuOf(ushort vmid) => Hypervisor.Scheduler.VCpus.First(v => v.Vmid == vmid);

    /// <summary>Who owns which memory, from outside.</summary>
    public string Ownership() => string.Join('\n', Hypervisor.Ownership.Ranges.Select(r => $"{r.Start:x}-{r.End:x} {r.Owner}"));

    /// <summary>Boots, and runs the test as the primary VM's software until it ends.</summary>
    public void Run(Func<Hlos, Task> test)
    {
        Task? task = null;
        _software.Install(Vmids.Hlos, new Lambda(context => task = test(new Hlos(this, context))));
        RootVm.Boot(Hypervisor, Layout);
        var root = VcpuOf(RootVm.Vmid);
        var ended = Hypervisor.Scheduler.RunUntil(() => task is { IsCompleted: true } || HasFailed(root));
        if (HasFailed(root)) CompletionOf(root)!.GetAwaiter().GetResult();
        Assert.True(ended, "the machine came to rest before the test ended");
        task!.GetAwaiter().GetResult();
    }

    public void Dispose() => _memory.Dispose();

    private static Task? CompletionOf(VCpu vcpu) => ((NativeVCpu)vcpu.Engine).Completion;

    private static bool HasFailed(VCpu vcpu) => CompletionOf(vcpu) is { IsFaulted: true };

    private sealed class Lambda(Func<NativeContext, Task> body) : INativeProgram
    {
        public Task RunAsync(NativeContext context) => body(context);
    }
}
