namespace RmStack.Transport.Ports;

/// <summary>
/// One interrupt of a loopback queue. It is delivered later, never from inside the call that raised it: posted to a synchronization
/// context, or queued to the thread pool. Raising it again before delivery changes nothing, as with a pending edge in a controller.
/// </summary>
public sealed class LoopbackVirq : IThreadPoolWorkItem
{
    private static readonly SendOrPostCallback s_deliver = static virq => ((LoopbackVirq)virq!).Deliver();
    private readonly SynchronizationContext? _context;
    private Action? _handler;
    private int _pending;

    /// <summary>Delivery through <paramref name="context"/>, or through the thread pool when it is null.</summary>
    public LoopbackVirq(SynchronizationContext? context) => _context = context;

    /// <summary>Who is told. An edge that came while this was null is delivered after it is set.</summary>
    public Action? Handler
    {
        get => Volatile.Read(ref _handler);
        set
        {
            // Full fences here and in Raise: one of the two sees what the other wrote. If both do, the later delivery finds nothing.
            Interlocked.Exchange(ref _handler, value);
            if (value is not null && Volatile.Read(ref _pending) != 0)
                Schedule();
        }
    }

    /// <summary>Edges raised, merged ones included. Counted by the queue, under its lock.</summary>
    public long Raised { get; private set; }

    /// <summary>Makes the interrupt pending.</summary>
    public void Raise()
    {
        if (Record())
            Schedule();
    }

    /// <summary>Makes the interrupt pending. True: it is to be delivered, by <see cref="Schedule"/>, when the queue's lock is no longer held.</summary>
    internal bool Record()
    {
        Raised++;
        return Interlocked.Exchange(ref _pending, 1) == 0 && Volatile.Read(ref _handler) is not null;
    }

    /// <summary>Has it delivered.</summary>
    internal void Schedule()
    {
        if (_context is { } context)
            context.Post(s_deliver, this);
        else
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute() => Deliver();

    private void Deliver()
    {
        if (Volatile.Read(ref _handler) is { } handler && Interlocked.Exchange(ref _pending, 0) != 0)
            handler();
    }
}
