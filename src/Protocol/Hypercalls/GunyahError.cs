namespace RmStack.Protocol.Hypercalls;

/// <summary>Result of a hypercall, the low 32 bits of X0. Gunyah: types.tc, error_t. Unknown values survive.</summary>
public enum GunyahError
{
    /// <summary>Success.</summary>
    Ok = 0,

    /// <summary>No such call, or not in this build.</summary>
    Unimplemented = -1,

    /// <summary>Try again.</summary>
    Retry = -2,

    /// <summary>An argument's value is not allowed.</summary>
    ArgumentInvalid = 1,

    /// <summary>A size is not allowed.</summary>
    ArgumentSize = 2,

    /// <summary>An argument is not aligned.</summary>
    ArgumentAlignment = 3,

    /// <summary>Out of memory.</summary>
    NoMem = 10,

    /// <summary>Out of something else.</summary>
    NoResources = 11,

    /// <summary>An address or size runs over.</summary>
    AddrOverflow = 20,

    /// <summary>An address or size runs under.</summary>
    AddrUnderflow = 21,

    /// <summary>Nothing usable at that address.</summary>
    AddrInvalid = 22,

    /// <summary>Not allowed now or ever.</summary>
    Denied = 30,

    /// <summary>Busy.</summary>
    Busy = 31,

    /// <summary>Nothing to do.</summary>
    Idle = 32,

    /// <summary>The object is in the wrong state.</summary>
    ObjectState = 33,

    /// <summary>The object's configuration does not allow it.</summary>
    ObjectConfig = 34,

    /// <summary>The object is configured already.</summary>
    ObjectConfigured = 35,

    /// <summary>Failed for good.</summary>
    Failure = 36,

    /// <summary>A vIRQ is bound already.</summary>
    VirqBound = 40,

    /// <summary>No vIRQ is bound.</summary>
    VirqNotBound = 41,

    /// <summary>The capability slot is empty.</summary>
    CspaceCapNull = 50,

    /// <summary>The capability was revoked.</summary>
    CspaceCapRevoked = 51,

    /// <summary>The capability is for another kind of object.</summary>
    CspaceWrongObjectType = 52,

    /// <summary>The capability lacks a right.</summary>
    CspaceInsufficientRights = 53,

    /// <summary>No free capability slot.</summary>
    CspaceFull = 54,

    /// <summary>The queue is empty.</summary>
    MsgQueueEmpty = 60,

    /// <summary>The queue is full.</summary>
    MsgQueueFull = 61,

    /// <summary>Internal to the hypervisor.</summary>
    StringTruncated = 90,

    /// <summary>Internal to the hypervisor.</summary>
    StringReachedEnd = 91,

    /// <summary>Internal to the hypervisor.</summary>
    StringInvalidFormat = 92,

    /// <summary>Internal to the hypervisor.</summary>
    StringMissingPlaceholder = 93,

    /// <summary>Internal to the hypervisor.</summary>
    StringMissingArgument = 94,

    /// <summary>Internal to the hypervisor.</summary>
    AllocatorRangeOverlapping = 100,

    /// <summary>Internal to the hypervisor.</summary>
    AllocatorMemInUse = 101,

    /// <summary>The memory database has no entry.</summary>
    MemDbEmpty = 110,

    /// <summary>The memory database names another owner.</summary>
    MemDbNotOwner = 111,

    /// <summary>The extent has no room for another mapping.</summary>
    MemExtentMappingsFull = 120,

    /// <summary>The extent is of the wrong type.</summary>
    MemExtentType = 121,

    /// <summary>Something is mapped there already.</summary>
    ExistingMapping = 200,
}

/// <summary>Conversions and names of <see cref="GunyahError"/>.</summary>
public static class GunyahErrors
{
    /// <summary>Reads X0 as Linux does: low 32 bits, signed.</summary>
    public static GunyahError FromRegister(ulong x0) => (GunyahError)(int)x0;

    /// <summary>Writes X0 as the hypervisor does: sign-extended to 64 bits.</summary>
    public static ulong ToRegister(this GunyahError error) => (ulong)(long)(int)error;

    /// <summary>What a Linux driver returns: 0 or a negative errno. Linux: gunyah_error_remap.</summary>
    public static int ToErrno(this GunyahError error) => error switch
    {
        GunyahError.Ok => 0,
        GunyahError.NoMem => -LinuxErrno.ENOMEM,
        GunyahError.Denied or GunyahError.CspaceCapNull or GunyahError.CspaceCapRevoked
            or GunyahError.CspaceWrongObjectType or GunyahError.CspaceInsufficientRights => -LinuxErrno.EACCES,
        GunyahError.Busy or GunyahError.Idle or GunyahError.CspaceFull => -LinuxErrno.EBUSY,
        GunyahError.VirqBound or GunyahError.VirqNotBound or GunyahError.MsgQueueEmpty or GunyahError.MsgQueueFull => -LinuxErrno.EIO,
        GunyahError.Unimplemented => -LinuxErrno.EOPNOTSUPP,
        GunyahError.Retry => -LinuxErrno.EAGAIN,
        _ => -LinuxErrno.EINVAL,
    };
}
