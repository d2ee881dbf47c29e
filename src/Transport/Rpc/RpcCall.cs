using RmStack.Protocol;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Transport.Rpc;

/// <summary>Where a call is.</summary>
internal enum RpcCallState : byte
{
    Idle,
    Queued,
    Sending,
    Waiting,
    Ended,
}

/// <summary>One call of a client, as <see cref="RpcConnection"/> keeps it. An object may be used for any number of calls, one after the other.</summary>
public class RpcCall
{
    /// <summary>The request's message id.</summary>
    public MessageId Id { get; internal set; }

    /// <summary>The sequence id on the wire.</summary>
    public ushort SequenceId { get; internal set; }

    /// <summary>When it ends as TimedOut, in the units of the clock that the connection is fed with; null for never.</summary>
    public long? Deadline { get; internal set; }

    /// <summary>How it ended; Pending until then.</summary>
    public RpcCallStatus Status { get; internal set; }

    /// <summary>The reply's error word.</summary>
    public RmError Error { get; internal set; }

    /// <summary>Why the request could not be sent.</summary>
    public GunyahError SendError { get; internal set; }

    internal RpcCallState State { get; set; }

    internal ReadOnlyMemory<byte> Request { get; set; }

    internal ReplyBuffer? Reply { get; set; }

    /// <summary>How the call will end as soon as the packet that is on its way to the queue has been dealt with.</summary>
    internal RpcCallStatus EndsAs { get; set; }

    // Links of three lists: ended calls to be told, open calls in order of their start, open calls by deadline.
    internal RpcCall? NextEnded { get; set; }

    internal RpcCall? NextOpen { get; set; }

    internal RpcCall? PreviousOpen { get; set; }

    internal RpcCall? NextDeadline { get; set; }

    internal RpcCall? PreviousDeadline { get; set; }

    /// <summary>Takes the result out of an ended call; the caller owns the payload.</summary>
    public RpcCallResult TakeResult()
    {
        var result = new RpcCallResult(Status, Error, SendError, Reply);
        Reply = null;
        Request = default;
        State = RpcCallState.Idle;
        return result;
    }

    internal void Begin(MessageId id, ReadOnlyMemory<byte> request, long? deadline)
    {
        Id = id;
        Request = request;
        Deadline = deadline;
        Status = RpcCallStatus.Pending;
        EndsAs = RpcCallStatus.Pending;
        Error = RmError.Ok;
        SendError = GunyahError.Ok;
        Reply = null;
        State = RpcCallState.Queued;
    }
}
