using System.Buffers;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Transport.Capture;

/// <summary>
/// A port that writes what crosses it into a capture and changes nothing; <see cref="CaptureLog.Attach"/> makes one. Packets that were not
/// queued are not written. HOT: a packet allocates nothing.
/// </summary>
public sealed class CapturePort : IMsgQueuePort
{
    private readonly IMsgQueuePort _inner;
    private readonly CaptureLog _log;
    private readonly int _link;
    private readonly CaptureDirection _sends;
    private readonly CaptureDirection _receives;

    internal CapturePort(IMsgQueuePort inner, CaptureLog log, int link, LinkEnd end)
    {
        _inner = inner;
        _log = log;
        _link = link;
        (_sends, _receives) = end == LinkEnd.Vm ? (CaptureDirection.ToRm, CaptureDirection.FromRm) : (CaptureDirection.FromRm, CaptureDirection.ToRm);
    }

    /// <inheritdoc/>
    public MemoryPool<byte> Buffers => _inner.Buffers;

    /// <inheritdoc/>
    public Action? NotFull
    {
        get => _inner.NotFull;
        set => _inner.NotFull = value;
    }

    /// <inheritdoc/>
    public Action? NotEmpty
    {
        get => _inner.NotEmpty;
        set => _inner.NotEmpty = value;
    }

    /// <inheritdoc/>
    public MsgQueueSendResult Send(ReadOnlyMemory<byte> message, MsgQueueFlags flags)
    {
        // The place in the file is taken before the send: the answer may come on another thread before the send has returned here.
        var place = _log.Begin(_link, _sends, message.Span);
        var result = new MsgQueueSendResult(GunyahError.Failure, NotFull: false);
        try
        {
            result = _inner.Send(message, flags);
            return result;
        }
        finally
        {
            // Hypervisor 23.12 answers Ok to what no queue carries.
            _log.End(place, result.Error == GunyahError.Ok && !message.IsEmpty, CaptureComments.OfSend(flags, result.NotFull));
        }
    }

    /// <inheritdoc/>
    public MsgQueueReceiveResult Receive(Memory<byte> buffer)
    {
        var result = _inner.Receive(buffer);
        if (result.Error == GunyahError.Ok && result.Size > 0)
            _log.End(_log.Begin(_link, _receives, buffer.Span[..result.Size]), isThere: true, default);
        return result;
    }
}
