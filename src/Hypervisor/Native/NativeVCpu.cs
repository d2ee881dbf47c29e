using RmStack.Hypervisor.Hypercalls;
using RmStack.Hypervisor.Objects;
using RmStack.Hypervisor.Scheduling;
using RmStack.Machine.Gic;

namespace RmStack.Hypervisor.Native;

/// <summary>
/// A vCPU whose software is written in C#: runs what its synchronization context holds, takes its interrupts through its
/// GIC between two continuations, and waits for an interrupt when nothing is left.
/// </summary>
public sealed class NativeVCpu : VCpuEngine
{
    /// <summary>Virtual time of one continuation, in ticks of 16 ns.</summary>
    public const ulong ContinuationTicks = 32;

    private readonly VCpu _vcpu;
    private readonly INativeProgram _program;
    private readonly NativeSynchronizationContext _context;
    private readonly GicCpuInterface _gic;
    private readonly Stack<WaitingCall> _idleCalls = new();
    private WaitingCall? _waiting;
    private NativeContext? _native;
    private ulong _entry;
    private ulong _argument;

    internal NativeVCpu(VCpu vcpu, INativeProgram program)
    {
        _vcpu = vcpu;
        _program = program;

        // A timer of the program that is due posts from outside: the program has something to do, whatever it waits for.
        _context = new NativeSynchronizationContext(() => vcpu.Unblock(VCpuBlock.Wfi | VCpuBlock.Suspended));
        _gic = vcpu.Vic!.Gic.CpuInterface(vcpu.VicIndex);
    }

    /// <inheritdoc/>
    public override bool InterruptDeliverable => _gic.IrqPending;

    /// <inheritdoc/>
    public override bool WakePending => !_context.IsEmpty || _vcpu.Vic!.Gic.WakePending(_vcpu.VicIndex);

    /// <summary>What became of the program; null before power-on.</summary>
    public Task? Completion { get; private set; }

    internal VCpu VCpu => _vcpu;

    internal GicCpuInterface Gic => _gic;

    internal HypercallFrame Frame { get; } = new();

    /// <inheritdoc/>
    public override void PowerOn(ulong? entry, ulong? context)
    {
        _entry = entry ?? _entry;
        _argument = context ?? _argument;
        _native = new NativeContext(this, _entry, _argument);
        _context.Post(static state => ((NativeVCpu)state!).Start(), this);
    }

    /// <inheritdoc/>
    public override void WriteRegister(VCpuRegisterSet set, int index, ulong value)
    {
        if (set == VCpuRegisterSet.Pc) _entry = value;
        else if (set == VCpuRegisterSet.X && index == 0) _argument = value;
    }

    /// <inheritdoc/>
    public override VCpuStop Run(ulong ticks)
    {
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(_context);
        try
        {
            return Pump(_vcpu.Hypervisor.Clock.Now + ticks);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    /// <inheritdoc/>
    public override bool TryTranslate(ulong va, bool write, out ulong ipa)
    {
        ipa = va;
        return true;
    }

    /// <inheritdoc/>
    public override void CompleteHypercall(HypercallFrame frame)
    {
        var call = _waiting!;
        _waiting = null;
        call.Complete();
    }

    /// <inheritdoc/>
    public override void CompleteVmmio(ulong readValue)
    {
        // A native vCPU is never proxy-scheduled, so nothing of it waits for a proxy.
    }

    /// <summary>A call that may wait, to be given back once its results were read.</summary>
    internal WaitingCall RentWaitingCall() => _idleCalls.TryPop(out var call) ? call : new WaitingCall();

    internal void Return(WaitingCall call) => _idleCalls.Push(call);

    /// <summary>
    /// Makes a hypercall with the call's registers. One that waits is over when the returned task is: until then the vCPU
    /// is inside it and runs nothing else.
    /// </summary>
    internal ValueTask InvokeAsync(WaitingCall call)
    {
        System.Diagnostics.Debug.Assert(_vcpu.Running is null, "a vCPU inside vcpu_run makes no other call");
        if (_vcpu.Hypervisor.Dispatcher.Invoke(_vcpu, call.Frame) != HypercallOutcome.Blocked || _vcpu.Running is null) return ValueTask.CompletedTask;
        _waiting = call;
        return call.Begin();
    }

    /// <summary>Makes a hypercall that is answered at once.</summary>
    internal void Invoke()
    {
        System.Diagnostics.Debug.Assert(_vcpu.Running is null, "a vCPU inside vcpu_run makes no other call");
        _vcpu.Hypervisor.Dispatcher.Invoke(_vcpu, Frame);
    }

    private void Start() => Completion = _program.RunAsync(_native!);

    private VCpuStop Pump(ulong end)
    {
        var clock = _vcpu.Hypervisor.Clock;
        do
        {
            if (_vcpu.Running is not null || !_vcpu.Runnable || _vcpu.Killed) return VCpuStop.Blocked;
            if (_gic.IrqPending)
            {
                _native?.Interrupts.Take();
            }
            else if (!_context.IsEmpty)
            {
                clock.Advance(ContinuationTicks);
                _context.RunOne();
            }
            else
            {
                return VCpuStop.WaitForInterrupt;
            }
        }
        while (clock.Now < end && !_vcpu.Hypervisor.Scheduler.RescheduleRequested);

        return VCpuStop.SliceUsed;
    }
}
