namespace RmStack.Protocol;

/// <summary>The Linux error numbers that the Gunyah drivers return. Positive, as in asm-generic/errno.h; drivers return them negated.</summary>
public static class LinuxErrno
{
    public const int EPERM = 1;
    public const int ENOENT = 2;
    public const int EINTR = 4;
    public const int EIO = 5;
    public const int E2BIG = 7;
    public const int EBADF = 9;
    public const int EAGAIN = 11;
    public const int ENOMEM = 12;
    public const int EACCES = 13;
    public const int EFAULT = 14;
    public const int EBUSY = 16;
    public const int EEXIST = 17;
    public const int ENODEV = 19;
    public const int EINVAL = 22;
    public const int ENOTTY = 25;
    public const int ENOSPC = 28;
    public const int EBADMSG = 74;
    public const int EOVERFLOW = 75;
    public const int EOPNOTSUPP = 95;
}
