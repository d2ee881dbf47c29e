namespace RmStack.Machine.Time;

/// <summary>
/// The only clock of a machine: the system counter (CNTPCT) at 62.5 MHz, moved by executed instructions and by jumps to
/// the next event when nothing runs. Being a <see cref="TimeProvider"/> it also drives delays of software written in C#.
/// </summary>
/// <remarks>One instruction is one tick of 16 ns, a rate a Linux kernel is known to be happy with.</remarks>
public sealed class VirtualClock : TimeProvider
{
    /// <summary>CNTFRQ: ticks per second.</summary>
    public const long Frequency = 62_500_000;

    /// <summary>Nanoseconds per tick.</summary>
    public const ulong NanosecondsPerTick = 16;

    private readonly DateTimeOffset _epoch;

    /// <summary>Creates a clock at tick 0.</summary>
    /// <param name="epoch">Wall-clock time that tick 0 stands for; by default 2024-01-01T00:00:00Z.</param>
    public VirtualClock(DateTimeOffset? epoch = null)
    {
        _epoch = epoch ?? new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);
        Events = new EventQueue(this);
    }

    /// <summary>Ticks since the machine was switched on.</summary>
    public ulong Now { get; private set; }

    /// <summary>Nanoseconds since the machine was switched on.</summary>
    public ulong Nanoseconds => Now * NanosecondsPerTick;

    /// <summary>What is due later.</summary>
    public EventQueue Events { get; }

    /// <inheritdoc/>
    public override long TimestampFrequency => Frequency;

    /// <summary>Lets time pass. Events that become due are run by whoever calls <see cref="EventQueue.RunDue"/>.</summary>
    public void Advance(ulong ticks) => Now += ticks;

    /// <summary>Jumps forward to a moment; a moment that has passed changes nothing.</summary>
    public void AdvanceTo(ulong tick)
    {
        if (tick > Now) Now = tick;
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => (long)Now;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _epoch.AddTicks((long)(Nanoseconds / 100));

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new VirtualTimer(this, callback, state, dueTime, period);
}
