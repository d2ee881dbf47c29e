using System.Globalization;
using RmStack.Protocol;
using RmStack.Protocol.Hypercalls;
using RmStack.Transport.Rpc;

namespace RmStack.Host;

/// <summary>How one call of the Resource Manager ended (Linux: gh_rm_call and the stub around it).</summary>
public readonly record struct RmCallStatus
{
    /// <summary>A call that ended as the link says.</summary>
    public RmCallStatus(MessageId call, in RpcCallResult result)
    {
        Call = call;
        Outcome = result.Status;
        Error = result.Error;
        SendError = result.SendError;
    }

    private RmCallStatus(MessageId call, RpcCallStatus outcome, DecodeStatus reply)
    {
        Call = call;
        Outcome = outcome;
        Reply = reply;
    }

    /// <summary>What was called.</summary>
    public MessageId Call { get; }

    /// <summary>How the link ended it.</summary>
    public RpcCallStatus Outcome { get; }

    /// <summary>The Resource Manager's answer when <see cref="Outcome"/> is <see cref="RpcCallStatus.RmError"/>.</summary>
    public RmError Error { get; }

    /// <summary>Why msgqueue_send refused, when it did.</summary>
    public GunyahError SendError { get; }

    /// <summary>What was wrong with the payload of a successful reply.</summary>
    public DecodeStatus Reply { get; }

    /// <summary>True when the call did what it was made for.</summary>
    public bool IsOk => Outcome == RpcCallStatus.Ok && Reply == DecodeStatus.Ok;

    /// <summary>What a Linux caller gets: 0 or a negative error number.</summary>
    public int Errno => Outcome switch
    {
        RpcCallStatus.Ok => Reply == DecodeStatus.Ok ? 0 : -LinuxErrno.EBADMSG,
        RpcCallStatus.RmError => (int)RmErrors.ToErrno(Error),
        RpcCallStatus.SendFailed => SendError.ToErrno(),
        RpcCallStatus.Aborted => -LinuxErrno.EIO,
        RpcCallStatus.NoMemory => -LinuxErrno.ENOMEM,
        RpcCallStatus.TooBig => -LinuxErrno.E2BIG,
        RpcCallStatus.NoSequenceId => -LinuxErrno.EBUSY,
        RpcCallStatus.Closed => -LinuxErrno.ENODEV,
        RpcCallStatus.Cancelled => -LinuxErrno.EINTR,
        RpcCallStatus.TimedOut => -LinuxErrno.EIO,
        _ => -LinuxErrno.EINVAL,
    };

    /// <summary>A call that the stub refuses to make.</summary>
    public static RmCallStatus Invalid(MessageId call) => new(call, RpcCallStatus.InvalidArgument, DecodeStatus.Ok);

    /// <summary>A reply whose payload is not what the call returns.</summary>
    public static RmCallStatus BadReply(MessageId call, DecodeStatus why) => new(call, RpcCallStatus.Ok, why);

    /// <summary>A call that need not be made: the answer is known.</summary>
    public static RmCallStatus Known(MessageId call) => new(call, RpcCallStatus.Ok, DecodeStatus.Ok);

    /// <summary>The same as the result of a driver operation.</summary>
    public DriverStatus ToDriverStatus() => IsOk ? DriverStatus.Ok : new DriverStatus(Errno, ToString());

    /// <summary>One line for people: the call, and what came of it.</summary>
    public override string ToString() => Outcome switch
    {
        RpcCallStatus.Ok when IsOk => $"{Call}: ok",
        RpcCallStatus.Ok => $"{Call}: the reply cannot be read ({Reply})",
        RpcCallStatus.RmError => string.Create(CultureInfo.InvariantCulture, $"{Call}: the Resource Manager answered {Error.Name()} ({(uint)Error}: {Error.Describe()})"),
        RpcCallStatus.SendFailed => $"{Call}: msgqueue_send refused the request ({SendError})",
        _ => $"{Call}: {Outcome}",
    };
}

/// <summary>A call that returns something.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Value">What it returned; meaningless unless it ended well.</param>
public readonly record struct RmCallResult<T>(RmCallStatus Status, T Value)
{
    /// <summary>True when there is a value.</summary>
    public bool IsOk => Status.IsOk;
}
