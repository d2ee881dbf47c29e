namespace RmStack.Transport.Ports;

/// <summary>
/// One interrupt of a loopback queue. It is delivered later, never from inside the call that raised it: posted to a synchronization
/// context, or queued to the thread pool. Raising it again before delivery changes nothing, as with a pending edge in a controller.
/// </summary>
public sealed class LoopbackVirq : IThreadPoolWorkItem
{
    private static readonly SendOrPostCallback s_deliver = static virq => ((LoopbackVirq)virq!).Deliver();
    private readonly SynchronizationContext? _context;
    private readonly Lock _gate = new();
    private Action? _handler;
    private bool _pending;
    private bool _scheduled;

    /// <summary>Delivery through <paramref name="context"/>, or through the thread pool when it is null.</summary>
    public LoopbackVirq(SynchronizationContext? context) => _context = context;

    /// <summary>Who is told. An edge that came while this was null is delivered after it is set.</summary>
    public Action? Handler
    {
        get => Volatile.Read(ref _handler);
        set
        {
            lock (_gate)
            {
                _handler = value;
                if (value is null || !_pending || _scheduled)
                    return;
                _scheduled = true;
            }

            Schedule();
        }
    }

    /// <summary>Edges raised, merged ones included.</summary>
    public long Raised { get; private set; }

    /// <summary>Makes the interrupt pending.</summary>
    public void Raise()
    {
        lock (_gate)
        {
            Raised++;
            _pending = true;
            if (_handler is null || _scheduled)
                return;
            _scheduled = true;
        }

        Schedule();
    }

    void IThreadPoolWorkItem.Execute() => Deliver();

    private void Schedule()
    {
        if (_context is { } context)
            context.Post(s_deliver, this);
        else
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private void Deliver()
    {
        Action? handler;
        lock (_gate)
        {
            _scheduled = false;
            handler = _handler;
            if (handler is null || !_pending)
                return;
            _pending = false;
        }

        handler();
    }
}
