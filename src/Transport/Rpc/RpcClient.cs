using System.Buffers;
using System.Runtime.ExceptionServices;
using RmStack.Protocol;
using RmStack.Protocol.Hypercalls;
using RmStack.Protocol.Messages;

namespace RmStack.Transport.Rpc;

/// <summary>
/// The VM's end of an RM link: calls that can be awaited, and notifications. Linux: rsc_mgr.c.
/// </summary>
/// <remarks>
/// Safe from any thread. No lock is held during a hypercall or while user code runs; of several threads that want to send (or to receive),
/// one does it for all. On a single-threaded synchronization context everything happens on that context, in a fixed order.
/// </remarks>
public sealed partial class RpcClient : IAsyncDisposable
{
    // One slab serves both directions: packets to send are made behind the receive buffer, on a cache line of their own.
    private const int TransmitOffset = (RpcConnection.ReceiveBufferSize + 63) & ~63;
    private const int SlabBytes = TransmitOffset + RpcLimits.PacketSize;

    private readonly IMsgQueuePort _port;
    private readonly RpcClientOptions _options;
    private readonly BriefLock _gate = new();
    private readonly RpcConnection _connection;
    private IMemoryOwner<byte>? _slab;
    private bool _transmitting;
    private bool _receiving;
    private bool _receiveAgain;
    private bool _listens;
    private Action<RpcNotification>? _notification;
    private bool _closed;

    /// <summary>Takes the port over: its two interrupt handlers are the client's until it is disposed.</summary>
    public RpcClient(IMsgQueuePort port, RpcClientOptions? options = null)
    {
        _port = port;
        _options = options ?? new RpcClientOptions();
        if (_options.DefaultTimeout is not null && _options.TimeProvider is null)
            throw new ArgumentException("A default timeout needs a time provider.", nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.NotificationBacklog, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)_options.MaxRequestContent, (uint)RpcLimits.MaxContent, nameof(options));
        _slab = port.Buffers.Rent(SlabBytes);
        _connection = RpcConnection.CreateClient(
            _options,
            _slab.Memory[..RpcConnection.ReceiveBufferSize],
            _slab.Memory.Slice(TransmitOffset, RpcLimits.PacketSize));
        port.NotFull = OnNotFull;
    }

    /// <summary>
    /// Handles notifications in the order of their arrival, on the receive path, before the next packet is read, as Linux v17 does. It must
    /// not block: a handler that waits for a reply waits for ever. What waits in the queue when the first handler is set is handled at once.
    /// Linux: gunyah_rm_notifier.
    /// </summary>
    public Action<RpcNotification>? Notification
    {
        get => _notification;
        set
        {
            _notification = value;
            if (value is not null)
                StartReceiving();
        }
    }

    /// <summary>What has happened so far.</summary>
    public RpcStatistics Statistics => _connection.Statistics;

    /// <summary>Calls that have not ended.</summary>
    public int OpenCalls
    {
        get
        {
            using (_gate.Hold())
                return _connection.OpenCalls;
        }
    }

    /// <summary>Sequence ids that are kept back because a late reply with them may still come.</summary>
    public int ReservedIds
    {
        get
        {
            using (_gate.Hold())
                return _connection.ReservedIds;
        }
    }

    /// <summary>
    /// Sends a request and waits for its reply. Every end is a status of the result, cancellation included; nothing is thrown.
    /// <paramref name="payload"/> is sent from where it lies and must not change until the call ended. What awaits the call goes on where the call
    /// was made, also with ConfigureAwait(false); nothing may block that place.
    /// </summary>
    public ValueTask<RpcCallResult> CallAsync(MessageId id, ReadOnlyMemory<byte> payload, CancellationToken ct = default) =>
        CallAsync(id, payload, _options.DefaultTimeout, ct);

    /// <summary>The same with a timeout of its own; null for none.</summary>
    public ValueTask<RpcCallResult> CallAsync(MessageId id, ReadOnlyMemory<byte> payload, TimeSpan? timeout, CancellationToken ct = default) =>
        StartAsync(AwaitableCall<RpcCallResult>.Rent(this), id, payload, timeout, ct);

    /// <summary>Ends every open call as <see cref="RpcCallStatus.Closed"/>, every notification reader, and the use of the port.</summary>
    public ValueTask DisposeAsync()
    {
        RpcCall? ended;
        using (_gate.Hold())
        {
            if (_closed)
                return ValueTask.CompletedTask;
            _closed = true;
            _connection.Close();
            ended = _connection.TakeEnded();
        }

        _port.NotFull = null;
        _port.NotEmpty = null;
        ExceptionDispatchInfo? failure = null;
        Signal(ended, ref failure);
        StopTimer();
        EndReaders(ref failure);
        ReleaseSlab();
        failure?.Throw();
        return ValueTask.CompletedTask;
    }

    internal void Cancel(AwaitableCall call)
    {
        RpcCall? ended;
        using (_gate.Hold())
        {
            _connection.Cancel(call);
            ended = _connection.TakeEnded();
        }

        ExceptionDispatchInfo? failure = null;
        Signal(ended, ref failure);
        // The cancelled request may have kept the next one waiting.
        Transmit(ref failure);
        failure?.Throw();
    }

    /// <summary>A call whose request is to be written into its <see cref="AwaitableCall.RequestBuffer"/>, for <see cref="SendAsync"/>.</summary>
    internal AwaitableCall<RpcResult<TReply>> NewCall<TReply>()
        where TReply : IMessageView<TReply>, allows ref struct => AwaitableCall<RpcResult<TReply>>.Rent(this);

    /// <summary>Sends the first <paramref name="length"/> bytes of the call's buffer.</summary>
    internal ValueTask<RpcResult<TReply>> SendAsync<TReply>(AwaitableCall<RpcResult<TReply>> call, MessageId id, int length, CancellationToken ct)
        where TReply : IMessageView<TReply>, allows ref struct => StartAsync(call, id, call.WrittenRequest(length), _options.DefaultTimeout, ct);

    private ValueTask<TResult> StartAsync<TResult>(AwaitableCall<TResult> call, MessageId id, ReadOnlyMemory<byte> payload, TimeSpan? timeout, CancellationToken ct)
        where TResult : struct, IRpcResult<TResult>
    {
        if (ct.IsCancellationRequested)
            return Refuse(call, RpcCallStatus.Cancelled);
        var deadline = DeadlineAfter(timeout);
        if (!_listens)
            StartReceiving();
        call.Prepare(_options.InlineContinuations);
        // Nobody can end the life of the call before its task is returned, whatever happens to the call from here on.
        var result = new ValueTask<TResult>(call, call.Version);
        RpcCallStatus refusal;
        bool send;
        ReadOnlyMemory<byte> packet;
        MsgQueueFlags flags;
        using (_gate.Hold())
        {
            refusal = _connection.Start(call, id, payload, deadline);
            (send, packet, flags) = (false, default, default);
            if (refusal == RpcCallStatus.Pending)
                send = TryBeginPacket(out packet, out flags);
        }

        if (refusal != RpcCallStatus.Pending)
            return Refuse(call, refusal);
        ExceptionDispatchInfo? failure = null;
        if (send)
            Transmit(packet, flags, ref failure);
        if (ct.CanBeCanceled)
            call.CancelWith(ct);
        if (deadline is not null)
            ArmTimer();
        // Another caller's mistake, which this one can do nothing about: it goes where mistakes go that nobody awaits.
        if (failure is not null)
            ThreadPool.UnsafeQueueUserWorkItem(static mistake => mistake.Throw(), failure, preferLocal: false);
        return result;
    }

    private static ValueTask<TResult> Refuse<TResult>(AwaitableCall<TResult> call, RpcCallStatus refusal)
        where TResult : struct, IRpcResult<TResult>
    {
        call.Release(call.Life);
        return new ValueTask<TResult>(TResult.From(new RpcCallResult(refusal)));
    }

    /// <summary>
    /// From the first call, handler or reader on, so that no notification is lost before somebody can hear it. Packets that wait already raise
    /// no interrupt any more, and would keep later ones from raising it.
    /// </summary>
    private void StartReceiving()
    {
        using (_gate.Hold())
        {
            if (_listens || _closed)
                return;
            _listens = true;
        }

        _port.NotEmpty = OnNotEmpty;
        if (_closed)
            _port.NotEmpty = null;
        OnNotEmpty();
    }

    private void OnNotFull()
    {
        using (_gate.Hold())
            _connection.QueueNotFull();
        ExceptionDispatchInfo? failure = null;
        Transmit(ref failure);
        failure?.Throw();
    }

    private void OnNotEmpty()
    {
        using (_gate.Hold())
        {
            if (_closed)
                return;
            // Whoever is receiving goes on after the packet that it has.
            _receiveAgain = _receiving;
            if (_receiving)
                return;
            _receiving = true;
        }

        // A notification handler's own mistake is for whoever raised the interrupt; what is left in the queue is read first, because no further edge would come for it.
        ExceptionDispatchInfo? failure = null;
        while (ReceiveOne(ref failure))
        {
        }

        failure?.Throw();
    }

    /// <summary>One packet of the receive interrupt's thread. False: the queue said that it is empty, or the rules say stop, and no interrupt came meanwhile.</summary>
    private bool ReceiveOne(ref ExceptionDispatchInfo? failure)
    {
        var received = _port.Receive(_connection.ReceiveWindow);
        // Ok without a byte: a message that does not fit a packet, which hypervisor 23.12 leaves in place. Nothing can remove it.
        if (received.Error != GunyahError.Ok || received.Size == 0)
        {
            _connection.NothingReceived();
            if (received.Error != GunyahError.MsgQueueEmpty)
                CountReceiveError();
            return StopReceiving();
        }

        RpcEvent what;
        RpcCall? ended;
        bool goOn, closed;
        using (_gate.Hold())
        {
            what = _connection.PacketReceived(received.Size);
            ended = _connection.TakeEnded();
            closed = _closed;
            goOn = received.NotEmpty && !what.StopReceiving;
            // A notification is read in place: nothing may be received before its handler has returned.
            if (what.Kind != RpcEventKind.Notification)
                goOn = GoOnReceiving(goOn);
        }

        if (ended is not null)
            Signal(ended, ref failure);
        if (what.Kind == RpcEventKind.Notification)
        {
            if (!_closed)
                Deliver(what.Header, ref failure);
            using (_gate.Hold())
            {
                closed = _closed;
                goOn = GoOnReceiving(goOn);
            }
        }

        if (closed)
            ReleaseSlab();
        return goOn;
    }

    private bool StopReceiving()
    {
        bool goOn, closed;
        using (_gate.Hold())
        {
            closed = _closed;
            goOn = GoOnReceiving(goOn: false);
        }

        if (closed)
            ReleaseSlab();
        return goOn;
    }

    /// <summary>Under the lock: whether this run of the interrupt's thread goes on, or an interrupt that came meanwhile begins another.</summary>
    private bool GoOnReceiving(bool goOn)
    {
        if (!goOn)
            (goOn, _receiveAgain) = (_receiveAgain, false);
        return _receiving = goOn && !_closed;
    }

    private void CountReceiveError()
    {
        using (_gate.Hold())
            Statistics.ReceiveErrors++;
    }

    /// <summary>Sends what may be sent, unless somebody does it already.</summary>
    private void Transmit(ref ExceptionDispatchInfo? failure)
    {
        ReadOnlyMemory<byte> packet;
        MsgQueueFlags flags;
        using (_gate.Hold())
        {
            if (!TryBeginPacket(out packet, out flags))
                return;
        }

        Transmit(packet, flags, ref failure);
    }

    private void Transmit(ReadOnlyMemory<byte> packet, MsgQueueFlags flags, ref ExceptionDispatchInfo? failure)
    {
        bool more, closed;
        do
        {
            var result = _port.Send(packet, flags);
            RpcCall? ended;
            using (_gate.Hold())
            {
                _connection.PacketSent(result);
                ended = _connection.TakeEnded();
                more = _connection.TryBeginPacket(out packet, out flags);
                _transmitting = more;
                closed = _closed;
            }

            if (ended is not null)
                Signal(ended, ref failure);
        }
        while (more);
        if (closed)
            ReleaseSlab();
    }

    /// <summary>Under the lock: whoever gets a packet is the one who sends.</summary>
    private bool TryBeginPacket(out ReadOnlyMemory<byte> packet, out MsgQueueFlags flags)
    {
        if (!_transmitting)
            return _transmitting = _connection.TryBeginPacket(out packet, out flags);
        (packet, flags) = (default, MsgQueueFlags.None);
        return false;
    }

    /// <summary>
    /// Wakes the callers of a chain of ended calls. Outside the lock: callers may run here. What one of them throws, or its context, is for whoever
    /// raised the interrupt, when everything else has been done.
    /// </summary>
    private static void Signal(RpcCall? ended, ref ExceptionDispatchInfo? failure)
    {
        while (ended is not null)
        {
            var next = ended.NextEnded;
            ended.NextEnded = null;
            try
            {
                ((AwaitableCall)ended).Signal();
            }
            catch (Exception mistake)
            {
                failure ??= ExceptionDispatchInfo.Capture(mistake);
            }

            ended = next;
        }
    }

    /// <summary>Once closed, the last of the parties that use the slab gives it back.</summary>
    private void ReleaseSlab()
    {
        IMemoryOwner<byte>? slab = null;
        using (_gate.Hold())
        {
            if (_closed && !_transmitting && !_receiving)
                (slab, _slab) = (_slab, null);
        }

        slab?.Dispose();
    }
}
