using RmStack.Hypervisor.Native;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Cli.Bench.Model;

/// <summary>A VM with one vCPU and a little memory, made by the root VM's hypercalls as the Resource Manager makes one.</summary>
internal sealed class SecondVm
{
    /// <summary>Its VMID.</summary>
    public const ushort Vmid = 3;

    private const ulong MemorySize = 0x10_0000;
    private const ulong Distributor = 0x3fff_0000;
    private const ulong DistributorSize = 0x1_0000;
    private const ulong Redistributor = 0x3ffd_0000;
    private const ulong RedistributorSize = 0x2_0000;
    private const ulong LastRedistributor = 3;
    private const uint SparseAnyRwx = 0x0001_0007;
    private const uint MapRwxWriteBack = 0x000f_0077;
    private const uint MapPartial = 1;
    private const uint DonateToChild = 0;
    private const ulong NoDefaultAddress = 2;
    private const uint MaxCaps = 64;
    private const uint MaxVirqs = 988;
    private const uint NoAggregation = 1;
    private const ushort Core = 1;
    private const int SlabSize = 16 * 1024;
    private const int Slabs = 4;

    private readonly BenchMachine _machine;
    private readonly BenchProgram _program;
    private readonly CapId _cspace;

    public SecondVm(BenchMachine machine, BenchProgram program, ulong memory)
    {
        _machine = machine;
        _program = program;
        var calls = machine.Context.Native;
        var caps = machine.Caps;
        _cspace = Made(HypercallNumber.PartitionCreateCSpace, cap => calls.ConfigureCSpace(cap, MaxCaps));
        var space = Made(HypercallNumber.PartitionCreateAddrSpace, cap => calls.ConfigureAddressSpace(cap, Vmid));
        var extent = Made(HypercallNumber.PartitionCreateMemExtent, cap => calls.ConfigureDerived(cap, caps.MemExtent, 0, caps.MemorySize, SparseAnyRwx));
        Vic = Made(HypercallNumber.PartitionCreateVic, cap => calls.ConfigureVic(cap, 1, MaxVirqs, NoDefaultAddress, 0));
        var group = Made(HypercallNumber.PartitionCreateVpmGroup, cap => calls.ConfigureVpmGroup(cap, NoAggregation));
        BenchMachine.Must(calls.Donate(DonateToChild, caps.MemExtent, extent, memory - caps.MemoryBase, MemorySize));
        BenchMachine.Must(calls.Map(space, extent, memory, MapRwxWriteBack, MapPartial, memory - caps.MemoryBase, MemorySize));
        var vcpu = machine.Create(HypercallNumber.PartitionCreateThread);
        BenchMachine.Must(calls.ConfigureVcpu(vcpu, 0));
        BenchMachine.Must(calls.SetAffinity(vcpu, Core));
        BenchMachine.Must(calls.AttachCSpace(_cspace, vcpu));
        BenchMachine.Must(calls.AttachAddressSpace(space, vcpu));
        BenchMachine.Must(calls.AttachVic(Vic, vcpu, 0));
        BenchMachine.Must(calls.AttachVpmGroup(group, vcpu, 0));
        BenchMachine.Must(calls.Activate(vcpu));
        BenchMachine.Must(calls.AttachVdevice(space, Vic, 0, Distributor, DistributorSize, 0));
        BenchMachine.Must(calls.AttachVdevice(space, Vic, 1, Redistributor, RedistributorSize, LastRedistributor));
        BenchMachine.Must(calls.PowerOn(vcpu, memory, 0, 0));
        machine.StepUntil(() => program.Context is not null);
        Context.Interrupts.Initialise(Distributor);
        Buffers = Context.Memory.CreatePool(memory, SlabSize, Slabs);
    }

    public NativeContext Context => _program.Context!;

    /// <summary>Where its software runs.</summary>
    public SynchronizationContext Software => _program.Software!;

    /// <summary>Its interrupt controller, as the root VM names it.</summary>
    public CapId Vic { get; }

    /// <summary>Memory of the VM that hypercalls can name.</summary>
    public VmSlabPool Buffers { get; }

    /// <summary>Gives it a capability of the root VM's, all rights included.</summary>
    public CapId Give(CapId cap)
    {
        var copy = _machine.Context.Native.CopyCap(_machine.Caps.CSpace, cap, _cspace, uint.MaxValue);
        BenchMachine.Must(copy.Error);
        return copy.Cap;
    }

    private CapId Made(int number, Func<CapId, GunyahError> configure)
    {
        var cap = _machine.Create(number);
        BenchMachine.Must(configure(cap));
        BenchMachine.Must(_machine.Context.Native.Activate(cap));
        return cap;
    }
}
