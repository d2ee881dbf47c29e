namespace RmStack.Cli.Bench.Contexts;

/// <summary>
/// A synchronization context with a thread of its own, which sleeps when nothing is posted and is woken by a signal: it never spins.
/// </summary>
internal sealed class ThreadContext : SynchronizationContext, IDisposable
{
    private readonly object _gate = new();
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _posted = new();
    private readonly Thread _thread;
    private bool _asleep;
    private bool _ending;

    public ThreadContext(string name)
    {
        _thread = new Thread(Work) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>Told of what callbacks throw.</summary>
    public Action<Exception>? CallbackFailed { get; set; }

    public override void Post(SendOrPostCallback d, object? state)
    {
        lock (_gate)
        {
            _posted.Enqueue((d, state));
            if (!_asleep)
                return;
            _asleep = false;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Runs a callback on the thread and waits for it.</summary>
    public override void Send(SendOrPostCallback d, object? state)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(
            _ =>
            {
                try
                {
                    d(state);
                    done.SetResult();
                }
                catch (Exception mistake)
                {
                    done.SetException(mistake);
                }
            },
            null);
        done.Task.GetAwaiter().GetResult();
    }

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Ends the thread behind what was posted, and waits for it.</summary>
    public void Dispose()
    {
        Post(static context => ((ThreadContext)context!)._ending = true, this);
        _thread.Join();
    }

    private void Work()
    {
        SetSynchronizationContext(this);
        while (!_ending)
        {
            var (callback, state) = Take();
            try
            {
                callback(state);
            }
            catch (Exception mistake) when (CallbackFailed is { } told)
            {
                told(mistake);
            }
        }
    }

    private (SendOrPostCallback Callback, object? State) Take()
    {
        lock (_gate)
        {
            while (_posted.Count == 0)
            {
                _asleep = true;
                Monitor.Wait(_gate);
            }

            return _posted.Dequeue();
        }
    }
}
