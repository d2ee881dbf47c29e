namespace RmStack.Machine.Time;

/// <summary>Something that happens at a moment of virtual time. It can be armed, moved and disarmed any number of times.</summary>
public sealed class ScheduledEvent
{
    private readonly EventQueue _queue;

    internal ScheduledEvent(EventQueue queue, Action callback)
    {
        _queue = queue;
        Callback = callback;
    }

    internal Action Callback { get; }

    internal ulong Order { get; set; }

    /// <summary>Tick at which it is due; <see cref="ulong.MaxValue"/> while it is not armed.</summary>
    public ulong Due { get; internal set; } = ulong.MaxValue;

    /// <summary>True while it waits for its moment.</summary>
    public bool Armed => Due != ulong.MaxValue;

    /// <summary>Arms or moves it.</summary>
    public void ArmAt(ulong tick) => _queue.Arm(this, tick);

    /// <summary>Takes it out of the queue; nothing happens when it is not in it.</summary>
    public void Disarm() => _queue.Disarm(this);
}

/// <summary>
/// What is due at which moment. Events of the same moment run in the order in which they were armed, so a run is
/// repeatable to the last step.
/// </summary>
public sealed class EventQueue
{
    private readonly VirtualClock _clock;
    private readonly SortedSet<ScheduledEvent> _armed = new(Comparer<ScheduledEvent>.Create(static (a, b) =>
    {
        var due = a.Due.CompareTo(b.Due);
        return due != 0 ? due : a.Order.CompareTo(b.Order);
    }));

    private ulong _order;

    internal EventQueue(VirtualClock clock) => _clock = clock;

    /// <summary>The moment of the next event, or <see cref="ulong.MaxValue"/>.</summary>
    public ulong NextDue => _armed.Min?.Due ?? ulong.MaxValue;

    /// <summary>Makes an event; it is not armed yet.</summary>
    public ScheduledEvent Create(Action callback) => new(this, callback);

    /// <summary>Runs every event that is due by now, each once.</summary>
    public void RunDue()
    {
        while (_armed.Min is { } next && next.Due <= _clock.Now)
        {
            Disarm(next);
            next.Callback();
        }
    }

    internal void Arm(ScheduledEvent item, ulong tick)
    {
        Disarm(item);
        item.Order = _order++;
        item.Due = tick;
        if (tick != ulong.MaxValue) _armed.Add(item);
    }

    internal void Disarm(ScheduledEvent item)
    {
        if (!item.Armed) return;
        _armed.Remove(item);
        item.Due = ulong.MaxValue;
    }
}
