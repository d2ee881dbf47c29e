using RmStack.Machine.Cpu;
using RmStack.Machine.Gic;
using RmStack.Machine.Time;
using static RmStack.Machine.Timers.TimerRegister;

namespace RmStack.Machine.Timers;

/// <summary>
/// The counter and the two EL1 timers of one CPU, on the machine's virtual clock (Arm ARM D12). The CPU decides
/// whether EL0 may access a register (CNTKCTL_EL1); here every access is EL1's.
/// </summary>
public sealed class GenericTimer : ICounterTimer
{
    private const uint KernelControlBits = 0x3FF;
    private const uint EventStreamEnable = 1 << 2;
    private const uint EventStreamFalling = 1 << 3;

    private readonly VirtualClock _clock;
    private readonly ulong _virtualOffset;
    private readonly ComparatorTimer _virtual;
    private readonly ComparatorTimer _physical;
    private uint _kernelControl;

    /// <summary>Makes the timers, both off.</summary>
    /// <param name="clock">The system counter.</param>
    /// <param name="gic">Where the outputs go.</param>
    /// <param name="cpu">Whose they are: index of the CPU in <paramref name="gic"/>.</param>
    /// <param name="virtualPpi">INTID of the virtual timer.</param>
    /// <param name="physicalPpi">INTID of the EL1 physical timer.</param>
    /// <param name="virtualOffset">CNTVOFF_EL2: physical minus virtual count, in ticks.</param>
    /// <param name="delivery">How an output reaches the interrupt controller.</param>
    public GenericTimer(
        VirtualClock clock,
        GicV3 gic,
        int cpu,
        int virtualPpi = 27,
        int physicalPpi = 30,
        ulong virtualOffset = 0,
        TimerDelivery delivery = TimerDelivery.Wired)
    {
        _clock = clock;
        _virtualOffset = virtualOffset;
        _virtual = new ComparatorTimer(this, gic, cpu, virtualPpi, virtualOffset, delivery);
        _physical = new ComparatorTimer(this, gic, cpu, physicalPpi, 0, delivery);
    }

    /// <summary>CNTKCTL_EL1, for the CPU's EL0 access checks.</summary>
    public uint KernelControl => _kernelControl;

    /// <summary>Tick of the clock at which an output rises next, so that <see cref="Update"/> is due; <see cref="ulong.MaxValue"/> for never.</summary>
    public ulong NextDeadline => Math.Min(_virtual.Deadline, _physical.Deadline);

    /// <summary>
    /// When a CPU in WFI must look again: the earliest future expiry of an enabled, unmasked timer. A timer whose output
    /// is up already does not count; its interrupt is with the interrupt controller.
    /// </summary>
    public ulong WakeDeadline => NextDeadline;

    /// <summary>
    /// Tick of the next event of the event stream, which ends a WFE: the next change of bit CNTKCTL_EL1.EVNTI of the
    /// virtual count in the chosen direction; <see cref="ulong.MaxValue"/> while the stream is off.
    /// </summary>
    public ulong NextStreamEvent
    {
        get
        {
            if ((_kernelControl & EventStreamEnable) == 0) return ulong.MaxValue;
            var half = 1ul << (int)(_kernelControl >> 4 & 15);
            var phase = (_kernelControl & EventStreamFalling) == 0 ? half : 0;
            // Strictly after now: the count at which (count - phase) is next a multiple of the period.
            var sinceLast = Now - _virtualOffset - phase & (2 * half - 1);
            return Now + (2 * half - sinceLast);
        }
    }

    internal ulong Now => _clock.Now;

    /// <summary>Compares again with the clock and drives the interrupts.</summary>
    public void Update()
    {
        _virtual.Update();
        _physical.Update();
    }

    /// <summary>Cold reset: timers off, event stream off.</summary>
    public void Reset()
    {
        _virtual.Reset();
        _physical.Reset();
        _kernelControl = 0;
    }

    /// <inheritdoc/>
    public bool TryRead(uint encoding, out ulong value)
    {
        switch (encoding)
        {
            case CNTVCT_EL0: value = _virtual.Count; return true;
            case CNTPCT_EL0: value = _physical.Count; return true;
            case CNTFRQ_EL0: value = VirtualClock.Frequency; return true;
            case CNTKCTL_EL1: value = _kernelControl; return true;
            case CNTV_CTL_EL0: value = _virtual.Control; return true;
            case CNTV_CVAL_EL0: value = _virtual.Compare; return true;
            case CNTV_TVAL_EL0: value = _virtual.TimerValue; return true;
            case CNTP_CTL_EL0: value = _physical.Control; return true;
            case CNTP_CVAL_EL0: value = _physical.Compare; return true;
            case CNTP_TVAL_EL0: value = _physical.TimerValue; return true;
            default: value = 0; return false;
        }
    }

    /// <inheritdoc/>
    public bool TryWrite(uint encoding, ulong value)
    {
        switch (encoding)
        {
            case CNTKCTL_EL1: _kernelControl = (uint)value & KernelControlBits; return true;
            case CNTV_CTL_EL0: _virtual.Control = (uint)value; return true;
            case CNTV_CVAL_EL0: _virtual.Compare = value; return true;
            case CNTV_TVAL_EL0: _virtual.TimerValue = (uint)value; return true;
            case CNTP_CTL_EL0: _physical.Control = (uint)value; return true;
            case CNTP_CVAL_EL0: _physical.Compare = value; return true;
            case CNTP_TVAL_EL0: _physical.TimerValue = (uint)value; return true;
            default: return false;
        }
    }
}
