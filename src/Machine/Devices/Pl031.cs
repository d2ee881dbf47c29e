using RmStack.Machine.Time;

namespace RmStack.Machine.Devices;

/// <summary>
/// An Arm PL031 real-time clock (Arm DDI 0224): seconds since 1970 on the machine's virtual clock, with one alarm.
/// </summary>
/// <remarks>An access to a register that does not exist, or of a width that no register has, is counted and ignored.</remarks>
public sealed class Pl031
{
    /// <summary>Bytes of its register frame.</summary>
    public const uint Size = 0x1000;

    private const uint DR = 0x00;
    private const uint MR = 0x04;
    private const uint LR = 0x08;
    private const uint CR = 0x0C;
    private const uint IMSC = 0x10;
    private const uint RIS = 0x14;
    private const uint MIS = 0x18;
    private const uint ICR = 0x1C;
    private const uint PeriphID0 = 0xFE0;

    private readonly VirtualClock _clock;
    private readonly ScheduledEvent _alarm;
    private uint _match;
    private uint _load;
    private uint _offset;
    private bool _mask;
    private bool _raw;
    private bool _line;

    /// <summary>Makes a clock that shows the wall-clock time of <paramref name="clock"/>.</summary>
    public Pl031(VirtualClock clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        _clock = clock;
        _offset = (uint)clock.GetUtcNow().ToUnixTimeSeconds() - ElapsedSeconds;
        _alarm = clock.Events.Create(Match);
    }

    private static ReadOnlySpan<byte> Identification => [0x31, 0x10, 0x14, 0x00, 0x0D, 0xF0, 0x05, 0xB1];

    /// <summary>Level of the interrupt output: RIS &amp; IMSC.</summary>
    public bool InterruptLine => _raw && _mask;

    /// <summary>Called when <see cref="InterruptLine"/> has changed.</summary>
    public Action<bool>? InterruptLineChanged { get; set; }

    /// <summary>Accesses that no driver should make.</summary>
    public long GuestErrors { get; private set; }

    private uint ElapsedSeconds => (uint)(_clock.Now / VirtualClock.Frequency);

    private uint Seconds => _offset + ElapsedSeconds;

    /// <summary>A load of <paramref name="size"/> bytes.</summary>
    public ulong Read(uint offset, int size)
    {
        if (!IsAccess(offset, size)) return 0;
        switch (offset)
        {
            case DR: return Seconds;
            case MR: return _match;
            case LR: return _load;
            case CR: return 1;
            case IMSC: return _mask ? 1u : 0;
            case RIS: return _raw ? 1u : 0;
            case MIS: return InterruptLine ? 1u : 0;
            case >= PeriphID0 and < Size: return Identification[(int)(offset - PeriphID0) / 4];
            default:
                GuestErrors++;
                return 0;
        }
    }

    /// <summary>A store of <paramref name="size"/> bytes.</summary>
    public void Write(uint offset, int size, ulong value)
    {
        if (!IsAccess(offset, size)) return;
        switch (offset)
        {
            case MR:
                _match = (uint)value;
                ArmAlarm();
                break;
            case LR:
                _load = (uint)value;
                _offset = _load - ElapsedSeconds;
                ArmAlarm();
                break;
            case CR: break;
            case IMSC: _mask = (value & 1) != 0; break;
            case ICR: _raw &= (value & 1) == 0; break;
            default: GuestErrors++; break;
        }

        Drive();
    }

    private bool IsAccess(uint offset, int size)
    {
        if (size is 1 or 2 or 4 && (offset & 3) == 0) return true;
        GuestErrors++;
        return false;
    }

    /// <summary>The alarm goes off when the 32-bit seconds reach the match value, at once when they are equal.</summary>
    private void ArmAlarm()
    {
        var wait = _match - Seconds;
        if (wait == 0)
        {
            _alarm.Disarm();
            _raw = true;
            return;
        }

        _alarm.ArmAt((_clock.Now / VirtualClock.Frequency + wait) * VirtualClock.Frequency);
    }

    private void Match()
    {
        _raw = true;
        Drive();
    }

    private void Drive()
    {
        if (InterruptLine == _line) return;
        _line = InterruptLine;
        InterruptLineChanged?.Invoke(_line);
    }
}
