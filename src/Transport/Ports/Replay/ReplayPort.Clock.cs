namespace RmStack.Transport.Ports.Replay;

/// <content>What comes when.</content>
public sealed partial class ReplayPort
{
    private const long NsPerSecond = 1_000_000_000;

    // When each packet was sent or came, in the clock's ticks.
    private long[] _at = [];
    private long _start;
    private ITimer? _timer;
    private bool _stopped;

    private void StartClock()
    {
        if (_options.TimeProvider is not { } clock)
            return;
        _at = new long[_link.Packets.Count];
        _start = clock.GetTimestamp();
        _timer = clock.CreateTimer(static port => ((ReplayPort)port!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private void StopClock()
    {
        lock (_gate)
            _stopped = true;
        _timer?.Dispose();
    }

    private void Happened(int index)
    {
        if (_options.TimeProvider is { } clock)
            _at[index] = clock.GetTimestamp();
    }

    /// <summary>Lets packets come whose turn it is. True: one came into an empty queue, or was pushed.</summary>
    private bool LetCome()
    {
        var raise = false;
        while (_nextToCome < Math.Min(_nextSend, _link.Packets.Count) && IsDue(_nextToCome))
        {
            raise |= _nextReceive >= _nextToCome || _link.Packets[_nextToCome].Pushed;
            _nextToCome = NextOf(_nextToCome + 1, sends: false);
        }

        return raise;
    }

    private bool IsDue(int index)
    {
        if (_options.TimeProvider is not { } clock)
            return true;
        if (_stopped)
            return false;
        var due = (index == 0 ? _start : _at[index - 1]) + Distance(index, clock.TimestampFrequency);
        var now = clock.GetTimestamp();
        if (now >= due)
        {
            // When it was due, not when the timer found out: distances do not add up.
            _at[index] = due;
            return true;
        }

        // A timer counts in whole milliseconds: never wake before it is due.
        var wait = Math.Ceiling(clock.GetElapsedTime(now, due).TotalMilliseconds);
        _timer!.Change(TimeSpan.FromMilliseconds(Math.Min(wait, int.MaxValue)), Timeout.InfiniteTimeSpan);
        return false;
    }

    /// <summary>Ticks between a packet and the one before it in the capture; 0 when the file does not say, or has them in another order.</summary>
    private long Distance(int index, long frequency)
    {
        if (index == 0 || _link.Packets[index].TimestampNs is not { } now || _link.Packets[index - 1].TimestampNs is not { } before || now < before)
            return 0;
        return (long)UInt128.Min((UInt128)(now - before) * (ulong)frequency / NsPerSecond, long.MaxValue / 4);
    }

    private void OnTimer()
    {
        bool arrived;
        lock (_gate)
            arrived = LetCome();
        if (arrived)
            _notEmpty.Raise();
    }
}
