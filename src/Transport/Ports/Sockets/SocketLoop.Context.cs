namespace RmStack.Transport.Ports.Sockets;

/// <content>The synchronization context.</content>
public sealed partial class SocketLoop
{
    /// <inheritdoc/>
    public override void Post(SendOrPostCallback d, object? state)
    {
        ArgumentNullException.ThrowIfNull(d);
        _posted.Enqueue((d, state));
        if (IsCurrent)
            return;
        WakeIfAsleep();
        if (_ended)
            RunOnPool();
    }

    /// <summary>Runs a callback on the thread and waits for it; on the thread itself at once.</summary>
    public override void Send(SendOrPostCallback d, object? state)
    {
        ArgumentNullException.ThrowIfNull(d);
        if (IsCurrent)
        {
            d(state);
            return;
        }

        RunAsync(() =>
        {
            d(state);
            return Task.CompletedTask;
        }).GetAwaiter().GetResult();
    }

    /// <inheritdoc/>
    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Runs an asynchronous body on the thread; the task ends with it, its exceptions included.</summary>
    public Task RunAsync(Func<Task> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(_ => _ = Follow(body, done), null);
        return done.Task;

        static async Task Follow(Func<Task> body, TaskCompletionSource done)
        {
            try
            {
                await body();
                done.SetResult();
            }
            catch (Exception mistake)
            {
                done.SetException(mistake);
            }
        }
    }

    /// <summary>Runs some of what was posted. False when there was nothing.</summary>
    private bool RunPosted()
    {
        var any = false;
        for (var left = PostedPerTurn; left > 0 && _posted.TryDequeue(out var work); left--)
        {
            any = true;
            Run(work.Callback, work.State);
        }

        return any;
    }

    private void Run(SendOrPostCallback callback, object? state)
    {
        try
        {
            callback(state);
        }
        catch (Exception mistake) when (CallbackFailed is { } told)
        {
            told(mistake);
        }
    }

    private void RunOnPool()
    {
        while (_posted.TryDequeue(out var work))
            ThreadPool.QueueUserWorkItem(static work => work.Callback(work.State), work, preferLocal: false);
    }
}
