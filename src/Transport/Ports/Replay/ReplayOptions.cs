using System.Buffers;
using RmStack.Protocol;

namespace RmStack.Transport.Ports.Replay;

/// <summary>What becomes of a packet that is not the one in the capture.</summary>
public enum MismatchPolicy : byte
{
    /// <summary>It is recorded, and stands for the packet that was expected: the replay goes on.</summary>
    GoOn,

    /// <summary>It is recorded and refused as Denied; the expected packet is still expected.</summary>
    Refuse,
}

/// <summary>How sequence ids are compared.</summary>
public enum SequencePolicy : byte
{
    /// <summary>Like every other byte.</summary>
    Exact,

    /// <summary>
    /// Those that a sender chooses freely may differ: a client's ids of its requests, for which the capture's replies get the client's ids, and the
    /// Resource Manager's numbers of its notifications, which mean nothing.
    /// </summary>
    Mapped,
}

/// <summary>How a capture is replayed.</summary>
public sealed record ReplayOptions
{
    /// <summary>What becomes of a packet that is not the one in the capture.</summary>
    public MismatchPolicy OnMismatch { get; init; } = MismatchPolicy.GoOn;

    /// <summary>How sequence ids are compared.</summary>
    public SequencePolicy SequenceIds { get; init; } = SequencePolicy.Exact;

    /// <summary>
    /// The clock by which packets come with the distances that they have in the capture. Null, the default: they come as soon as their turn is.
    /// </summary>
    public TimeProvider? TimeProvider { get; init; }

    /// <summary>
    /// After a packet of which the capture says that it filled its queue there is no room until everything that was received before the next one
    /// has been received: the sender meets the full queue where the recorded one met it. False: there is always room.
    /// </summary>
    public bool ReplaysFullQueues { get; init; } = true;

    /// <summary>Mismatches of which the bytes are kept; of the rest there is only the count.</summary>
    public int KeptMismatches { get; init; } = 1000;

    /// <summary>Largest packet that may be sent, bytes.</summary>
    public int MaxMessageSize { get; init; } = RpcLimits.PacketSize;

    /// <summary>Memory that callers send from and receive into; null for slabs of the process.</summary>
    public MemoryPool<byte>? Buffers { get; init; }

    /// <summary>Where interrupts go; null for the thread pool.</summary>
    public SynchronizationContext? Context { get; init; }
}
