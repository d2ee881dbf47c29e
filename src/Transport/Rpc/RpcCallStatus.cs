namespace RmStack.Transport.Rpc;

/// <summary>How a call ended.</summary>
public enum RpcCallStatus : byte
{
    /// <summary>Not ended: queued, being sent, or waiting for its reply.</summary>
    Pending,

    /// <summary>The RM answered with error 0; the payload is there.</summary>
    Ok,

    /// <summary>The RM answered with an error; its payload, if any, was discarded, as Linux does.</summary>
    RmError,

    /// <summary>msgqueue_send refused a packet for a reason other than a full queue. Linux: the mapped hypervisor error.</summary>
    SendFailed,

    /// <summary>The reply began and was displaced or mixed up before it was complete. Linux: -EIO.</summary>
    Aborted,

    /// <summary>The reply could not be taken: too short, or too many fragments. Linux: -ENOMEM.</summary>
    NoMemory,

    /// <summary>The request is longer than the client sends; nothing was sent. Linux: -E2BIG.</summary>
    TooBig,

    /// <summary>Message id 0, or arguments that Linux refuses; nothing was sent. Linux: -EINVAL.</summary>
    InvalidArgument,

    /// <summary>Every sequence id is in use; nothing was sent. Linux: -EBUSY.</summary>
    NoSequenceId,

    /// <summary>The client was closed before the reply came.</summary>
    Closed,

    /// <summary>The deadline passed before the reply came.</summary>
    TimedOut,

    /// <summary>The caller cancelled before the reply came.</summary>
    Cancelled,
}
