namespace RmStack.Machine.Time;

/// <summary>A <see cref="ITimer"/> of the virtual clock: what makes <c>Task.Delay(time, clock)</c> deterministic.</summary>
internal sealed class VirtualTimer : ITimer
{
    private readonly VirtualClock _clock;
    private readonly ScheduledEvent _event;
    private readonly TimerCallback _callback;
    private readonly object? _state;
    private TimeSpan _period;
    private bool _disposed;

    public VirtualTimer(VirtualClock clock, TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        _clock = clock;
        _callback = callback;
        _state = state;
        _event = clock.Events.Create(Fire);
        Change(dueTime, period);
    }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        if (_disposed) return false;
        _period = period;
        if (dueTime == Timeout.InfiniteTimeSpan) _event.Disarm();
        else _event.ArmAt(_clock.Now + ToTicks(dueTime));
        return true;
    }

    public void Dispose()
    {
        _disposed = true;
        _event.Disarm();
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private static ulong ToTicks(TimeSpan time) => (ulong)time.Ticks * 100 / VirtualClock.NanosecondsPerTick;

    private void Fire()
    {
        if (_period > TimeSpan.Zero) _event.ArmAt(_clock.Now + ToTicks(_period));
        _callback(_state);
    }
}
