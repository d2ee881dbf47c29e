namespace RmStack.Transport.Ports.Faults;

/// <summary>
/// What can be done to a packet or a signal. Each says what real thing it stands for, and whether a Gunyah message queue itself can do it: the
/// queue loses, repeats, reorders and changes nothing (Gunyah: msgqueue.c), but there are programs at both of its ends.
/// </summary>
public enum FaultKind : byte
{
    /// <summary>
    /// A packet vanishes, and its sender is told that it was queued. Not the queue. A receiver without memory, a Resource Manager that displaces a
    /// stored reply or notification, a queue that is flushed.
    /// </summary>
    Drop,

    /// <summary>A packet waits, and what is behind it waits as well. The queue does it: a peer that is not scheduled, a slow link between two machines.</summary>
    Delay,

    /// <summary>A packet comes a second time, later. Not the queue. A driver that sends again after an error, somebody who replays.</summary>
    Duplicate,

    /// <summary>A packet is overtaken by others. Not the queue. A driver that sends from several threads without a lock, a bridge with several lanes.</summary>
    Reorder,

    /// <summary>A packet loses its end. Not the queue, which keeps boundaries. A driver that gives a wrong size, as Linux v1 and v2 do.</summary>
    Truncate,

    /// <summary>Bits of a packet flip. Not the queue. A peer's mistake or malice, memory that two write.</summary>
    Corrupt,

    /// <summary>For a while there is no room, or nothing arrives. The queue does it: a peer that does not run.</summary>
    Stall,

    /// <summary>
    /// A signal does not come. Not the hypervisor once an interrupt is bound; but binding it does not raise it for what holds already, so a late
    /// binding loses it, and a driver loses it that masks or acknowledges at the wrong moment.
    /// </summary>
    LoseSignal,

    /// <summary>A signal comes without a reason. The queue does it: a push, a flush, a change of threshold, a packet that another handler has taken.</summary>
    SpuriousSignal,
}

/// <summary>Which of a port's two directions.</summary>
public enum FaultDirection : byte
{
    /// <summary>What the holder sends; its signal is <see cref="IMsgQueuePort.NotFull"/>.</summary>
    Send,

    /// <summary>What the holder receives; its signal is <see cref="IMsgQueuePort.NotEmpty"/>.</summary>
    Receive,
}
