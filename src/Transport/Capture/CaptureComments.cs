using RmStack.Protocol.Hypercalls;

namespace RmStack.Transport.Capture;

/// <summary>What a capture says about a packet that its bytes do not.</summary>
public static class CaptureComments
{
    /// <summary>The comment on a packet that was sent: whether it was pushed, and whether it filled the queue. Empty for neither.</summary>
    /// <param name="flags">Flags of msgqueue_send.</param>
    /// <param name="notFull">Whether another packet fits.</param>
    public static ReadOnlySpan<byte> OfSend(MsgQueueFlags flags, bool notFull) => ((flags & MsgQueueFlags.Push) != 0, notFull) switch
    {
        (true, true) => "push"u8,
        (true, false) => "push, queue full"u8,
        (false, false) => "queue full"u8,
        _ => default,
    };

    /// <summary>Whether a comment is one of those and says that the packet was pushed.</summary>
    public static bool SaysPush(string? comment) => comment is "push" or "push, queue full";

    /// <summary>Whether a comment is one of those and says that the packet filled its queue.</summary>
    public static bool SaysQueueFull(string? comment) => comment is "queue full" or "push, queue full";
}
