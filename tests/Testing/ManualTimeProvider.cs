namespace RmStack.Testing;

/// <summary>A clock that stands still until the test moves it. Timers fire inside <see cref="Advance"/>, in the order of their time.</summary>
public sealed class ManualTimeProvider : TimeProvider
{
    private readonly List<ManualTimer> _timers = [];
    private long _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Timers that are set.</summary>
    public int ActiveTimers => _timers.Count;

    /// <summary>How long until the next of them fires; null when none is set.</summary>
    public TimeSpan? UntilNextTimer => _timers.Count == 0 ? null : TimeSpan.FromTicks(Math.Max(0, _timers.Min(timer => timer.Due) - _now));

    public override long GetTimestamp() => _now;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(_now);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    public void Advance(TimeSpan time)
    {
        var end = _now + time.Ticks;
        while (_timers.Where(timer => timer.Due <= end).MinBy(timer => timer.Due) is { } next)
        {
            _now = Math.Max(_now, next.Due);
            _timers.Remove(next);
            next.Fire();
        }

        _now = end;
    }

    private sealed class ManualTimer(ManualTimeProvider clock, TimerCallback callback, object? state) : ITimer
    {
        public long Due { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            clock._timers.Remove(this);
            if (dueTime == Timeout.InfiniteTimeSpan)
                return true;
            Due = clock._now + dueTime.Ticks;
            clock._timers.Add(this);
            return true;
        }

        public void Dispose() => clock._timers.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
