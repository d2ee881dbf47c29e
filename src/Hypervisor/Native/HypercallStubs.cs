using System.Runtime.CompilerServices;
using RmStack.Hypervisor.Hypercalls;
using RmStack.Hypervisor.Scheduling;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Hypervisor.Native;

/// <summary>A new object's master capability, or why there is none.</summary>
public readonly record struct CapResult(GunyahError Error, CapId Cap);

/// <summary>Result of msgqueue_send.</summary>
public readonly record struct SendResult(GunyahError Error, bool NotFull);

/// <summary>Result of msgqueue_receive.</summary>
public readonly record struct ReceiveResult(GunyahError Error, ulong Size, bool NotEmpty);

/// <summary>Result of vcpu_run and vcpu_run_check: the state number and its three data words.</summary>
public readonly record struct RunResult(GunyahError Error, uint State, ulong Data0, ulong Data1, ulong Data2);

/// <summary>Result of addrspace_lookup.</summary>
public readonly record struct LookupResult(GunyahError Error, ulong Offset, ulong Size, uint Attributes);

/// <summary>Result of hypervisor_identify.</summary>
public readonly record struct IdentifyResult(ulong ApiInfo, ulong Flags0, ulong Flags1, ulong Flags2);

/// <summary>
/// The hypercalls as methods: each lays its arguments into the registers of the calling convention, makes the call and
/// reads the registers back (Gunyah: guest_interface.c; Linux: gunyah_hypercall.c).
/// </summary>
public sealed class HypercallStubs
{
    private const ulong Reserved1 = ulong.MaxValue;

    private readonly NativeVCpu _engine;
    private readonly HypercallFrame _frame;
    private readonly bool _smccc;

    internal HypercallStubs(NativeVCpu engine, bool smccc)
    {
        _engine = engine;
        _frame = engine.Frame;
        _smccc = smccc;
    }

    private GunyahError Error => (GunyahError)(int)_frame.X[0];

    /// <summary>An SMCCC call that is not a hypercall.</summary>
    /// <returns>X0 to X3.</returns>
    public (ulong X0, ulong X1, ulong X2, ulong X3) SmcccCall(uint function, ulong x1 = 0, ulong x2 = 0, ulong x3 = 0)
    {
        _frame.Conduit = HypercallConduit.Hvc;
        _frame.Immediate = 0;
        _frame.X.AsSpan().Clear();
        (_frame.X[0], _frame.X[1], _frame.X[2], _frame.X[3]) = (function, x1, x2, x3);
        _engine.Invoke();
        return (_frame.X[0], _frame.X[1], _frame.X[2], _frame.X[3]);
    }

    /// <summary>A call with all registers as given, any call: for those who look for holes.</summary>
    /// <param name="conduit">HVC or SMC.</param>
    /// <param name="immediate">Its immediate.</param>
    /// <param name="registers">X0 to X7 before; after, what the call left in them.</param>
    public async ValueTask RawAsync(HypercallConduit conduit, ushort immediate, Memory<ulong> registers)
    {
        var call = _engine.RentWaitingCall();
        call.Frame.Conduit = conduit;
        call.Frame.Immediate = immediate;
        registers.Span[..HypercallFrame.RegisterCount].CopyTo(call.Frame.X);
        await _engine.InvokeAsync(call);
        call.Frame.X.CopyTo(registers.Span);
        _engine.Return(call);
    }

    /// <summary>hypervisor_identify.</summary>
    public IdentifyResult Identify()
    {
        Call(HypercallNumber.HypervisorIdentify);
        return new IdentifyResult(_frame.X[0], _frame.X[1], _frame.X[2], _frame.X[3]);
    }

    /// <summary>partition_create_*: number is one of the create numbers.</summary>
    public CapResult Create(int number, CapId partition, CapId cspace)
    {
        var error = Call(number, partition.Value, cspace.Value);
        return new CapResult(error, new CapId(_frame.X[1]));
    }

    /// <summary>object_activate.</summary>
    public GunyahError Activate(CapId cap) => Call(HypercallNumber.ObjectActivate, cap.Value);

    /// <summary>cspace_delete_cap_from.</summary>
    public GunyahError DeleteCap(CapId cspace, CapId cap) => Call(HypercallNumber.CSpaceDeleteCapFrom, cspace.Value, cap.Value);

    /// <summary>cspace_copy_cap_from.</summary>
    public CapResult CopyCap(CapId source, CapId cap, CapId destination, uint rights)
    {
        var error = Call(HypercallNumber.CSpaceCopyCapFrom, source.Value, cap.Value, destination.Value, rights);
        return new CapResult(error, new CapId(_frame.X[1]));
    }

    /// <summary>cspace_revoke_caps_from.</summary>
    public GunyahError RevokeCaps(CapId cspace, CapId master) => Call(HypercallNumber.CSpaceRevokeCapsFrom, cspace.Value, master.Value);

    /// <summary>cspace_configure.</summary>
    public GunyahError ConfigureCSpace(CapId cspace, uint maxCaps) => Call(HypercallNumber.CSpaceConfigure, cspace.Value, maxCaps);

    /// <summary>cspace_attach_thread.</summary>
    public GunyahError AttachCSpace(CapId cspace, CapId thread) => Call(HypercallNumber.CSpaceAttachThread, cspace.Value, thread.Value);

    /// <summary>addrspace_configure.</summary>
    public GunyahError ConfigureAddressSpace(CapId space, ushort vmid) => Call(HypercallNumber.AddrSpaceConfigure, space.Value, vmid);

    /// <summary>addrspace_attach_thread.</summary>
    public GunyahError AttachAddressSpace(CapId space, CapId thread) => Call(HypercallNumber.AddrSpaceAttachThread, space.Value, thread.Value);

    /// <summary>addrspace_map.</summary>
    public GunyahError Map(CapId space, CapId extent, ulong vbase, uint attributes, uint flags, ulong offset, ulong size) =>
        Call(HypercallNumber.AddrSpaceMap, space.Value, extent.Value, vbase, attributes, flags, offset, size);

    /// <summary>addrspace_unmap.</summary>
    public GunyahError Unmap(CapId space, CapId extent, ulong vbase, uint flags, ulong offset, ulong size) =>
        Call(HypercallNumber.AddrSpaceUnmap, space.Value, extent.Value, vbase, flags, offset, size);

    /// <summary>addrspace_lookup.</summary>
    public LookupResult Lookup(CapId space, CapId extent, ulong vbase, ulong size)
    {
        var error = Call(HypercallNumber.AddrSpaceLookup, space.Value, extent.Value, vbase, size);
        return new LookupResult(error, _frame.X[1], _frame.X[2], (uint)_frame.X[3]);
    }

    /// <summary>addrspace_configure_vmmio: adds a range.</summary>
    public GunyahError AddVmmioRange(CapId space, ulong start, ulong size) => Call(HypercallNumber.AddrSpaceConfigureVmmio, space.Value, start, size, 0);

    /// <summary>addrspace_attach_vdevice.</summary>
    public GunyahError AttachVdevice(CapId space, CapId vic, uint index, ulong vbase, ulong size, ulong flags) =>
        Call(HypercallNumber.AddrSpaceAttachVDevice, space.Value, vic.Value, index, vbase, size, flags);

    /// <summary>memextent_configure_derive.</summary>
    public GunyahError ConfigureDerived(CapId extent, CapId parent, ulong offset, ulong size, uint attributes) =>
        Call(HypercallNumber.MemExtentConfigureDerive, extent.Value, parent.Value, offset, size, attributes);

    /// <summary>memextent_donate.</summary>
    public GunyahError Donate(uint options, CapId from, CapId to, ulong offset, ulong size) =>
        Call(HypercallNumber.MemExtentDonate, options, from.Value, to.Value, offset, size);

    /// <summary>memextent_modify.</summary>
    public GunyahError ModifyExtent(CapId extent, uint flags, ulong offset, ulong size) =>
        Call(HypercallNumber.MemExtentModify, extent.Value, flags, offset, size);

    /// <summary>vic_configure.</summary>
    public GunyahError ConfigureVic(CapId vic, uint maxVcpus, uint maxVirqs, ulong options, uint maxMsis) =>
        Call(HypercallNumber.VicConfigure, vic.Value, maxVcpus, maxVirqs, options, maxMsis);

    /// <summary>vgic_set_mpidr_mapping.</summary>
    public GunyahError SetMpidrMapping(CapId vic, ulong mask, uint shift0, uint shift1, uint shift2, uint shift3, bool mt) =>
        Call(HypercallNumber.VGicSetMpidrMapping, vic.Value, mask, shift0, shift1, shift2, shift3, mt ? 1UL : 0);

    /// <summary>vic_attach_vcpu.</summary>
    public GunyahError AttachVic(CapId vic, CapId vcpu, uint index) => Call(HypercallNumber.VicAttachVCpu, vic.Value, vcpu.Value, index);

    /// <summary>vpm_group_configure.</summary>
    public GunyahError ConfigureVpmGroup(CapId group, ulong flags) => Call(HypercallNumber.VpmGroupConfigure, group.Value, flags);

    /// <summary>vpm_group_attach_vcpu.</summary>
    public GunyahError AttachVpmGroup(CapId group, CapId vcpu, uint index) => Call(HypercallNumber.VpmGroupAttachVCpu, group.Value, vcpu.Value, index);

    /// <summary>vcpu_configure.</summary>
    public GunyahError ConfigureVcpu(CapId vcpu, ulong options) => Call(HypercallNumber.VCpuConfigure, vcpu.Value, options);

    /// <summary>vcpu_set_affinity.</summary>
    public GunyahError SetAffinity(CapId vcpu, ushort cpu) => Call(HypercallNumber.VCpuSetAffinity, vcpu.Value, cpu, Reserved1);

    /// <summary>vcpu_set_priority.</summary>
    public GunyahError SetPriority(CapId vcpu, uint priority) => Call(HypercallNumber.VCpuSetPriority, vcpu.Value, priority);

    /// <summary>vcpu_set_timeslice.</summary>
    public GunyahError SetTimeslice(CapId vcpu, ulong nanoseconds) => Call(HypercallNumber.VCpuSetTimeslice, vcpu.Value, nanoseconds);

    /// <summary>vcpu_bind_virq: type 0 halt, 1 run wake-up.</summary>
    public GunyahError BindVcpuVirq(CapId vcpu, CapId vic, uint virq, uint type) => Call(HypercallNumber.VCpuBindVIrq, vcpu.Value, vic.Value, virq, type);

    /// <summary>vcpu_unbind_virq.</summary>
    public GunyahError UnbindVcpuVirq(CapId vcpu, uint type) => Call(HypercallNumber.VCpuUnbindVIrq, vcpu.Value, type);

    /// <summary>vcpu_register_write.</summary>
    public GunyahError WriteVcpuRegister(CapId vcpu, VCpuRegisterSet set, uint index, ulong value) =>
        Call(HypercallNumber.VCpuRegisterWrite, vcpu.Value, (uint)set, index, value);

    /// <summary>vcpu_poweron.</summary>
    public GunyahError PowerOn(CapId vcpu, ulong entry, ulong context, ulong flags) =>
        Call(HypercallNumber.VCpuPoweron, vcpu.Value, entry, context, flags);

    /// <summary>vcpu_kill.</summary>
    public GunyahError Kill(CapId vcpu) => Call(HypercallNumber.VCpuKill, vcpu.Value);

    /// <summary>
    /// vcpu_run: the calling vCPU is inside the call until the other gives control back. The call has registers of its own,
    /// so an interrupt handler that makes calls between its return and the caller's next step disturbs nothing.
    /// </summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<RunResult> RunAsync(CapId vcpu, ulong resume0 = 0, ulong resume1 = 0, ulong resume2 = 0)
    {
        var call = _engine.RentWaitingCall();
        Load(call.Frame, HypercallNumber.VCpuRun, vcpu.Value, resume0, resume1, resume2, 0, 0, 0);
        await _engine.InvokeAsync(call);
        var x = call.Frame.X;
        var result = new RunResult((GunyahError)(int)x[0], (uint)x[1], x[2], x[3], x[4]);
        _engine.Return(call);
        return result;
    }

    /// <summary>vcpu_run_check.</summary>
    public RunResult RunCheck(CapId vcpu)
    {
        var error = Call(HypercallNumber.VCpuRunCheck, vcpu.Value);
        return new RunResult(error, (uint)_frame.X[1], _frame.X[2], _frame.X[3], _frame.X[4]);
    }

    /// <summary>doorbell_bind_virq.</summary>
    public GunyahError BindDoorbell(CapId bell, CapId vic, uint virq) => Call(HypercallNumber.DoorbellBindVIrq, bell.Value, vic.Value, virq);

    /// <summary>doorbell_send.</summary>
    public (GunyahError Error, ulong OldFlags) DoorbellSend(CapId bell, ulong flags)
    {
        var error = Call(HypercallNumber.DoorbellSend, bell.Value, flags);
        return (error, _frame.X[1]);
    }

    /// <summary>msgqueue_configure.</summary>
    public GunyahError ConfigureMsgQueue(CapId queue, uint depth, uint maxSize) =>
        Call(HypercallNumber.MsgQueueConfigure, queue.Value, depth | ((ulong)maxSize << 16));

    /// <summary>msgqueue_bind_send_virq.</summary>
    public GunyahError BindMsgQueueSend(CapId queue, CapId vic, uint virq) => Call(HypercallNumber.MsgQueueBindSendVIrq, queue.Value, vic.Value, virq);

    /// <summary>msgqueue_bind_receive_virq.</summary>
    public GunyahError BindMsgQueueReceive(CapId queue, CapId vic, uint virq) => Call(HypercallNumber.MsgQueueBindReceiveVIrq, queue.Value, vic.Value, virq);

    /// <summary>msgqueue_unbind_send_virq.</summary>
    public GunyahError UnbindMsgQueueSend(CapId queue) => Call(HypercallNumber.MsgQueueUnbindSendVIrq, queue.Value);

    /// <summary>msgqueue_unbind_receive_virq.</summary>
    public GunyahError UnbindMsgQueueReceive(CapId queue) => Call(HypercallNumber.MsgQueueUnbindReceiveVIrq, queue.Value);

    /// <summary>msgqueue_send.</summary>
    public SendResult MsgQueueSend(CapId queue, ulong size, ulong address, MsgQueueFlags flags)
    {
        var error = Call(HypercallNumber.MsgQueueSend, queue.Value, size, address, (uint)flags);
        return new SendResult(error, _frame.X[1] != 0);
    }

    /// <summary>msgqueue_receive.</summary>
    public ReceiveResult MsgQueueReceive(CapId queue, ulong address, ulong capacity)
    {
        var error = Call(HypercallNumber.MsgQueueReceive, queue.Value, address, capacity);
        return new ReceiveResult(error, _frame.X[1], _frame.X[2] != 0);
    }

    private GunyahError Call(int number, ulong a0 = 0, ulong a1 = 0, ulong a2 = 0, ulong a3 = 0, ulong a4 = 0, ulong a5 = 0, ulong a6 = 0)
    {
        Load(_frame, number, a0, a1, a2, a3, a4, a5, a6);
        _engine.Invoke();
        return Error;
    }

    private void Load(HypercallFrame frame, int number, ulong a0, ulong a1, ulong a2, ulong a3, ulong a4, ulong a5, ulong a6)
    {
        var x = frame.X;
        var at = 0;
        frame.Conduit = HypercallConduit.Hvc;
        if (_smccc)
        {
            frame.Immediate = 0;
            x[at++] = HypercallNumber.SmcccBase + (uint)number;
        }
        else
        {
            frame.Immediate = (ushort)(HypercallNumber.HvcImmediateBase + number);
        }

        (x[at], x[at + 1], x[at + 2], x[at + 3], x[at + 4], x[at + 5], x[at + 6]) = (a0, a1, a2, a3, a4, a5, a6);
        if (!_smccc) x[7] = 0;
    }
}
