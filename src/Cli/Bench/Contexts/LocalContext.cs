namespace RmStack.Cli.Bench.Contexts;

/// <summary>A synchronization context of one thread, without a lock: what is posted runs in order while <see cref="RunUntilEnded"/> waits for a task.</summary>
internal sealed class LocalContext : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _posted = new();

    public override void Post(SendOrPostCallback d, object? state) => _posted.Enqueue((d, state));

    /// <summary>Runs at once: whoever sends is on the thread.</summary>
    public override void Send(SendOrPostCallback d, object? state)
    {
        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            d(state);
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Starts a body on this context and runs what is posted until its task has ended.</summary>
    public void RunUntilEnded(Func<Task> body)
    {
        Task? task = null;
        Send(
            _ =>
            {
                task = body();
                while (!task.IsCompleted)
                {
                    if (!_posted.TryDequeue(out var work))
                        throw new BenchFailedException("nothing is left to run, and somebody still waits");
                    work.Callback(work.State);
                }
            },
            null);
        task!.GetAwaiter().GetResult();
    }
}
