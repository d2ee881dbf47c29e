using RmStack.Hypervisor.Hypercalls;
using RmStack.Hypervisor.Objects;
using RmStack.Machine.Cpu;
using RmStack.Machine.Gic;
using RmStack.Machine.Timers;

namespace RmStack.Hypervisor.Scheduling;

/// <summary>A vCPU that runs AArch64 code: turns the exits of its processing element into what an EL2 does about them.</summary>
public sealed class EmulatedEngine : VCpuEngine
{
    /// <summary>MIDR_EL1 of a vCPU that may move between physical CPUs: architecture 0xF, no implementer, part 0x48.</summary>
    private const ulong UnpinnedMidr = 0x000f_0480;

    private const int InstructionSize = 4;
    private const uint DataAbortIsvBit = 1 << 24;
    private const uint DaifF = 1;
    private const uint DaifI = 2;

    private readonly VCpu _vcpu;
    private readonly GunyahHypervisor _hypervisor;
    private readonly ProcessingElement _cpu;
    private readonly GicCpuInterface _gic;
    private readonly GenericTimer _timer;
    private readonly HypercallFrame _frame = new();
    private DataAbort _vmmio;

    internal EmulatedEngine(VCpu vcpu)
    {
        _vcpu = vcpu;
        _hypervisor = vcpu.Hypervisor;
        var vic = vcpu.Vic!;
        _gic = vic.Gic.CpuInterface(vcpu.VicIndex);
        _timer = new GenericTimer(_hypervisor.Clock, vic.Gic, vcpu.VicIndex, delivery: TimerDelivery.Forwarded);
        var model = _hypervisor.Options.CpuModel;
        if (!vcpu.Options.HasFlag(VCpuOptions.Pinned)) model = model with { Midr = UnpinnedMidr };
        _cpu = new ProcessingElement(model, _hypervisor.PhysicalMemory, _hypervisor.Clock)
        {
            Stage2 = vcpu.AddressSpace!.Stage2,
            CpuInterface = _gic,
            Timer = _timer,
            Mpidr = vic.MpidrOf(vcpu.VicIndex),
        };
    }

    /// <summary>The processing element, for debuggers.</summary>
    public ProcessingElement Cpu => _cpu;

    /// <inheritdoc/>
    public override bool InterruptDeliverable =>
        (_gic.IrqPending && (_cpu.State.Daif & DaifI) == 0) || (_gic.FiqPending && (_cpu.State.Daif & DaifF) == 0);

    /// <inheritdoc/>
    public override bool WakePending => _vcpu.Vic!.Gic.WakePending(_vcpu.VicIndex);

    /// <inheritdoc/>
    public override ulong WakeDeadline => _timer.WakeDeadline;

    /// <inheritdoc/>
    public override ulong InstructionsRetired => _cpu.InstructionsRetired;

    /// <inheritdoc/>
    public override bool Stage1Enabled => _cpu.Stage1Enabled;

    /// <inheritdoc/>
    public override void PowerOn(ulong? entry, ulong? context) => _cpu.Reset(entry ?? _cpu.State.PC, context ?? _cpu.State.GetX(0));

    /// <inheritdoc/>
    public override void WriteRegister(VCpuRegisterSet set, int index, ulong value)
    {
        switch (set)
        {
            case VCpuRegisterSet.X:
                _cpu.State.SetX(index, value);
                break;
            case VCpuRegisterSet.Pc:
                _cpu.State.PC = value;
                break;
            case VCpuRegisterSet.Sp when index == 0:
                _cpu.State.SP_EL0 = value;
                break;
            default:
                _cpu.State.SP_EL1 = value;
                break;
        }
    }

    /// <inheritdoc/>
    public override VCpuStop Run(ulong ticks)
    {
        var clock = _hypervisor.Clock;
        var end = clock.Now + ticks;
        _timer.Update();
        while (clock.Now < end)
        {
            var exit = _cpu.Run(end - clock.Now);
            switch (exit.Reason)
            {
                case CpuExitReason.BudgetUsed:
                    return VCpuStop.SliceUsed;
                case CpuExitReason.Wfi:
                    return VCpuStop.WaitForInterrupt;
                case CpuExitReason.Hvc:
                    Call(HypercallConduit.Hvc, exit.Immediate);
                    break;
                case CpuExitReason.Smc:
                    _cpu.State.PC += InstructionSize;
                    Call(HypercallConduit.Smc, exit.Immediate);
                    break;
                case CpuExitReason.Stage2Abort:
                    Abort(exit);
                    break;
                case CpuExitReason.SystemRegisterTrap:
                    _cpu.InjectUndefined();
                    break;
                case CpuExitReason.Wfe:
                default:
                    // WFE is not trapped: whoever else can run gets a turn.
                    return VCpuStop.SliceUsed;
            }

            if (!_vcpu.Runnable || _vcpu.Running is not null || _vcpu.Killed) return VCpuStop.Blocked;
            if (_hypervisor.Scheduler.RescheduleRequested) return VCpuStop.SliceUsed;
        }

        return VCpuStop.SliceUsed;
    }

    /// <inheritdoc/>
    public override bool TryTranslate(ulong va, bool write, out ulong ipa) => _cpu.TryTranslateStage1(va, write, out ipa);

    /// <inheritdoc/>
    public override void CompleteHypercall(HypercallFrame frame)
    {
        for (var n = 0; n < HypercallFrame.RegisterCount; n++) _cpu.State.SetX(n, frame.X[n]);
        if (!frame.ScratchesHighRegisters) return;
        _cpu.State.SetX(9, _cpu.State.PC);
        for (var n = 10; n <= 17; n++) _cpu.State.SetX(n, 0);
    }

    /// <inheritdoc/>
    public override void CompleteVmmio(ulong readValue)
    {
        if (!_vmmio.Write) _cpu.State.SetX(_vmmio.Register, _vmmio.Extend(readValue));
        _cpu.State.PC += InstructionSize;
    }

    /// <inheritdoc/>
    public override void UpdateTimers() => _timer.Update();

    private void Call(HypercallConduit conduit, ushort immediate)
    {
        _frame.Conduit = conduit;
        _frame.Immediate = immediate;
        for (var n = 0; n < HypercallFrame.RegisterCount; n++) _frame.X[n] = _cpu.State.GetX(n);
        var outcome = _hypervisor.Dispatcher.Invoke(_vcpu, _frame);
        if (_vcpu.ResumesAtEntry)
        {
            _vcpu.ResumesAtEntry = false;
            return;
        }

        if (outcome == HypercallOutcome.Completed || _vcpu.PendingFrame is null) CompleteHypercall(_frame);
    }

    private void Abort(in CpuExit exit)
    {
        const uint ClassDataAbort = 0x24;
        var isData = exit.Syndrome >> 26 == ClassDataAbort;
        if (!isData || (exit.Syndrome & DataAbortIsvBit) == 0 || DataAbort.IsPermissionFault(exit.Syndrome))
        {
            Refuse(exit);
            return;
        }

        var access = new DataAbort(exit.Syndrome);
        var space = _vcpu.AddressSpace!;
        if (space.DeviceAt(exit.FaultIpa, (ulong)access.Size) is { } device)
        {
            _hypervisor.Clock.Advance(_hypervisor.Options.HypercallTicks);
            if (!Emulate(device, access, exit.FaultIpa)) Refuse(exit);
        }
        else if (space.IsVmmio(exit.FaultIpa, (ulong)access.Size) && _vcpu.Options.HasFlag(VCpuOptions.ProxyScheduled))
        {
            _vmmio = access;
            var value = access.Write ? _cpu.State.GetX(access.Register) : 0;
            _vcpu.WaitForProxy(new VmmioAccess(access.Write, exit.FaultIpa, access.Size, value));
        }
        else
        {
            Refuse(exit);
        }
    }

    private bool Emulate(Memory.VirtualDevice device, DataAbort access, ulong ipa)
    {
        if (access.Write)
        {
            if (!device.TryWrite(_vcpu, ipa, access.Size, access.Truncate(_cpu.State.GetX(access.Register)))) return false;
        }
        else
        {
            if (!device.TryRead(_vcpu, ipa, access.Size, out var value)) return false;
            _cpu.State.SetX(access.Register, access.Extend(value));
        }

        _cpu.State.PC += InstructionSize;
        return true;
    }

    // An abort taken from the vector that handles aborts would go round for ever: the hypervisor halts such a vCPU.
    private void Refuse(in CpuExit exit)
    {
        const ulong SyncVector = 0x200, VectorSize = 0x80;
        if (_cpu.State.PC - (_cpu.State.VBAR_EL1 + SyncVector) < VectorSize && _cpu.State is { EL: 1, SPSel: 1 })
        {
            _vcpu.Halt();
            return;
        }

        _cpu.InjectExternalAbort(exit);
    }
}
