using System.Buffers;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Transport.Ports;

/// <summary>Sees every packet that goes through an <see cref="ObservedPort"/>, on the thread that sends or receives it.</summary>
public interface IPacketObserver
{
    /// <summary>A send returned. <paramref name="packet"/> is in the queue only if the result says Ok; it may not be kept.</summary>
    void OnSend(ReadOnlySpan<byte> packet, MsgQueueFlags flags, MsgQueueSendResult result);

    /// <summary>A receive returned. <paramref name="packet"/> is empty unless one was taken; it may not be kept.</summary>
    void OnReceive(ReadOnlySpan<byte> packet, MsgQueueReceiveResult result);
}

/// <summary>A port that shows its packets to an observer and changes nothing. Where nobody looks, there is no such port and no cost.</summary>
public sealed class ObservedPort : IMsgQueuePort
{
    private readonly IMsgQueuePort _inner;
    private readonly IPacketObserver _observer;

    /// <summary>Shows the packets of <paramref name="inner"/> to <paramref name="observer"/>.</summary>
    public ObservedPort(IMsgQueuePort inner, IPacketObserver observer)
    {
        _inner = inner;
        _observer = observer;
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
        var result = _inner.Send(message, flags);
        _observer.OnSend(message.Span, flags, result);
        return result;
    }

    /// <inheritdoc/>
    public MsgQueueReceiveResult Receive(Memory<byte> buffer)
    {
        var result = _inner.Receive(buffer);
        _observer.OnReceive(buffer.Span[..result.Size], result);
        return result;
    }
}
