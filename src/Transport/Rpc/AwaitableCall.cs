using System.Diagnostics;
using System.Threading.Tasks.Sources;
using Microsoft.Extensions.ObjectPool;
using RmStack.Protocol;

namespace RmStack.Transport.Rpc;

/// <summary>
/// A call that can be awaited. The continuation is posted to the synchronization context (or task scheduler) of the awaiter; an awaiter that
/// asks for none gets the context in which the call was made, so that a run on a single-threaded context stays on it; the thread pool serves
/// where there is neither. Only with <see cref="RpcClientOptions.InlineContinuations"/> may it run inside the code that ended the call. The
/// object itself is the work item and goes back to its pool when the result was given back, so a call allocates nothing. HOT.
/// </summary>
internal abstract class AwaitableCall : RpcCall, IThreadPoolWorkItem
{
    private const int SmallRequest = RpcLimits.ContentPerPacket;

    private static readonly Action<object?> s_ended = static _ => Debug.Fail("the marker of an ended call was run");
    private static readonly SendOrPostCallback s_post = static call => ((AwaitableCall)call!).Continue();
    private static readonly Action<object?> s_start = static call => ((AwaitableCall)call!).Continue();
    private static readonly ContextCallback s_flow = static pair =>
    {
        var (continuation, state) = ((Action<object?>, object?))pair!;
        continuation(state);
    };

    private static readonly Action<object?> s_cancel = static call => ((AwaitableCall)call!).Client!.Cancel((AwaitableCall)call);

    private Action<object?>? _continuation;
    private Action<object?>? _scheduled;
    private object? _state;
    private object? _scheduler;
    private ExecutionContext? _context;
    private CancellationTokenRegistration _registration;
    private byte[] _request = [];
    private volatile bool _ended;
    private short _version;
    private bool _inline;

    /// <summary>Whose call it is; null while it lies in the pool.</summary>
    public RpcClient? Client { get; set; }

    // Ended only once Signal has left its mark or met a continuation: a caller that polls must not read the result, and so release the object, between the two steps of Signal.
    private bool HasEnded => _ended && Volatile.Read(ref _continuation) is not null;

    public short Version => _version;

    /// <summary>Memory of the call's own to write a request into.</summary>
    public Span<byte> RequestBuffer(int size)
    {
        if (_request.Length < size)
            _request = size <= SmallRequest ? new byte[SmallRequest] : new byte[size];
        return _request.AsSpan(0, size);
    }

    /// <summary>What was written into <see cref="RequestBuffer"/>.</summary>
    public ReadOnlyMemory<byte> WrittenRequest(int length) => _request.AsMemory(0, length);

    /// <summary>Notes the caller's context, before the call can end.</summary>
    public void Prepare(bool inline)
    {
        _inline = inline;
        _scheduler = SynchronizationContext.Current is { } context && IsSpecial(context) ? context : null;
    }

    public void CancelWith(CancellationToken token) => _registration = token.UnsafeRegister(s_cancel, this);

    /// <summary>Wakes the awaiter. Called once per call, outside every lock.</summary>
    public void Signal()
    {
        _ended = true;
        if (Interlocked.CompareExchange(ref _continuation, s_ended, null) is { } continuation)
            Wake(continuation);
    }

    public ValueTaskSourceStatus GetStatus(short token)
    {
        Check(token);
        return HasEnded ? ValueTaskSourceStatus.Succeeded : ValueTaskSourceStatus.Pending;
    }

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        Check(token);
        if ((flags & ValueTaskSourceOnCompletedFlags.FlowExecutionContext) != ValueTaskSourceOnCompletedFlags.None)
            _context = ExecutionContext.Capture();
        if ((flags & ValueTaskSourceOnCompletedFlags.UseSchedulingContext) != ValueTaskSourceOnCompletedFlags.None)
            _scheduler = CurrentScheduler() ?? _scheduler;
        _state = state;
        var before = Interlocked.CompareExchange(ref _continuation, continuation, null);
        if (before is null)
            return;
        if (!ReferenceEquals(before, s_ended))
            throw new InvalidOperationException("A call may be awaited only once.");
        Schedule(continuation);
    }

    void IThreadPoolWorkItem.Execute() => Continue();

    internal sealed override void OnReleased()
    {
        Client = null;
        // What one large request needed is not kept for all the small ones that follow.
        if (_request.Length > SmallRequest)
            _request = [];
        Recycle();
    }

    /// <summary>Back to the pool.</summary>
    protected abstract void Recycle();

    /// <summary>Reads the result; the object is ready for another life when that is given back.</summary>
    protected RpcCallResult Finish(short token)
    {
        Check(token);
        if (!HasEnded)
            throw new InvalidOperationException("The call has not ended; await it.");
        // Waits for a cancellation that is just being delivered, so that it cannot hit the next call of this object.
        _registration.Dispose();
        _registration = default;
        _ended = false;
        _continuation = null;
        _version++;
        return TakeResult();
    }

    /// <summary>The base class does nothing but queue to the thread pool.</summary>
    private static bool IsSpecial(SynchronizationContext context) => context.GetType() != typeof(SynchronizationContext);

    private static object? CurrentScheduler()
    {
        if (SynchronizationContext.Current is { } context && IsSpecial(context))
            return context;
        return TaskScheduler.Current is var scheduler && scheduler != TaskScheduler.Default ? scheduler : null;
    }

    private void Wake(Action<object?> continuation)
    {
        if (_inline && (_scheduler is null || ReferenceEquals(_scheduler, SynchronizationContext.Current)))
        {
            _scheduled = continuation;
            Continue();
        }
        else
        {
            Schedule(continuation);
        }
    }

    private void Schedule(Action<object?> continuation)
    {
        _scheduled = continuation;
        switch (_scheduler)
        {
            case SynchronizationContext context:
                context.Post(s_post, this);
                break;
            case TaskScheduler scheduler:
                _ = Task.Factory.StartNew(s_start, this, CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler);
                break;
            default:
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
                break;
        }
    }

    private void Continue()
    {
        // Everything is read first: the continuation reads the result, and then this object may serve another call.
        var (continuation, state, context) = (_scheduled!, _state, _context);
        (_scheduled, _state, _context, _scheduler) = (null, null, null, null);
        if (context is null)
            continuation(state);
        else
            ExecutionContext.Run(context, s_flow, (continuation, state));
    }

    private void Check(short token)
    {
        if (token != _version)
            throw new InvalidOperationException("The result of this call was read before.");
    }
}

/// <summary>A call that is awaited for a <typeparamref name="TResult"/>.</summary>
internal sealed class AwaitableCall<TResult> : AwaitableCall, IValueTaskSource<TResult>
    where TResult : struct, IRpcResult<TResult>
{
    private const int RetainedCalls = 256;
    private static readonly ObjectPool<AwaitableCall<TResult>> s_pool =
        new DefaultObjectPool<AwaitableCall<TResult>>(new DefaultPooledObjectPolicy<AwaitableCall<TResult>>(), RetainedCalls);

    public static AwaitableCall<TResult> Rent(RpcClient client)
    {
        var call = s_pool.Get();
        call.Client = client;
        return call;
    }

    public TResult GetResult(short token) => TResult.From(Finish(token));

    protected override void Recycle() => s_pool.Return(this);
}
