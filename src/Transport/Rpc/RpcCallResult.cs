using RmStack.Protocol;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Transport.Rpc;

/// <summary>
/// How a call ended, and the reply's payload if it went well. Dispose it when the payload was read: the bytes are used again then.
/// Disposing twice, or a copy, is harmless; not disposing costs the pool a buffer.
/// </summary>
public readonly struct RpcCallResult : IDisposable, IEquatable<RpcCallResult>, IRpcResult<RpcCallResult>
{
    private readonly RpcCall? _call;
    private readonly int _life;

    internal RpcCallResult(RpcCallStatus status, RmError error = RmError.Ok, GunyahError sendError = GunyahError.Ok, RpcCall? call = null)
    {
        Status = status;
        Error = error;
        SendError = sendError;
        _call = call;
        _life = call?.Life ?? 0;
    }

    /// <summary>How the call ended.</summary>
    public RpcCallStatus Status { get; }

    /// <summary>The reply's error word; Ok when there was no reply.</summary>
    public RmError Error { get; }

    /// <summary>Why msgqueue_send refused a packet, when <see cref="Status"/> is <see cref="RpcCallStatus.SendFailed"/>.</summary>
    public GunyahError SendError { get; }

    /// <summary>The RM did it.</summary>
    public bool IsOk => Status == RpcCallStatus.Ok;

    /// <summary>
    /// What a Linux caller gets: 0 or a negative errno. The ends that Linux does not have are -EINTR (cancelled, timed out: as a signal did
    /// before v15) and -ENODEV (closed).
    /// </summary>
    public int ToErrno() => Status switch
    {
        RpcCallStatus.Ok => 0,
        RpcCallStatus.RmError => (int)RmErrors.ToErrno(Error),
        RpcCallStatus.SendFailed => SendError.ToErrno(),
        RpcCallStatus.NoMemory => -LinuxErrno.ENOMEM,
        RpcCallStatus.TooBig => -LinuxErrno.E2BIG,
        RpcCallStatus.InvalidArgument => -LinuxErrno.EINVAL,
        RpcCallStatus.NoSequenceId => -LinuxErrno.EBUSY,
        RpcCallStatus.Closed => -LinuxErrno.ENODEV,
        RpcCallStatus.TimedOut or RpcCallStatus.Cancelled => -LinuxErrno.EINTR,
        _ => -LinuxErrno.EIO,
    };

    /// <summary>The reply's bytes after the error word; empty unless the status is Ok. Valid until Dispose.</summary>
    public ReadOnlyMemory<byte> Payload => _call is null ? default : _call.ReadReply(_life);

    /// <inheritdoc/>
    static RpcCallResult IRpcResult<RpcCallResult>.From(RpcCallResult result) => result;

    public static bool operator ==(RpcCallResult left, RpcCallResult right) => left.Equals(right);

    public static bool operator !=(RpcCallResult left, RpcCallResult right) => !left.Equals(right);

    /// <summary>Gives the payload's memory back.</summary>
    public void Dispose() => _call?.Release(_life);

    /// <summary>The same end of the same call.</summary>
    public bool Equals(RpcCallResult other) =>
        Status == other.Status && Error == other.Error && SendError == other.SendError && ReferenceEquals(_call, other._call) && _life == other._life;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is RpcCallResult other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Status, Error, SendError, _life);

    /// <summary>One line for people and logs.</summary>
    public override string ToString() => Status switch
    {
        RpcCallStatus.RmError => $"RmError {Error}",
        RpcCallStatus.SendFailed => $"SendFailed {SendError}",
        _ => Status.ToString(),
    };
}
