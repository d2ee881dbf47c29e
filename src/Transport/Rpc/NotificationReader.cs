using System.Threading.Tasks.Sources;

namespace RmStack.Transport.Rpc;

/// <summary>Notifications that wait for one reader, and the reader that waits for them. Bounded: one too many drops the oldest.</summary>
internal sealed class NotificationReader(RpcClient client, int backlog, CancellationToken ct)
    : IAsyncEnumerable<RpcNotificationMessage>, IAsyncEnumerator<RpcNotificationMessage>, IValueTaskSource<bool>, IThreadPoolWorkItem
{
    private const int FirstSize = 16;
    private static readonly Action<object?> s_cancel = static reader => ((NotificationReader)reader!).End(cancelled: true);

    private readonly BriefLock _gate = new();
    private RpcNotificationMessage[] _ring = [];
    private int _head;
    private int _count;
    private bool _waiting;
    private bool _ended;
    private bool _cancelled;
    private int _enumerated;
    private short _version;
    private ContinuationSlot _slot;
    private CancellationTokenRegistration _first;
    private CancellationTokenRegistration _second;

    public RpcNotificationMessage Current { get; private set; }

    /// <summary>Takes a notification. False: one was dropped for it.</summary>
    public bool Add(RpcNotificationMessage message)
    {
        RpcNotificationMessage dropped;
        bool fits, wake;
        using (_gate.Hold())
        {
            fits = _ended || _count < backlog;
            dropped = _ended ? message : fits ? default : Take();
            if (!_ended)
                Put(message);
            wake = _waiting;
            _waiting = false;
        }

        dropped.Dispose();
        if (wake)
            _slot.Complete(this);
        return fits;
    }

    /// <summary>No more come.</summary>
    public void End(bool cancelled)
    {
        bool wake;
        using (_gate.Hold())
        {
            _ended = true;
            _cancelled |= cancelled;
            wake = _waiting;
            _waiting = false;
        }

        if (wake)
            _slot.Complete(this);
    }

    public IAsyncEnumerator<RpcNotificationMessage> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _enumerated, 1) != 0)
            throw new InvalidOperationException("These notifications are read already; ask the client for others.");
        _first = ct.UnsafeRegister(s_cancel, this);
        _second = cancellationToken.UnsafeRegister(s_cancel, this);
        return this;
    }

    public ValueTask<bool> MoveNextAsync()
    {
        var wait = false;
        using (_gate.Hold())
        {
            if (!_cancelled && _count == 0 && !_ended)
            {
                _slot.Prepare(inline: false);
                wait = _waiting = true;
            }
        }

        return wait ? new ValueTask<bool>(this, _version) : new ValueTask<bool>(TakeNext());
    }

    public ValueTask DisposeAsync()
    {
        client.Remove(this);
        _first.Dispose();
        _second.Dispose();
        End(cancelled: false);
        while (TryTake(out var unread))
            unread.Dispose();
        return ValueTask.CompletedTask;
    }

    bool IValueTaskSource<bool>.GetResult(short token)
    {
        Check(token);
        if (!_slot.IsCompleted)
            throw new InvalidOperationException("No notification has come; await it.");
        _slot.Reset();
        _version++;
        return TakeNext();
    }

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token)
    {
        Check(token);
        return _slot.IsCompleted ? ValueTaskSourceStatus.Succeeded : ValueTaskSourceStatus.Pending;
    }

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        Check(token);
        _slot.OnCompleted(this, continuation, state, flags);
    }

    void IThreadPoolWorkItem.Execute() => _slot.Run();

    private bool TakeNext()
    {
        if (_cancelled)
            throw new OperationCanceledException(_second.Token.IsCancellationRequested ? _second.Token : ct);
        var there = TryTake(out var next);
        Current = next;
        return there;
    }

    private bool TryTake(out RpcNotificationMessage message)
    {
        using (_gate.Hold())
        {
            var there = _count > 0;
            message = there ? Take() : default;
            return there;
        }
    }

    private RpcNotificationMessage Take()
    {
        var message = _ring[_head];
        _ring[_head] = default;
        _head = (_head + 1) % _ring.Length;
        _count--;
        return message;
    }

    private void Put(RpcNotificationMessage message)
    {
        if (_count == _ring.Length)
        {
            var larger = new RpcNotificationMessage[Math.Clamp(_ring.Length * 2, Math.Min(FirstSize, backlog), backlog)];
            for (var i = 0; i < _count; i++)
                larger[i] = _ring[(_head + i) % _ring.Length];
            (_ring, _head) = (larger, 0);
        }

        _ring[(_head + _count) % _ring.Length] = message;
        _count++;
    }

    private void Check(short token)
    {
        if (token != _version)
            throw new InvalidOperationException("This result was read before.");
    }
}
