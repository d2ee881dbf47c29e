using System.Runtime.ExceptionServices;
using RmStack.Protocol;

namespace RmStack.Transport.Rpc;

/// <content>Notifications and deadlines.</content>
public sealed partial class RpcClient
{
    private const double MaxTimerMilliseconds = int.MaxValue;
    private NotificationReader[] _readers = [];
    private readonly Lock _timerGate = new();
    private ITimer? _timer;
    private long? _armedFor;

    /// <summary>
    /// Notifications from this moment on, for a reader that takes its time. At most <see cref="RpcClientOptions.NotificationBacklog"/> wait;
    /// one more drops the oldest, which is counted. Ends when the client is disposed. Each result is enumerated once.
    /// </summary>
    public IAsyncEnumerable<RpcNotificationMessage> Notifications(CancellationToken ct = default)
    {
        var reader = new NotificationReader(this, _options.NotificationBacklog, ct);
        bool closed;
        using (_gate.Hold())
        {
            closed = _closed;
            if (!closed)
                _readers = [.. _readers, reader];
        }

        if (closed)
            reader.End(cancelled: false);
        else
            StartReceiving();
        return reader;
    }

    internal void Remove(NotificationReader reader)
    {
        using (_gate.Hold())
            _readers = Array.FindAll(_readers, other => !ReferenceEquals(other, reader));
    }

    private void Deliver(RpcHeader header, ref ExceptionDispatchInfo? failure)
    {
        var notification = new RpcNotification(header.Id, header.SequenceId, _connection.Content);
        try
        {
            Notification?.Invoke(notification);
        }
        catch (Exception mistake)
        {
            failure ??= ExceptionDispatchInfo.Capture(mistake);
        }

        foreach (var reader in Volatile.Read(ref _readers))
        {
            try
            {
                if (reader.Add(new RpcNotificationMessage(notification)))
                    continue;
            }
            catch (Exception mistake)
            {
                // The reader's context takes no more work.
                failure ??= ExceptionDispatchInfo.Capture(mistake);
                continue;
            }

            using (_gate.Hold())
                Statistics.NotificationsDropped++;
        }
    }

    private void EndReaders(ref ExceptionDispatchInfo? failure)
    {
        NotificationReader[] readers;
        using (_gate.Hold())
            (readers, _readers) = (_readers, []);
        foreach (var reader in readers)
        {
            try
            {
                reader.End(cancelled: false);
            }
            catch (Exception mistake)
            {
                failure ??= ExceptionDispatchInfo.Capture(mistake);
            }
        }
    }

    /// <summary>When a call ends as TimedOut; null for never.</summary>
    private long? DeadlineAfter(TimeSpan? timeout)
    {
        if (timeout is not { } time || time == Timeout.InfiniteTimeSpan)
            return null;
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero, nameof(timeout));
        if (_options.TimeProvider is not { } clock)
            throw new InvalidOperationException("A timeout needs RpcClientOptions.TimeProvider.");
        var ticks = time.Ticks * (Int128)clock.TimestampFrequency / TimeSpan.TicksPerSecond;
        return clock.GetTimestamp() + (long)Int128.Clamp(ticks, 0, long.MaxValue / 4);
    }

    /// <summary>Sets the one timer to the earliest deadline, if it is not set to that or an earlier one.</summary>
    private void ArmTimer()
    {
        var clock = _options.TimeProvider!;
        // A lock of its own: the clock is somebody else's code, and may call back at once.
        lock (_timerGate)
        {
            if (EarliestDeadline() is not { } deadline || _armedFor <= deadline)
                return;
            _armedFor = deadline;
            var wait = clock.GetElapsedTime(clock.GetTimestamp(), deadline);
            // A timer counts in whole milliseconds: never wake before the deadline.
            var due = TimeSpan.FromMilliseconds(Math.Clamp(Math.Ceiling(wait.TotalMilliseconds), 0, MaxTimerMilliseconds));
            _timer ??= clock.CreateTimer(static client => ((RpcClient)client!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _timer.Change(due, Timeout.InfiniteTimeSpan);
        }
    }

    private long? EarliestDeadline()
    {
        using (_gate.Hold())
            return _closed ? null : _connection.NextDeadline;
    }

    private void OnTimer()
    {
        lock (_timerGate)
            _armedFor = null;
        var now = _options.TimeProvider!.GetTimestamp();
        RpcCall? ended;
        using (_gate.Hold())
        {
            if (_closed)
                return;
            _connection.Expire(now);
            ended = _connection.TakeEnded();
        }

        ExceptionDispatchInfo? failure = null;
        Signal(ended, ref failure);
        ArmTimer();
        Transmit(ref failure);
        failure?.Throw();
    }

    private void StopTimer()
    {
        ITimer? timer;
        lock (_timerGate)
            (timer, _timer) = (_timer, null);
        timer?.Dispose();
    }
}
