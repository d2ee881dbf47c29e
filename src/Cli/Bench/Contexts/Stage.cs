namespace RmStack.Cli.Bench.Contexts;

/// <summary>Where the two sides of a workload run. A null context is the thread pool.</summary>
internal class Stage : IDisposable
{
    /// <summary>How long a body may take that normally takes a fraction of a second.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly ManualResetEventSlim _done = new(initialState: false, spinCount: 0);
    private readonly CancellationToken _stop;
    private Exception? _failure;

    public Stage(SynchronizationContext? client, SynchronizationContext? server, CancellationToken stop)
    {
        ClientContext = client;
        ServerContext = server;
        _stop = stop;
    }

    public SynchronizationContext? ClientContext { get; protected set; }

    public SynchronizationContext? ServerContext { get; protected set; }

    /// <summary>Runs a body on the client's side to its end.</summary>
    public virtual void OnClient(Action body) => On(ClientContext, body);

    /// <summary>Runs a body on the server's side to its end.</summary>
    public virtual void OnServer(Action body) => On(ServerContext, body);

    /// <summary>Starts a body on the client's side and waits until its task has ended.</summary>
    public virtual void Run(Func<Task> body)
    {
        if (ClientContext is LocalContext local)
        {
            local.RunUntilEnded(body);
            return;
        }

        _done.Reset();
        if (ClientContext is { } context)
            context.Post(_ => Follow(body), null);
        else
            ThreadPool.UnsafeQueueUserWorkItem(static work => work.Stage.Follow(work.Body), (Stage: this, Body: body), preferLocal: false);
        if (!_done.Wait(s_patience, _stop))
            throw new BenchFailedException($"nothing came for {s_patience.TotalSeconds} s");
        if (_failure is { } failure)
            throw failure as BenchFailedException ?? new BenchFailedException(failure.Message, failure);
    }

    /// <summary>Something on either side failed: whoever waits is told.</summary>
    public void Fail(Exception failure)
    {
        _failure ??= failure;
        _done.Set();
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
            _done.Dispose();
    }

    private static void On(SynchronizationContext? context, Action body)
    {
        if (context is not null)
        {
            context.Send(static body => ((Action)body!)(), body);
            return;
        }

        // Whatever is made here is made without a context, whoever's thread this is.
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            body();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    private void Follow(Func<Task> body)
    {
        Task task;
        try
        {
            task = body();
        }
        catch (Exception mistake)
        {
            Fail(mistake);
            return;
        }

        if (task.IsCompleted)
            Ended(task);
        else
            _ = task.ContinueWith(Ended, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private void Ended(Task task)
    {
        if (task.Exception is { } failure)
            Fail(failure.InnerException!);
        else
            _done.Set();
    }
}
