using RmStack.Hypervisor.Native;
using RmStack.Machine.Memory;
using RmStack.Machine.Time;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Hypervisor.Tests;

/// <summary>
/// A machine whose root VM runs the test: it holds every capability that the Resource Manager would, and can build any VM
/// it likes by hypercalls.
/// </summary>
internal sealed class Bench : IDisposable
{
    public const ulong RamBase = 0x4000_0000;
    public const uint RwxSparse = 0x0001_0007;
    public const uint RwxBasic = 0x7;
    public const uint MapRwx = 0x000f_0077;
    public const uint Partial = 1;
    public const uint DonateToChild = 0;
    public const uint DonateToSibling = 2;
    public const ulong ProxyScheduled = 1 << 9;
    public const uint WakeupVirq = 1;

    private readonly NativeSoftware _software = new();

    public Bench(HypervisorOptions? options = null, ulong ramSize = 0x8000_0000, PhysicalMemory? memory = null)
    {
        Memory = memory ?? new PhysicalMemory(RamBase, ramSize);
        Hypervisor = new GunyahHypervisor(Memory, new VirtualClock(), (options ?? new HypervisorOptions()) with { Engines = _software });
    }

    public PhysicalMemory Memory { get; }

    public GunyahHypervisor Hypervisor { get; }

    public static PlatformLayout Layout { get; } = new();

    /// <summary>Installs software for a VM that the test will create.</summary>
    public Bench With(ushort vmid, Func<NativeContext, Task> program)
    {
        _software.Install(vmid, new Lambda(program));
        return this;
    }

    /// <summary>Runs the test as the root VM until it ends.</summary>
    public void Run(Func<Root, Task> test)
    {
        Task? task = null;
        _software.Install(RootVm.Vmid, new Lambda(context => task = test(new Root(this, context))));
        RootVm.Boot(Hypervisor, Layout);
        var ended = Hypervisor.Scheduler.RunUntil(() => task is { IsCompleted: true });
        Assert.True(ended, "the machine came to rest before the test ended");
        task!.GetAwaiter().GetResult();
    }

    public void Dispose() => Memory.Dispose();

    private sealed class Lambda(Func<NativeContext, Task> body) : INativeProgram
    {
        public Task RunAsync(NativeContext context) => body(context);
    }

    /// <summary>The root VM: its context, its capabilities, and short cuts that are themselves hypercalls.</summary>
    internal sealed class Root
    {
        public Root(Bench bench, NativeContext context)
        {
            Bench = bench;
            Context = context;
            Span<byte> pointer = stackalloc byte[8];
            context.Memory.Read(context.BootArgument + RootVm.ConfigurationPointerOffset, pointer);
            var bytes = new byte[BitConverter.ToUInt32(pointer[4..])];
            context.Memory.Read(context.BootArgument + BitConverter.ToUInt32(pointer), bytes);
            Caps = RootVmConfiguration.Decode(bytes);
        }

        public Bench Bench { get; }

        public NativeContext Context { get; }

        public RootVmConfiguration Caps { get; }

        public HypercallStubs Calls => Context.Native;

        public VmMemory Memory => Context.Memory;

        /// <summary>RAM of the root VM that tests may use.</summary>
        public ulong Scratch => Bench.Layout.RootBase + 0x10_0000;

        public CapId Create(int number)
        {
            var made = Calls.Create(number, Caps.Partition, Caps.CSpace);
            Assert.Equal(GunyahError.Ok, made.Error);
            return made.Cap;
        }

        public CapId CreateQueue(uint depth = 8, uint size = 240)
        {
            var queue = Create(HypercallNumber.PartitionCreateMsgQueue);
            Ok(Calls.ConfigureMsgQueue(queue, depth, size));
            Ok(Calls.Activate(queue));
            return queue;
        }

        /// <summary>A sparse extent over all memory that owns nothing yet.</summary>
        public CapId CreateSparse()
        {
            var extent = Create(HypercallNumber.PartitionCreateMemExtent);
            Ok(Calls.ConfigureDerived(extent, Caps.MemExtent, 0, Caps.MemorySize, RwxSparse));
            Ok(Calls.Activate(extent));
            return extent;
        }

        public CapId CreateAddressSpace(ushort vmid)
        {
            var space = Create(HypercallNumber.PartitionCreateAddrSpace);
            Ok(Calls.ConfigureAddressSpace(space, vmid));
            Ok(Calls.Activate(space));
            return space;
        }

        /// <summary>A VM with one proxy-scheduled or ordinary vCPU and memory of its own, not yet powered on.</summary>
        public Vm CreateVm(ushort vmid, ulong physical, ulong ipa, ulong size, bool proxy, ushort core = 0)
        {
            var cspace = Create(HypercallNumber.PartitionCreateCSpace);
            Ok(Calls.ConfigureCSpace(cspace, 64));
            Ok(Calls.Activate(cspace));
            var space = CreateAddressSpace(vmid);
            var extent = CreateSparse();
            Ok(Calls.Donate(DonateToChild, Caps.MemExtent, extent, physical - Caps.MemoryBase, size));
            Ok(Calls.Map(space, extent, ipa, MapRwx, Partial, physical - Caps.MemoryBase, size));
            Ok(Calls.AddVmmioRange(space, 0, 0x4000_0000));
            var vic = Create(HypercallNumber.PartitionCreateVic);
            Ok(Calls.ConfigureVic(vic, 8, 988, 2, 0));
            Ok(Calls.Activate(vic));
            var group = Create(HypercallNumber.PartitionCreateVpmGroup);
            Ok(Calls.ConfigureVpmGroup(group, 1));
            Ok(Calls.Activate(group));
            var vcpu = Create(HypercallNumber.PartitionCreateThread);
            Ok(Calls.ConfigureVcpu(vcpu, proxy ? ProxyScheduled : 0));
            Ok(Calls.SetAffinity(vcpu, core));
            Ok(Calls.AttachCSpace(cspace, vcpu));
            Ok(Calls.AttachAddressSpace(space, vcpu));
            Ok(Calls.AttachVic(vic, vcpu, 0));
            Ok(Calls.AttachVpmGroup(group, vcpu, 0));
            Ok(Calls.Activate(vcpu));
            Ok(Calls.AttachVdevice(space, vic, 0, 0x3fff_0000, 0x1_0000, 0));
            Ok(Calls.AttachVdevice(space, vic, 1, 0x3ffd_0000, 0x2_0000, 3));
            return new Vm(cspace, space, extent, vic, group, vcpu);
        }

        public CapId Give(CapId cap, Vm vm, uint rights)
        {
            var copy = Calls.CopyCap(Caps.CSpace, cap, vm.CSpace, rights);
            Ok(copy.Error);
            return copy.Cap;
        }

        public static void Ok(GunyahError error) => Assert.Equal(GunyahError.Ok, error);
    }

    internal sealed record Vm(CapId CSpace, CapId AddressSpace, CapId Extent, CapId Vic, CapId Group, CapId VCpu);
}
