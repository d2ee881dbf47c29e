using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Threading.Tasks.Sources;

namespace RmStack.Transport.Rpc;

/// <summary>
/// Where one awaiter waits for one event. Its continuation is posted to its synchronization context (or task scheduler); an awaiter that
/// asks for none gets the context in which it began to wait, so that a run on a single-threaded context stays on it; the thread pool serves
/// where there is neither. Only if prepared so may it run inside the code that completes the event. A field of the object that is awaited, which is the work item, too: nothing is
/// allocated. HOT.
/// </summary>
[SuppressMessage("Performance", "CA1815", Justification = "A mutable field, never compared.")]
internal struct ContinuationSlot
{
    private static readonly Action<object?> s_done = static _ => Debug.Fail("the marker of a completed event was run");
    private static readonly SendOrPostCallback s_post = static owner => ((IThreadPoolWorkItem)owner!).Execute();
    private static readonly Action<object?> s_start = static owner => ((IThreadPoolWorkItem)owner!).Execute();
    private static readonly ContextCallback s_flow = static pair =>
    {
        var (continuation, state) = ((Action<object?>, object?))pair!;
        continuation(state);
    };

    private Action<object?>? _continuation;
    private Action<object?>? _scheduled;
    private object? _state;
    private object? _scheduler;
    private ExecutionContext? _context;
    private volatile bool _completed;
    private bool _inline;

    // Completed only once Complete has left its mark or met a continuation: an awaiter that polls must not read the result, and so release the object, between the two steps of Complete.
    public readonly bool IsCompleted => _completed && Volatile.Read(in _continuation) is not null;

    /// <summary>Notes the awaiter's context, before the event can be completed.</summary>
    public void Prepare(bool inline)
    {
        _inline = inline;
        _scheduler = SynchronizationContext.Current is { } context && IsSpecial(context) ? context : null;
    }

    /// <summary>Wakes the awaiter. Called once, outside every lock; <paramref name="owner"/> runs <see cref="Run"/> when it is executed.</summary>
    public void Complete(IThreadPoolWorkItem owner)
    {
        _completed = true;
        if (Interlocked.CompareExchange(ref _continuation, s_done, null) is not { } continuation)
            return;
        _scheduled = continuation;
        if (_inline && (_scheduler is null || ReferenceEquals(_scheduler, SynchronizationContext.Current)))
            Run();
        else
            Schedule(owner);
    }

    /// <summary>Takes the continuation; it is scheduled at once if the event was completed before.</summary>
    public void OnCompleted(IThreadPoolWorkItem owner, Action<object?> continuation, object? state, ValueTaskSourceOnCompletedFlags flags)
    {
        if ((flags & ValueTaskSourceOnCompletedFlags.FlowExecutionContext) != ValueTaskSourceOnCompletedFlags.None)
            _context = ExecutionContext.Capture();
        if ((flags & ValueTaskSourceOnCompletedFlags.UseSchedulingContext) != ValueTaskSourceOnCompletedFlags.None)
            _scheduler = CurrentScheduler() ?? _scheduler;
        _state = state;
        var before = Interlocked.CompareExchange(ref _continuation, continuation, null);
        if (before is null)
            return;
        if (!ReferenceEquals(before, s_done))
            throw new InvalidOperationException("This may be awaited only once.");
        _scheduled = continuation;
        Schedule(owner);
    }

    /// <summary>Ready for the next event.</summary>
    public void Reset()
    {
        _completed = false;
        _continuation = null;
    }

    /// <summary>Runs the continuation that was scheduled.</summary>
    public void Run()
    {
        // Everything is read first: the continuation reads the result, and then the owner may serve another event.
        var (continuation, state, context) = (_scheduled!, _state, _context);
        (_scheduled, _state, _context, _scheduler) = (null, null, null, null);
        if (context is null)
            continuation(state);
        else
            ExecutionContext.Run(context, s_flow, (continuation, state));
    }

    /// <summary>The base class does nothing but queue to the thread pool.</summary>
    private static bool IsSpecial(SynchronizationContext context) => context.GetType() != typeof(SynchronizationContext);

    private static object? CurrentScheduler()
    {
        if (SynchronizationContext.Current is { } context && IsSpecial(context))
            return context;
        return TaskScheduler.Current is var scheduler && scheduler != TaskScheduler.Default ? scheduler : null;
    }

    private readonly void Schedule(IThreadPoolWorkItem owner)
    {
        switch (_scheduler)
        {
            case SynchronizationContext context:
                context.Post(s_post, owner);
                break;
            case TaskScheduler scheduler:
                _ = Task.Factory.StartNew(s_start, owner, CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler);
                break;
            default:
                ThreadPool.UnsafeQueueUserWorkItem(owner, preferLocal: true);
                break;
        }
    }
}
