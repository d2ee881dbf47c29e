namespace RmStack.Protocol.Hypercalls;

/// <summary>Flags of msgqueue_send (X3). Gunyah API: message queues. Other bits are ignored by the hypervisor.</summary>
[Flags]
public enum MsgQueueFlags : uint
{
    /// <summary>What the RM always sends.</summary>
    None = 0,

    /// <summary>Raise the receiver's interrupt whatever its threshold; Linux sets it on the last packet of a request.</summary>
    Push = 1 << 0,
}
