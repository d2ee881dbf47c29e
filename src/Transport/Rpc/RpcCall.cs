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

/// <summary>
/// One call of a client, as <see cref="RpcConnection"/> keeps it, with the memory that its reply is copied into. An object may be used for
/// any number of calls, one after the other; the result of one is valid until it is disposed or the next call begins.
/// </summary>
public class RpcCall
{
    private PayloadLease _reply;

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

    /// <summary>What an answer says that came before the request was sent in full; Pending while there is none.</summary>
    internal RpcCallStatus EndsAs { get; set; }

    /// <summary>How the caller gave up while a packet was on its way to the queue; Pending if it did not.</summary>
    internal RpcCallStatus GivenUp { get; set; }

    internal bool IsAnswered => EndsAs != RpcCallStatus.Pending;

    /// <summary>Counts the results of this object; a result belongs to one of them.</summary>
    internal int Life => _reply.Number;

    /// <summary>Calls of a connection are numbered in the order of their start.</summary>
    internal long Number { get; set; }

    // Links of three lists: ended calls to be told, calls to be sent, open calls by deadline.
    internal RpcCall? NextEnded { get; set; }

    internal RpcCall? NextQueued { get; set; }

    internal RpcCall? PreviousQueued { get; set; }

    internal RpcCall? NextDeadline { get; set; }

    internal RpcCall? PreviousDeadline { get; set; }

    /// <summary>Takes the result out of an ended call. Its payload lies in the call.</summary>
    public RpcCallResult TakeResult()
    {
        State = RpcCallState.Idle;
        Request = default;
        var result = new RpcCallResult(Status, Error, SendError, _reply.Length == 0 ? null : this);
        if (_reply.Length == 0)
            Release(Life);
        return result;
    }

    internal void Begin(MessageId id, ReadOnlyMemory<byte> request, long? deadline)
    {
        // The owner of the call says that its last result is done with; only a pooled call is shared between threads, and that has none here.
        if (_reply.Length != 0)
            _reply.End();
        Id = id;
        Request = request;
        Deadline = deadline;
        Status = RpcCallStatus.Pending;
        EndsAs = RpcCallStatus.Pending;
        GivenUp = RpcCallStatus.Pending;
        Error = RmError.Ok;
        SendError = GunyahError.Ok;
        State = RpcCallState.Queued;
    }

    internal void StoreReply(ReadOnlySpan<byte> payload) => _reply.Store(payload);

    internal void DropReply() => _reply.Drop();

    internal ReadOnlyMemory<byte> ReadReply(int life) => _reply.Read(life, typeof(RpcCallResult));

    /// <summary>Ends the life of a result, once.</summary>
    internal void Release(int life)
    {
        if (_reply.TryEnd(life))
            OnReleased();
    }

    /// <summary>The last result was given back: the object is free for another call.</summary>
    internal virtual void OnReleased()
    {
    }
}
