using RmStack.Machine.Gic;

namespace RmStack.Machine.Timers;

/// <summary>
/// One EL1 timer: a comparator on a counter that drives a level-sensitive PPI (Arm ARM D12.2.4). It looks at the time only
/// when told to, so the order of events stays that of the virtual clock.
/// </summary>
internal sealed class ComparatorTimer : IInterruptSource
{
    private const uint ControlEnable = 1;
    private const uint ControlMask = 2;
    private const uint ControlStatus = 4;

    private readonly GenericTimer _owner;
    private readonly GicV3 _gic;
    private readonly int _cpu;
    private readonly int _ppi;
    private readonly ulong _offset;
    private readonly bool _forwarded;
    private uint _control;
    private ulong _compare;
    private bool _line;
    private bool _comesOnceMore;

    public ComparatorTimer(GenericTimer owner, GicV3 gic, int cpu, int ppi, ulong offset, TimerDelivery delivery)
    {
        _owner = owner;
        _gic = gic;
        _cpu = cpu;
        _ppi = ppi;
        _offset = offset;
        _forwarded = delivery == TimerDelivery.Forwarded;
        if (_forwarded) gic.SetSource(cpu, ppi, this);
    }

    public ulong Count => _owner.Now - _offset;

    public ulong Compare
    {
        get => _compare;
        set
        {
            _compare = value;
            Update();
        }
    }

    /// <summary>TVAL: signed 32-bit distance to the moment.</summary>
    public uint TimerValue
    {
        get => (uint)(_compare - Count);
        set => Compare = Count + (ulong)(int)value;
    }

    /// <summary>CTL. ISTATUS is read-only, and reads 0 while the timer is off.</summary>
    public uint Control
    {
        get => _control | (Met ? ControlStatus : 0);
        set
        {
            _control = value & (ControlEnable | ControlMask);
            Update();
        }
    }

    /// <summary>
    /// Tick of the clock at which the output will rise, or <see cref="ulong.MaxValue"/>: off, masked, or up already.
    /// </summary>
    public ulong Deadline
    {
        get
        {
            if (_line || (_control & (ControlEnable | ControlMask)) != ControlEnable) return ulong.MaxValue;
            var tick = _compare + _offset;
            return tick < _compare ? ulong.MaxValue : tick;
        }
    }

    private bool Met => (_control & ControlEnable) != 0 && _compare <= Count;

    private bool Output => Met && (_control & ControlMask) == 0;

    public void Update()
    {
        var output = Output;
        if (output == _line) return;
        _line = output;
        if (output)
        {
            _comesOnceMore = _forwarded;
            _gic.AssertLevel(_cpu, _ppi);
        }
        else if (!_forwarded)
        {
            _gic.ClearLevel(_cpu, _ppi);
        }
    }

    public void Reset()
    {
        Control = 0;
        _compare = 0;
        _comesOnceMore = false;
        _gic.ClearLevel(_cpu, _ppi);
    }

    bool IInterruptSource.CheckPending(bool reasserted)
    {
        _line = Output;
        var stays = _line || _comesOnceMore;
        _comesOnceMore = _line;
        return stays;
    }
}
