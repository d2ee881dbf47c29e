using System.Buffers.Binary;
using System.Diagnostics;
using RmStack.Protocol;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Transport.Rpc;

/// <content>The client's half. Linux: rsc_mgr_rpc.c, rsc_mgr.c.</content>
public sealed partial class RpcConnection
{
    private readonly PendingCalls _calls = new(0);
    private readonly int _maxRequestContent;
    private readonly bool _sendsEmptyRequests;
    private readonly RequestSplitting _splitting;

    private CallQueue _queue;
    private RpcCall? _sendingCall;
    private RpcCall? _firstEnded;
    // Null while there is only one.
    private RpcCall? _lastEnded;

    private RpcConnection(RpcClientOptions options, Memory<byte> receiveBuffer, Memory<byte> transmitBuffer)
        : this(options.Rules, receiveBuffer, transmitBuffer, isServer: false)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)options.MaxRequestContent, (uint)RpcLimits.MaxContent, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(transmitBuffer.Length, RpcLimits.PacketSize, nameof(transmitBuffer));
        _maxRequestContent = options.MaxRequestContent;
        _sendsEmptyRequests = options.SendsEmptyRequests;
        _splitting = options.Splitting;
        _calls = new PendingCalls(options.LastSequenceId);
    }

    /// <summary>The earliest deadline of an open call, or null.</summary>
    public long? NextDeadline => _calls.NextDeadline;

    /// <summary>Calls that have not ended.</summary>
    public int OpenCalls => _calls.Open;

    /// <summary>Sequence ids of calls that were given up and whose late reply has not come.</summary>
    public int ReservedIds => _calls.Reserved;

    /// <summary>
    /// The client's end. Packets are received into <paramref name="receiveBuffer"/> (<see cref="ReceiveBufferSize"/> bytes) and sent from
    /// <paramref name="transmitBuffer"/> (240 bytes); both are memory that the queue's hypercalls may name.
    /// </summary>
    public static RpcConnection CreateClient(RpcClientOptions options, Memory<byte> receiveBuffer, Memory<byte> transmitBuffer) =>
        new(options, receiveBuffer, transmitBuffer);

    /// <summary>
    /// Opens a call, in the order in which Linux refuses: bad id, too big, no sequence id. Pending means open; any other status is final
    /// and the connection has kept nothing. <paramref name="request"/> is read packet by packet and must stay as it is until the call ended.
    /// </summary>
    public RpcCallStatus Start(RpcCall call, MessageId id, ReadOnlyMemory<byte> request, long? deadline = null)
    {
        Debug.Assert(!_isServer, "a server makes no calls");
        Debug.Assert(call.State == RpcCallState.Idle, "the call is in use");
        if (_closed)
            return RpcCallStatus.Closed;
        if (id.Value == 0)
            return RpcCallStatus.InvalidArgument;
        if (request.Length > _maxRequestContent || (request.IsEmpty && !_sendsEmptyRequests))
            return RpcCallStatus.TooBig;
        call.Begin(id, request, deadline);
        if (!_calls.TryAdd(call))
        {
            call.State = RpcCallState.Idle;
            call.Request = default;
            return RpcCallStatus.NoSequenceId;
        }

        call.Number = Statistics.CallsStarted++;
        _queue.Add(call);
        return RpcCallStatus.Pending;
    }

    /// <summary>
    /// Gives a call up. A request that is not in the queue in full is not sent further: the RM keeps what it got until the next first packet
    /// displaces it, so no reply can come and the id is free. Otherwise the id stays reserved until the late reply.
    /// </summary>
    public void Cancel(RpcCall call, RpcCallStatus status = RpcCallStatus.Cancelled)
    {
        switch (call.State)
        {
            case RpcCallState.Queued:
                End(call, call.IsAnswered ? call.EndsAs : status, ReplyUnderWay(call));
                break;
            case RpcCallState.Sending when !_packetOut:
                StopTransmitting();
                End(call, call.IsAnswered ? call.EndsAs : status, ReplyUnderWay(call));
                break;
            case RpcCallState.Sending:
                // A packet is on its way to the queue; whether it gets there decides about the id.
                if (call.GivenUp == RpcCallStatus.Pending)
                    call.GivenUp = status;
                break;
            case RpcCallState.Waiting:
                End(call, status, replyMayCome: true);
                break;
            default:
                break;
        }
    }

    /// <summary>Ends the calls whose deadline is at or before <paramref name="now"/>.</summary>
    public void Expire(long now)
    {
        while (_calls.Expired(now) is { } call)
        {
            _calls.ClearDeadline(call);
            Cancel(call, RpcCallStatus.TimedOut);
        }
    }

    /// <summary>A call that ended and was not taken yet.</summary>
    public bool TryTakeEnded(out RpcCall? call)
    {
        call = _firstEnded;
        if (call is null)
            return false;
        _firstEnded = call.NextEnded;
        call.NextEnded = null;
        if (ReferenceEquals(_firstEnded, _lastEnded))
            _lastEnded = null;
        return true;
    }

    /// <summary>All calls that ended and were not taken yet, linked by <see cref="RpcCall.NextEnded"/>, or null.</summary>
    internal RpcCall? TakeEnded()
    {
        var first = _firstEnded;
        if (first is not null)
            (_firstEnded, _lastEnded) = (null, null);
        return first;
    }

    private bool ClientNextPacket(out int length, out MsgQueueFlags flags)
    {
        (length, flags) = (0, MsgQueueFlags.None);
        if (!_transmitting)
        {
            if (_queue.Take() is not { } next)
                return false;
            _sendingCall = next;
            next.State = RpcCallState.Sending;
            _fragmenter = new Fragmenter(RpcMessageType.Request, next.SequenceId, next.Id, next.Request.Length, _splitting);
            _transmitting = true;
        }

        _fragmenter.TryWriteNext(_sendingCall!.Request.Span, TransmitBuffer, out length, out var last);
        flags = last ? MsgQueueFlags.Push : MsgQueueFlags.None;
        return true;
    }

    private void ClientSent()
    {
        var call = _sendingCall!;
        if (_fragmenter.Done || call.GivenUp != RpcCallStatus.Pending)
            EndSending(call);
    }

    private void ClientRefused(GunyahError error)
    {
        _fragmenter.Unsend();
        var call = _sendingCall!;
        if (error != GunyahError.MsgQueueFull)
        {
            StopTransmitting();
            call.SendError = error;
            End(call, RpcCallStatus.SendFailed, ReplyUnderWay(call));
        }
        else if (call.GivenUp != RpcCallStatus.Pending)
        {
            EndSending(call);
        }
    }

    /// <summary>All packets are in the queue, or no more are sent because the caller has given up. An answer that came meanwhile counts.</summary>
    private void EndSending(RpcCall call)
    {
        var sent = _fragmenter.Done;
        if (sent)
            Statistics.MessagesSent++;
        StopTransmitting();
        call.State = RpcCallState.Waiting;
        var status = call.IsAnswered ? call.EndsAs : call.GivenUp;
        if (status != RpcCallStatus.Pending)
            End(call, status, replyMayCome: (sent && !call.IsAnswered) || ReplyUnderWay(call));
    }

    private RpcEvent ClientReceived(int length)
    {
        var outcome = _reassembler.AcceptReceived(length, new OpenCallsOnly(_calls));
        if (outcome == default)
            return default;
        if (Has(outcome, ReassemblyEffects.WouldCrash))
            Statistics.WouldCrash++;
        if (outcome.PartialGone && _reassembler.DisplacedHeader.Type == RpcMessageType.Reply)
            ReplyGone(_reassembler.DisplacedHeader, callerIsTold: !Has(outcome, ReassemblyEffects.PartialLost));
        var stop = Has(outcome, ReassemblyEffects.StopsReceiving);
        var header = _reassembler.Header;
        switch (outcome.Result)
        {
            case ReassemblyResult.Complete when header.Type == RpcMessageType.Notification:
                Statistics.Notifications++;
                return new RpcEvent(RpcEventKind.Notification, header, stop);
            case ReassemblyResult.Complete:
                ReplyComplete(header, _reassembler.Content);
                break;
            case ReassemblyResult.Failed:
                Answer(header, RpcCallStatus.NoMemory);
                break;
            default:
                break;
        }

        return new RpcEvent(RpcEventKind.None, default, stop);
    }

    private static bool Has(ReassemblyOutcome outcome, ReassemblyEffects effect) => (outcome.Effects & effect) != ReassemblyEffects.None;

    private void ReplyComplete(RpcHeader header, ReadOnlySpan<byte> content)
    {
        if (!BinaryPrimitives.TryReadUInt32LittleEndian(content, out var word))
        {
            Answer(header, RpcCallStatus.NoMemory);
            return;
        }

        var error = (RmError)word;
        var payload = content[RpcLimits.ErrorSize..];
        if (Answer(header, error == RmError.Ok ? RpcCallStatus.Ok : RpcCallStatus.RmError) is not { } call)
            return;
        call.Error = error;
        if (error == RmError.Ok && !payload.IsEmpty)
            call.StoreReply(payload);
    }

    private void ReplyGone(RpcHeader header, bool callerIsTold)
    {
        if (callerIsTold || (_calls.TryMatch(header.SequenceId, header.Id, out var call) && call is null))
            Answer(header, RpcCallStatus.Aborted);
    }

    /// <summary>A reply came, whole or not. Returns the call that it ends, or null when that had been given up or answered before.</summary>
    private RpcCall? Answer(RpcHeader header, RpcCallStatus status)
    {
        if (!_calls.TryMatch(header.SequenceId, header.Id, out var call))
            return null;
        if (call is null)
        {
            Statistics.LateReplies++;
            // A second reply displaced the first: its id is free when that one is gone, too.
            if (!ReplyUnderWay(header.SequenceId, header.Id))
                _calls.LateReplySeen(header.SequenceId);
            return null;
        }

        if (call.State == RpcCallState.Waiting)
        {
            End(call, status, ReplyUnderWay(call));
            return call;
        }

        // The answer came before the request was sent in full. Linux finishes sending, and then finds the answer there.
        if (call.IsAnswered)
            return null;
        call.EndsAs = status;
        return call;
    }

    /// <summary>Part of a reply to this call is there: the rest will come, whatever became of the request.</summary>
    private bool ReplyUnderWay(RpcCall call) => ReplyUnderWay(call.SequenceId, call.Id);

    private bool ReplyUnderWay(ushort sequenceId, MessageId id) => _reassembler.HasPartial
        && _reassembler.Header.Type == RpcMessageType.Reply
        && _reassembler.Header.SequenceId == sequenceId
        && _reassembler.Header.Id == id;

    private void End(RpcCall call, RpcCallStatus status, bool replyMayCome)
    {
        if (call.State == RpcCallState.Queued)
            _queue.Remove(call);
        if (replyMayCome)
            _calls.Abandon(call);
        else
            _calls.Remove(call);
        call.State = RpcCallState.Ended;
        call.Status = status;
        call.Request = default;
        if (status is RpcCallStatus.Ok or RpcCallStatus.RmError)
        {
            Statistics.CallsAnswered++;
        }
        else
        {
            call.Error = RmError.Ok;
            call.DropReply();
        }

        if (_firstEnded is null)
        {
            _firstEnded = call;
            return;
        }

        (_lastEnded ?? _firstEnded).NextEnded = call;
        _lastEnded = call;
    }

    private readonly struct OpenCallsOnly(PendingCalls calls) : IReplyFilter
    {
        // Replies to calls that were given up pass, too: they are taken whole and thrown away, so that none of their packets is ever joined to another reply.
        public bool IsExpected(in RpcHeader reply) => calls.TryMatch(reply.SequenceId, reply.Id, out _);
    }
}
