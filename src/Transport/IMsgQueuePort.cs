using System.Buffers;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Transport;

/// <summary>Answer of msgqueue_send. Gunyah API: message queues.</summary>
/// <param name="Error">Ok: the packet is in the queue. MsgQueueFull: nothing was queued. Anything else: the call was refused.</param>
/// <param name="NotFull">X1: at least one more packet fits. False after Ok: wait for the TX interrupt before the next send.</param>
public readonly record struct MsgQueueSendResult(GunyahError Error, bool NotFull);

/// <summary>Answer of msgqueue_receive. Gunyah API: message queues.</summary>
/// <param name="Error">Ok: a packet was taken. MsgQueueEmpty: there was none. Anything else: the call was refused.</param>
/// <param name="Size">X1: bytes of the packet; 0 unless one was taken.</param>
/// <param name="NotEmpty">X2: more packets wait. False: the RX interrupt comes with the next packet.</param>
public readonly record struct MsgQueueReceiveResult(GunyahError Error, int Size, bool NotEmpty);

/// <summary>
/// One VM's end of a pair of message queues: the two hypercalls and the two interrupts, and nothing else. Everything above it is the
/// same for a VM of the model, an in-process loopback and a socket.
/// </summary>
/// <remarks>
/// The interrupts are edges. A port keeps an edge that comes while no handler is set and raises it once one is set, as an interrupt
/// controller keeps a pending interrupt. Handlers may be called on any thread, also from inside <see cref="Send"/> or
/// <see cref="Receive"/> of this port; a port never calls handlers of its peer from there, so that no lock of one end is ever taken
/// under a lock of the other.
/// </remarks>
public interface IMsgQueuePort
{
    /// <summary>Memory that <see cref="Send"/> and <see cref="Receive"/> may name: for a VM of the model its own RAM. A slab has at least 16 KiB.</summary>
    MemoryPool<byte> Buffers { get; }

    /// <summary>msgqueue_send. <paramref name="message"/> must lie in <see cref="Buffers"/> and is not referenced after the call.</summary>
    MsgQueueSendResult Send(ReadOnlyMemory<byte> message, MsgQueueFlags flags);

    /// <summary>msgqueue_receive. <paramref name="buffer"/> must lie in <see cref="Buffers"/>.</summary>
    MsgQueueReceiveResult Receive(Memory<byte> buffer);

    /// <summary>The TX interrupt: the queue went from full to not full. May be spurious.</summary>
    Action? NotFull { get; set; }

    /// <summary>The RX interrupt: a packet arrived in an empty queue, or was pushed. May be spurious.</summary>
    Action? NotEmpty { get; set; }
}
