using RmStack.Protocol;

namespace RmStack.Host;

/// <summary>
/// How a driver operation ended: the number user space gets, and for people what did not work. A refusal is a value here,
/// never an exception.
/// </summary>
/// <param name="Errno">0, or a negative error number of Linux.</param>
/// <param name="What">What failed and why; empty when nothing did.</param>
public readonly record struct DriverStatus(int Errno, string What)
{
    /// <summary>Success.</summary>
    public static readonly DriverStatus Ok = new(0, "");

    /// <summary>True for success.</summary>
    public bool IsOk => Errno == 0;

    /// <summary>A failure.</summary>
    /// <param name="errno">Positive error number.</param>
    /// <param name="what">What failed and why.</param>
    public static DriverStatus Fail(int errno, string what) => new(-errno, what);

    /// <summary>Name of a positive or negative error number, for people.</summary>
    public static string ErrnoName(int errno) => Math.Abs(errno) switch
    {
        0 => "0",
        LinuxErrno.EPERM => nameof(LinuxErrno.EPERM),
        LinuxErrno.ENOENT => nameof(LinuxErrno.ENOENT),
        LinuxErrno.EINTR => nameof(LinuxErrno.EINTR),
        LinuxErrno.EIO => nameof(LinuxErrno.EIO),
        LinuxErrno.E2BIG => nameof(LinuxErrno.E2BIG),
        LinuxErrno.EBADF => nameof(LinuxErrno.EBADF),
        LinuxErrno.EAGAIN => nameof(LinuxErrno.EAGAIN),
        LinuxErrno.ENOMEM => nameof(LinuxErrno.ENOMEM),
        LinuxErrno.EACCES => nameof(LinuxErrno.EACCES),
        LinuxErrno.EFAULT => nameof(LinuxErrno.EFAULT),
        LinuxErrno.EBUSY => nameof(LinuxErrno.EBUSY),
        LinuxErrno.EEXIST => nameof(LinuxErrno.EEXIST),
        LinuxErrno.ENODEV => nameof(LinuxErrno.ENODEV),
        LinuxErrno.EINVAL => nameof(LinuxErrno.EINVAL),
        LinuxErrno.ENOTTY => nameof(LinuxErrno.ENOTTY),
        LinuxErrno.ENOSPC => nameof(LinuxErrno.ENOSPC),
        LinuxErrno.EBADMSG => nameof(LinuxErrno.EBADMSG),
        LinuxErrno.EOVERFLOW => nameof(LinuxErrno.EOVERFLOW),
        LinuxErrno.EOPNOTSUPP => nameof(LinuxErrno.EOPNOTSUPP),
        var other => "errno " + other.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    /// <inheritdoc/>
    public override string ToString() => IsOk ? "ok" : $"{What} ({ErrnoName(Errno)})";
}
