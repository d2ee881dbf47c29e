using System.Buffers;
using RmStack.Protocol.Hypercalls;
using RmStack.Transport.Capture;

namespace RmStack.Transport.Ports.Replay;

/// <summary>
/// The other end of a link that was recorded: its packets come as they came then, and what is sent is compared with what was sent then, byte
/// for byte. So a client, or a server, can be taken through a real session without the real peer.
/// </summary>
/// <remarks>
/// <para>
/// Order: what is sent has to come in the order of the capture. A packet that was received comes once everything that was sent before it
/// has been sent; one that was sent may be sent earlier than the capture says, before packets that it had been preceded by. So an answer never
/// comes before its question, and a sender that is faster than the recorded one is not kept back.
/// </para>
/// <para>
/// With a clock (<see cref="ReplayOptions.TimeProvider"/>) a packet comes no earlier after the one before it, of either direction, than in the
/// capture.
/// </para>
/// <para>
/// What depends on moments that no capture has may differ in fact: a server that stores replies and notifications while its queue is full
/// sends them in an order of that kind. A capture taken at the server's own end has its full queues (<see cref="ReplayOptions.ReplaysFullQueues"/>).
/// </para>
/// <para>Safe from any thread. Interrupts are delivered from outside the calls that cause them.</para>
/// </remarks>
public sealed partial class ReplayPort : IMsgQueuePort, IDisposable
{
    private readonly Lock _gate = new();
    private readonly RecordedLink _link;
    private readonly ReplayOptions _options;
    private readonly CaptureDirection _sends;
    private readonly SequenceMap _sequences;
    private readonly LoopbackVirq _notFull;
    private readonly LoopbackVirq _notEmpty;
    private readonly List<ReplayMismatch> _mismatches = [];
    private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly byte[] _expected;

    // Places in the capture: the next packet to be sent, the next to come, the next to be received.
    private int _nextSend;
    private int _nextToCome;
    private int _nextReceive;
    private int _sent;
    private int _received;
    private long _mismatchCount;
    private Action? _notFullHandler;
    private bool _notFullPending;
    private bool _full;

    /// <summary>The other end of <paramref name="link"/> for whoever has the end <paramref name="end"/>.</summary>
    /// <param name="link">What was recorded. A link with a <see cref="RecordedLink.Defect"/> cannot be replayed.</param>
    /// <param name="end">Which end the holder of the port has.</param>
    /// <param name="options">How it is replayed.</param>
    public ReplayPort(RecordedLink link, LinkEnd end, ReplayOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(link);
        if (link.Defect is { } defect)
            throw new ArgumentException($"{defect} has no direction or is not there in full.", nameof(link));
        _link = link;
        _options = options ?? new ReplayOptions();
        _sends = end == LinkEnd.Vm ? CaptureDirection.ToRm : CaptureDirection.FromRm;
        _sequences = new SequenceMap(_options.SequenceIds, end);
        _expected = new byte[link.Packets.Count == 0 ? 0 : link.Packets.Max(packet => packet.Bytes.Length)];
        _notFull = new LoopbackVirq(_options.Context);
        _notFull.Handler = OnRoom;
        _notEmpty = new LoopbackVirq(_options.Context);
        Buffers = _options.Buffers ?? SlabPool.Shared;
        StartClock();
        (_nextSend, _nextToCome, _nextReceive) = (NextOf(0, sends: true), NextOf(0, sends: false), NextOf(0, sends: false));
        if (LetCome())
            _notEmpty.Raise();
        CompleteIfDone();
    }

    /// <inheritdoc/>
    public MemoryPool<byte> Buffers { get; }

    /// <inheritdoc/>
    public Action? NotFull
    {
        get => Volatile.Read(ref _notFullHandler);
        set
        {
            bool pending;
            lock (_gate)
            {
                Volatile.Write(ref _notFullHandler, value);
                pending = _notFullPending && value is not null;
            }

            if (pending)
                _notFull.Raise();
        }
    }

    /// <inheritdoc/>
    public Action? NotEmpty
    {
        get => _notEmpty.Handler;
        set => _notEmpty.Handler = value;
    }

    /// <summary>Ends when every packet of the capture was sent and received.</summary>
    public Task Completed => _completed.Task;

    /// <summary>Packets that were sent and are not those of the capture: the first <see cref="ReplayOptions.KeptMismatches"/>.</summary>
    public IReadOnlyList<ReplayMismatch> Mismatches
    {
        get
        {
            lock (_gate)
                return [.. _mismatches];
        }
    }

    /// <summary>How far the replay is.</summary>
    public ReplayProgress Progress
    {
        get
        {
            lock (_gate)
            {
                var sends = _link.Packets.Count(packet => packet.Direction == _sends);
                return new ReplayProgress(
                    _sent,
                    _received,
                    _link.Packets.Skip(_nextSend).Count(packet => packet.Direction == _sends),
                    _link.Packets.Count - sends - _received,
                    _mismatchCount,
                    _nextSend < _link.Packets.Count ? _link.Packets[_nextSend] : null);
            }
        }
    }

    /// <summary>Told of a mismatch when it is found, outside every lock, on the thread that sent.</summary>
    public Action<ReplayMismatch>? Differs { get; set; }

    /// <inheritdoc/>
    public MsgQueueSendResult Send(ReadOnlyMemory<byte> message, MsgQueueFlags flags)
    {
        if (message.IsEmpty || message.Length > _options.MaxMessageSize)
            return new MsgQueueSendResult(GunyahError.ArgumentSize, NotFull: false);
        ReplayMismatch? mismatch;
        bool taken, arrived, room, notFull;
        lock (_gate)
        {
            if (_full)
                return new MsgQueueSendResult(GunyahError.MsgQueueFull, NotFull: false);
            mismatch = Compare(message.Span);
            taken = mismatch is null || _options.OnMismatch == MismatchPolicy.GoOn;
            arrived = taken && Advance();
            notFull = !_full;
            room = FindRoom();
        }

        if (mismatch is not null)
            Differs?.Invoke(mismatch);
        if (arrived)
            _notEmpty.Raise();
        if (room)
            _notFull.Raise();
        CompleteIfDone();
        return taken ? new MsgQueueSendResult(GunyahError.Ok, notFull) : new MsgQueueSendResult(GunyahError.Denied, NotFull: false);
    }

    /// <inheritdoc/>
    public MsgQueueReceiveResult Receive(Memory<byte> buffer)
    {
        MsgQueueReceiveResult result;
        bool room;
        lock (_gate)
        {
            result = Take(buffer.Span);
            room = FindRoom();
        }

        if (room)
            _notFull.Raise();
        CompleteIfDone();
        return result;
    }

    /// <summary>Stops the clock; nothing comes any more that has not come yet.</summary>
    public void Dispose() => StopClock();

    private MsgQueueReceiveResult Take(Span<byte> buffer)
    {
        if (_nextReceive >= _nextToCome)
            return new MsgQueueReceiveResult(GunyahError.MsgQueueEmpty, 0, NotEmpty: false);
        var bytes = _link.Packets[_nextReceive].Bytes.Span;
        if (bytes.Length > buffer.Length)
            return new MsgQueueReceiveResult(GunyahError.AddrOverflow, 0, NotEmpty: false);
        bytes.CopyTo(buffer);
        _sequences.Deliver(buffer[..bytes.Length]);
        _received++;
        _nextReceive = NextOf(_nextReceive + 1, sends: false);
        return new MsgQueueReceiveResult(GunyahError.Ok, bytes.Length, _nextReceive < _nextToCome);
    }

    private ReplayMismatch? Compare(ReadOnlySpan<byte> actual)
    {
        var recorded = _nextSend < _link.Packets.Count ? _link.Packets[_nextSend] : null;
        var expected = _expected.AsSpan(0, recorded?.Bytes.Length ?? 0);
        if (recorded is not null)
            _sequences.Expect(recorded.Bytes.Span, actual, expected);
        if (recorded is not null && expected.SequenceEqual(actual))
            return null;
        _mismatchCount++;
        var mismatch = new ReplayMismatch(recorded, expected.ToArray(), actual.ToArray());
        if (_mismatches.Count < _options.KeptMismatches)
            _mismatches.Add(mismatch);
        return mismatch;
    }

    /// <summary>The expected packet was sent: what waited for it may come. True: it did, into an empty queue.</summary>
    private bool Advance()
    {
        // What comes after the end of the capture has no place in it.
        if (_nextSend >= _link.Packets.Count)
            return false;
        _full = _options.ReplaysFullQueues && _link.Packets[_nextSend].FilledQueue;
        Happened(_nextSend);
        _sent++;
        _nextSend = NextOf(_nextSend + 1, sends: true);
        return LetCome();
    }

    /// <summary>Whether the recorded sender had received no more than was received now when it went on after a full queue.</summary>
    private bool FindRoom() => _full && _nextReceive >= _nextSend;

    /// <summary>Room comes with the interrupt and not before: until then the sender meets the full queue.</summary>
    private void OnRoom()
    {
        Action? handler;
        lock (_gate)
        {
            if (FindRoom())
                _full = false;
            handler = _notFullHandler;
            _notFullPending = handler is null;
        }

        handler?.Invoke();
    }

    private int NextOf(int index, bool sends)
    {
        while (index < _link.Packets.Count && (_link.Packets[index].Direction == _sends) != sends)
            index++;
        return index;
    }

    private void CompleteIfDone()
    {
        var end = _link.Packets.Count;
        lock (_gate)
        {
            if (_nextSend < end || _nextReceive < end)
                return;
        }

        _completed.TrySetResult();
    }
}
