namespace RmStack.Testing;

/// <summary>
/// A synchronization context on the test's own thread: what is posted runs in the order of posting, nothing runs anywhere else, and a task that
/// waits for something that can never come is an error instead of a hang.
/// </summary>
public sealed class SingleThreadContext : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _work = new();
    private readonly Lock _gate = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;

    /// <summary>Callbacks run so far.</summary>
    public long Steps { get; private set; }

    /// <summary>Posts that came from another thread: in a deterministic run there are none.</summary>
    public long ForeignPosts { get; private set; }

    /// <summary>Something waits to run.</summary>
    public bool HasWork
    {
        get
        {
            lock (_gate)
                return _work.Count > 0;
        }
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        lock (_gate)
        {
            if (Environment.CurrentManagedThreadId != _thread)
                ForeignPosts++;
            _work.Enqueue((d, state));
        }
    }

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("Nothing may block on this context.");

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Runs one callback. False when there is none.</summary>
    public bool Step()
    {
        (SendOrPostCallback Callback, object? State) next;
        lock (_gate)
        {
            if (!_work.TryDequeue(out next))
                return false;
        }

        Steps++;
        Inside(next.Callback, next.State);
        return true;
    }

    /// <summary>Runs callbacks until there are none.</summary>
    public void RunUntilIdle(int limit = 10_000_000)
    {
        while (Step())
        {
            if (limit-- == 0)
                throw new InvalidOperationException("The context does not become idle.");
        }
    }

    /// <summary>Runs <paramref name="body"/> on this context and then everything that follows from it.</summary>
    public void Run(Action body)
    {
        Inside(static action => ((Action)action!)(), body);
        RunUntilIdle();
    }

    /// <summary>Runs an asynchronous test to its end.</summary>
    public void Run(Func<Task> body)
    {
        Task? task = null;
        Run(() => { task = body(); });
        if (!task!.IsCompleted)
            throw new InvalidOperationException("The test waits, and nothing is left to run.");
        task.GetAwaiter().GetResult();
    }

    private void Inside(SendOrPostCallback callback, object? state)
    {
        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            callback(state);
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }
}
