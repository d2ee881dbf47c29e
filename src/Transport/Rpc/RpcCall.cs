using System.Buffers;
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
    private const int SmallReply = RpcLimits.ContentPerPacket;
    private byte[] _small = [];
    private byte[]? _large;
    private int _replyLength;
    private int _life;

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

    /// <summary>How the call will end as soon as the packet that is on its way to the queue has been dealt with.</summary>
    internal RpcCallStatus EndsAs { get; set; }

    /// <summary>Counts the results of this object; a result belongs to one of them.</summary>
    internal int Life => Volatile.Read(ref _life);

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
        var result = new RpcCallResult(Status, Error, SendError, _replyLength == 0 ? null : this);
        if (_replyLength == 0)
            Release(Life);
        return result;
    }

    internal void Begin(MessageId id, ReadOnlyMemory<byte> request, long? deadline)
    {
        if (_replyLength != 0)
        {
            // The owner of the call says that its last result is done with; only a pooled call is shared between threads, and that has none here.
            _life++;
            DropReply();
        }

        Id = id;
        Request = request;
        Deadline = deadline;
        Status = RpcCallStatus.Pending;
        EndsAs = RpcCallStatus.Pending;
        Error = RmError.Ok;
        SendError = GunyahError.Ok;
        State = RpcCallState.Queued;
    }

    /// <summary>Keeps the payload of a reply: the memory it lies in belongs to the receiver.</summary>
    internal void StoreReply(ReadOnlySpan<byte> payload)
    {
        if (payload.Length > SmallReply)
            _large = ArrayPool<byte>.Shared.Rent(payload.Length);
        else if (_small.Length == 0)
            _small = new byte[SmallReply];
        payload.CopyTo(_large ?? _small);
        _replyLength = payload.Length;
    }

    internal void DropReply()
    {
        _replyLength = 0;
        if (_large is not { } large)
            return;
        _large = null;
        ArrayPool<byte>.Shared.Return(large);
    }

    internal ReadOnlyMemory<byte> ReadReply(int life)
    {
        ObjectDisposedException.ThrowIf(life != Life, typeof(RpcCallResult));
        return new ReadOnlyMemory<byte>(_large ?? _small, 0, _replyLength);
    }

    /// <summary>Ends the life of a result, once: a result that was copied or disposed twice does no harm.</summary>
    internal void Release(int life)
    {
        if (Interlocked.CompareExchange(ref _life, life + 1, life) != life)
            return;
        DropReply();
        OnReleased();
    }

    /// <summary>The last result was given back: the object is free for another call.</summary>
    internal virtual void OnReleased()
    {
    }
}
