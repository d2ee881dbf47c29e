using System.Buffers;

namespace RmStack.Transport.Ports.Faults;

/// <summary>
/// A port in front of another that loses, delays, repeats, reorders, cuts and changes packets, stalls, and loses and invents signals, as often as
/// it is told and always the same for a seed. <see cref="FaultKind"/> says what each stands for, and which of them a real queue never does.
/// </summary>
/// <remarks>
/// <para>
/// A packet that is held and a stall end with the clock of <see cref="FaultOptions.TimeProvider"/>; without one, with the calls that are made on
/// the port. Where nobody calls any more, or nobody moves the clock, <see cref="Settle"/> ends them: what was delayed then arrives.
/// </para>
/// <para>
/// A lost signal is lost, as it is for the real drivers: none of them looks at its queue without one. It is made good by the next one
/// (a request's push; a packet into an empty queue) or by a driver that looks for another reason. If neither comes, the link hangs, and
/// <see cref="Hang"/> says so; <see cref="Settle"/> raises what was lost, as a watchdog would.
/// </para>
/// <para>
/// Safe from any thread. Signals are delivered from outside the calls that cause them. Memory is bounded by <see cref="FaultOptions.MaxHeld"/>.
/// </para>
/// </remarks>
public sealed partial class FaultyPort : IMsgQueuePort, IDisposable
{
    private const int LargestPacket = 1023;

    private readonly Lock _gate = new();
    private readonly IMsgQueuePort _inner;
    private readonly FaultOptions _options;
    private readonly Lane _send;
    private readonly Lane _receive;
    private readonly IMemoryOwner<byte> _slab;
    private readonly ITimer? _timer;
    private long _operations;

    // The port's time, in the clock's ticks or in calls. It stands still during an operation: what becomes due meanwhile is the timer's.
    private long _now;
    private bool _innerFull;
    private bool _innerHasMore;
    private bool _sending;
    private bool _roomDuringSend;
    private bool _disposed;

    /// <summary>Takes <paramref name="inner"/> over: its two handlers are this port's until it is disposed of.</summary>
    public FaultyPort(IMsgQueuePort inner, FaultOptions options)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxHeld, 2, nameof(options));
        _inner = inner;
        _options = options;
        Faults = new FaultLog(options.KeptRecords);
        _send = new Lane(this, FaultDirection.Send, options.Send);
        _receive = new Lane(this, FaultDirection.Receive, options.Receive);
        _slab = inner.Buffers.Rent(LargestPacket);
        _timer = options.TimeProvider?.CreateTimer(static port => ((FaultyPort)port!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        inner.NotFull = OnInnerNotFull;
        inner.NotEmpty = OnInnerNotEmpty;
    }

    /// <summary>What was done.</summary>
    public FaultLog Faults { get; }

    /// <inheritdoc/>
    public MemoryPool<byte> Buffers => _inner.Buffers;

    /// <inheritdoc/>
    public Action? NotFull
    {
        get => _send.Signal.Handler;
        set => _send.Signal.Handler = value;
    }

    /// <inheritdoc/>
    public Action? NotEmpty
    {
        get => _receive.Signal.Handler;
        set => _receive.Signal.Handler = value;
    }

    /// <summary>Packets that are held at present, in both directions.</summary>
    public int Held
    {
        get
        {
            lock (_gate)
                return _send.Packets.Count + _receive.Packets.Count;
        }
    }

    /// <summary>
    /// Which lost signal nothing has made good so far, or null. With a link that stands still this is why.
    /// </summary>
    public FaultRecord? Hang
    {
        get
        {
            lock (_gate)
                return _receive.Lost ?? _send.Lost;
        }
    }

    /// <summary>Ends every stall, lets every held packet go on and raises lost signals. False when there was nothing of that.</summary>
    public bool Settle()
    {
        bool any;
        lock (_gate)
        {
            if (_disposed)
                return false;
            LookAtClock();
            any = _send.Settle() | _receive.Settle();
            Pump();
            if (any)
            {
                _send.Signal.Raise();
                _receive.Signal.Raise();
            }
        }

        return any;
    }

    /// <summary>Ends the use of the inner port. What is held is lost.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
            _send.Packets.Clear();
            _receive.Packets.Clear();
        }

        _inner.NotFull = null;
        _inner.NotEmpty = null;
        _timer?.Dispose();
        _slab.Dispose();
    }

    private long LongestHold => _options.TimeProvider is { } clock
        ? Math.Max(1, (long)(_options.HoldTime.Ticks * (Int128)clock.TimestampFrequency / TimeSpan.TicksPerSecond))
        : Math.Max(1, _options.HoldOperations);

    private void LookAtClock() => _now = _options.TimeProvider?.GetTimestamp() ?? _operations;

    private Memory<byte> Slab(ReadOnlySpan<byte> packet)
    {
        packet.CopyTo(_slab.Memory.Span);
        return _slab.Memory[..packet.Length];
    }

    /// <summary>Does what has become due, and sets the timer for what will.</summary>
    private void Pump()
    {
        _send.EndStall();
        _receive.EndStall();
        PumpSend();
        // What has become receivable is announced once; the holder then takes as much as it likes.
        if (_receive.Announces && !_receive.IsStalled && _receive.Packets.FindDue(_now) >= 0)
        {
            _receive.Announces = false;
            _receive.Raise();
        }

        ArmTimer();
    }

    private void ArmTimer()
    {
        if (_timer is null || _disposed)
            return;
        long? next = null;
        foreach (var lane in (ReadOnlySpan<Lane>)[_send, _receive])
        {
            if (lane.NextEvent() is { } due && (next is null || due < next))
                next = due;
        }

        if (next is not { } at)
            return;
        // A timer counts in whole milliseconds: never wake before it is due.
        var wait = Math.Ceiling(_options.TimeProvider!.GetElapsedTime(_now, at).TotalMilliseconds);
        _timer.Change(TimeSpan.FromMilliseconds(Math.Clamp(wait, 0, int.MaxValue)), Timeout.InfiniteTimeSpan);
    }

    private void OnTimer()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            LookAtClock();
            Pump();
        }
    }

    private void OnInnerNotFull()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            // The inner port may raise it inside its own send, which is inside ours.
            if (_sending)
            {
                _roomDuringSend = true;
                return;
            }

            LookAtClock();
            _innerFull = false;
            // A queue that still has packets of ours to come raises its signal when they are through.
            _send.WantsRoom = true;
            Pump();
        }
    }

    private void OnInnerNotEmpty()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            // Its packets may be told of long after this, behind those that are held.
            _innerHasMore = true;
            // During a stall nothing arrives; its end is announced.
            if (_receive.IsStalled)
                _receive.Announces = true;
            else
                _receive.Raise();
        }
    }
}
