using RmStack.Protocol.Hypercalls;

namespace RmStack.Protocol;

/// <summary>Which driver maps RM errors to errno.</summary>
public enum LinuxErrnoProfile : byte
{
    /// <summary>Series v7 on, and the Android kernels.</summary>
    Linux,

    /// <summary>Series v1 to v6: in-kernel callers get the positive RM code.</summary>
    EarlyLinux,

    /// <summary>The old downstream driver: the RM code goes through the hypervisor's table.</summary>
    Downstream,
}

/// <summary>Conversions and texts of <see cref="RmError"/>.</summary>
public static class RmErrors
{
    /// <summary>What a Linux caller gets: 0, a negative errno, or (EarlyLinux) the positive RM code.</summary>
    public static long ToErrno(RmError error, LinuxErrnoProfile profile = LinuxErrnoProfile.Linux) => profile switch
    {
        LinuxErrnoProfile.EarlyLinux => (long)error,
        LinuxErrnoProfile.Downstream => ToDownstreamErrno(error),
        _ => ToLinuxErrno(error),
    };

    /// <summary>The RM's own conversion of a failed hypercall. RM: resource-manager.c.</summary>
    public static RmError FromGunyahError(GunyahError error) => error switch
    {
        GunyahError.Ok => RmError.Ok,
        GunyahError.Unimplemented => RmError.Unimplemented,
        GunyahError.NoMem => RmError.NoMem,
        GunyahError.NoResources => RmError.NoResource,
        GunyahError.Busy => RmError.Busy,
        GunyahError.AddrOverflow or GunyahError.AddrUnderflow or GunyahError.AddrInvalid => RmError.MemInvalid,
        GunyahError.ArgumentInvalid => RmError.ArgumentInvalid,
        _ => RmError.Denied,
    };

    /// <summary>What the RM answers to a request that a view refused.</summary>
    public static RmError FromDecodeStatus(DecodeStatus status) => status switch
    {
        DecodeStatus.Ok => RmError.Ok,
        DecodeStatus.ListTooLong => RmError.NoResource,
        DecodeStatus.NameTooLong or DecodeStatus.Empty => RmError.ArgumentInvalid,
        _ => RmError.MsgInvalid,
    };

    /// <summary>The RM's name of the error, or its number.</summary>
    public static string Name(this RmError error) => error switch
    {
        RmError.Ok => "OK",
        RmError.NoMem => "NOMEM",
        RmError.NoResource => "NORESOURCE",
        RmError.Denied => "DENIED",
        RmError.MsgInvalid => "MSG_INVALID",
        RmError.Busy => "BUSY",
        RmError.ArgumentInvalid => "ARGUMENT_INVALID",
        RmError.HandleInvalid => "HANDLE_INVALID",
        RmError.ValidateFailed => "VALIDATE_FAILED",
        RmError.MapFailed => "MAP_FAILED",
        RmError.MemInvalid => "MEM_INVALID",
        RmError.MemInUse => "MEM_INUSE",
        RmError.MemReleased => "MEM_RELEASED",
        RmError.VmidInvalid => "VMID_INVALID",
        RmError.LookupFailed => "LOOKUP_FAILED",
        RmError.IrqInvalid => "IRQ_INVALID",
        RmError.IrqInUse => "IRQ_INUSE",
        RmError.IrqReleased => "IRQ_RELEASED",
        RmError.InUse => "IN_USE",
        RmError.IrqNotMapped => "IRQ_NOT_MAPPED",
        RmError.VmState => "VM_STATE",
        RmError.HypNoMem => "HYP_NOMEM",
        RmError.RmNoMem => "RM_NOMEM",
        RmError.Unimplemented => "UNIMPLEMENTED",
        _ => "0x" + ((uint)error).ToString("X", System.Globalization.CultureInfo.InvariantCulture),
    };

    /// <summary>The error's meaning in a few words, for people.</summary>
    public static string Describe(this RmError error) => error switch
    {
        RmError.Ok => "success",
        RmError.NoMem => "the RM is out of memory",
        RmError.NoResource => "nothing of that kind is available",
        RmError.Denied => "the caller may not do that",
        RmError.MsgInvalid => "the request is malformed",
        RmError.Busy => "busy",
        RmError.ArgumentInvalid => "a field's value is not allowed",
        RmError.HandleInvalid => "no such handle",
        RmError.ValidateFailed => "the memparcel is not what the caller expects",
        RmError.MapFailed => "mapping failed",
        RmError.MemInvalid => "the memory is not usable for that",
        RmError.MemInUse => "a recipient still holds the memparcel",
        RmError.MemReleased => "the memparcel is not accepted",
        RmError.VmidInvalid => "no such VM, or not the caller's",
        RmError.LookupFailed => "nothing found",
        RmError.IrqInvalid => "not an interrupt that can be lent",
        RmError.IrqInUse => "the interrupt is in use",
        RmError.IrqReleased => "the interrupt is released",
        RmError.InUse => "in use",
        RmError.IrqNotMapped => "the interrupt is not mapped",
        RmError.VmState => "the VM is in the wrong state",
        RmError.HypNoMem => "the hypervisor is out of memory",
        RmError.RmNoMem => "the RM's heap is exhausted",
        RmError.Unimplemented => "the RM does not implement the message",
        _ => "unknown error",
    };

    private static int ToLinuxErrno(RmError error) => error switch
    {
        RmError.Ok => 0,
        RmError.Unimplemented => -LinuxErrno.EOPNOTSUPP,
        RmError.NoMem => -LinuxErrno.ENOMEM,
        RmError.NoResource => -LinuxErrno.ENODEV,
        RmError.Denied => -LinuxErrno.EPERM,
        RmError.Busy => -LinuxErrno.EBUSY,
        >= RmError.MsgInvalid and <= RmError.IrqReleased => -LinuxErrno.EINVAL,
        _ => -LinuxErrno.EBADMSG,
    };

    // gh_errno.h meant these numbers as hypervisor errors; the driver applies them to RM codes all the same.
    private static int ToDownstreamErrno(RmError error) => (int)error switch
    {
        0 => 0,
        -1 => -LinuxErrno.EOPNOTSUPP,
        10 => -LinuxErrno.ENOMEM,
        30 or (>= 50 and <= 54) => -LinuxErrno.EACCES,
        31 or 32 => -LinuxErrno.EBUSY,
        40 or 41 or 60 or 61 => -LinuxErrno.EPERM,
        _ => -LinuxErrno.EINVAL,
    };
}
