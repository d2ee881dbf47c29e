using System.Buffers;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Transport.Ports;

/// <summary>One end of two loopback queues in the same process.</summary>
public sealed class LoopbackPort : IMsgQueuePort
{
    /// <summary>Sends to <paramref name="transmit"/> and receives from <paramref name="receive"/>.</summary>
    public LoopbackPort(LoopbackQueue transmit, LoopbackQueue receive, MemoryPool<byte>? buffers = null)
    {
        Transmit = transmit;
        ReceiveQueue = receive;
        Buffers = buffers ?? SlabPool.Shared;
    }

    /// <summary>The queue this end sends to.</summary>
    public LoopbackQueue Transmit { get; }

    /// <summary>The queue this end receives from.</summary>
    public LoopbackQueue ReceiveQueue { get; }

    /// <inheritdoc/>
    public MemoryPool<byte> Buffers { get; }

    /// <inheritdoc/>
    public Action? NotFull
    {
        get => Transmit.SendVirq.Handler;
        set => Transmit.SendVirq.Handler = value;
    }

    /// <inheritdoc/>
    public Action? NotEmpty
    {
        get => ReceiveQueue.ReceiveVirq.Handler;
        set => ReceiveQueue.ReceiveVirq.Handler = value;
    }

    /// <summary>
    /// Two connected ends. Interrupts of an end go to its context, or to the thread pool when that is null.
    /// </summary>
    public static (LoopbackPort Client, LoopbackPort Server) CreatePair(LoopbackQueueOptions? options = null, SynchronizationContext? clientContext = null, SynchronizationContext? serverContext = null)
    {
        var up = new LoopbackQueue(options, senderContext: clientContext, receiverContext: serverContext);
        var down = new LoopbackQueue(options, senderContext: serverContext, receiverContext: clientContext);
        return (new LoopbackPort(up, down), new LoopbackPort(down, up));
    }

    /// <inheritdoc/>
    public MsgQueueSendResult Send(ReadOnlyMemory<byte> message, MsgQueueFlags flags) => Transmit.Send(message.Span, flags);

    /// <inheritdoc/>
    public MsgQueueReceiveResult Receive(Memory<byte> buffer) => ReceiveQueue.Receive(buffer.Span);
}
