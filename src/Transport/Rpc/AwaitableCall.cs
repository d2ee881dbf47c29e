using System.Buffers;
using System.Threading.Tasks.Sources;
using Microsoft.Extensions.ObjectPool;
using RmStack.Protocol;

namespace RmStack.Transport.Rpc;

/// <summary>
/// A call that can be awaited; see <see cref="ContinuationSlot"/> for where what awaits it goes on. The object goes back to its pool when the
/// result was given back, so a call allocates nothing. HOT.
/// </summary>
internal abstract class AwaitableCall : RpcCall, IThreadPoolWorkItem
{
    private const int SmallRequest = RpcLimits.ContentPerPacket;
    private static readonly Action<object?> s_cancel = static call => ((AwaitableCall)call!).Client!.Cancel((AwaitableCall)call);

    private ContinuationSlot _slot;
    private CancellationTokenRegistration _registration;
    private byte[]? _small;
    private byte[]? _large;
    private short _version;

    /// <summary>Whose call it is; null while it lies in the pool.</summary>
    public RpcClient? Client { get; set; }

    public short Version => _version;

    /// <summary>Memory of the call's own to write a request into.</summary>
    public Span<byte> RequestBuffer(int size)
    {
        if (size > SmallRequest)
            return (_large = ArrayPool<byte>.Shared.Rent(size)).AsSpan(0, size);
        return (_small ??= new byte[SmallRequest]).AsSpan(0, size);
    }

    /// <summary>What was written into <see cref="RequestBuffer"/>.</summary>
    public ReadOnlyMemory<byte> WrittenRequest(int length) => new(_large ?? _small, 0, length);

    /// <summary>Notes the caller's context, before the call can end.</summary>
    public void Prepare(bool inline) => _slot.Prepare(inline);

    public void CancelWith(CancellationToken token) => _registration = token.UnsafeRegister(s_cancel, this);

    /// <summary>Wakes the awaiter. Called once per call, outside every lock.</summary>
    public void Signal() => _slot.Complete(this);

    public ValueTaskSourceStatus GetStatus(short token)
    {
        Check(token);
        return _slot.IsCompleted ? ValueTaskSourceStatus.Succeeded : ValueTaskSourceStatus.Pending;
    }

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        Check(token);
        _slot.OnCompleted(this, continuation, state, flags);
    }

    void IThreadPoolWorkItem.Execute() => _slot.Run();

    internal sealed override void OnReleased()
    {
        Client = null;
        if (_large is { } large)
        {
            _large = null;
            ArrayPool<byte>.Shared.Return(large);
        }

        Recycle();
    }

    /// <summary>Back to the pool.</summary>
    protected abstract void Recycle();

    /// <summary>Reads the result; the object is ready for another life when that is given back.</summary>
    protected RpcCallResult Finish(short token)
    {
        Check(token);
        if (!_slot.IsCompleted)
            throw new InvalidOperationException("The call has not ended; await it.");
        // Waits for a cancellation that is just being delivered, so that it cannot hit the next call of this object.
        _registration.Dispose();
        _registration = default;
        _slot.Reset();
        _version++;
        return TakeResult();
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
