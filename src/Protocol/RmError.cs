namespace RmStack.Protocol;

/// <summary>The error word of a reply. RM: rm_types.h; Linux: enum gunyah_rm_error. Unknown values survive decoding.</summary>
public enum RmError : uint
{
    /// <summary>Success.</summary>
    Ok = 0,

    /// <summary>The RM is out of memory.</summary>
    NoMem = 0x01,

    /// <summary>Nothing of that kind is free, or no such VM (in queries).</summary>
    NoResource = 0x02,

    /// <summary>The caller may not do that.</summary>
    Denied = 0x03,

    /// <summary>The request is malformed (Linux: INVALID).</summary>
    MsgInvalid = 0x04,

    /// <summary>Busy.</summary>
    Busy = 0x05,

    /// <summary>A field's value is not allowed.</summary>
    ArgumentInvalid = 0x06,

    /// <summary>No such memparcel, IRQ, heap or device handle.</summary>
    HandleInvalid = 0x07,

    /// <summary>What the caller expected of a memparcel does not hold.</summary>
    ValidateFailed = 0x08,

    /// <summary>Mapping failed.</summary>
    MapFailed = 0x09,

    /// <summary>The memory is not the caller's to give, or not usable.</summary>
    MemInvalid = 0x0A,

    /// <summary>A recipient still has the memparcel accepted.</summary>
    MemInUse = 0x0B,

    /// <summary>The memparcel is not accepted (any more) by that VM.</summary>
    MemReleased = 0x0C,

    /// <summary>No such VM, or not one of the caller's.</summary>
    VmidInvalid = 0x0D,

    /// <summary>A look-up found nothing.</summary>
    LookupFailed = 0x0E,

    /// <summary>Not an interrupt that can be lent.</summary>
    IrqInvalid = 0x0F,

    /// <summary>The interrupt is lent already.</summary>
    IrqInUse = 0x10,

    /// <summary>The interrupt was released.</summary>
    IrqReleased = 0x11,

    /// <summary>In use. Unknown to Linux, gone from the newer RM's header.</summary>
    InUse = 0x12,

    /// <summary>Interrupt not mapped. Unknown to Linux, gone from the newer RM's header.</summary>
    IrqNotMapped = 0x13,

    /// <summary>The VM is in the wrong state. Unknown to Linux, which makes it EBADMSG.</summary>
    VmState = 0x14,

    /// <summary>The hypervisor is out of memory. Newer RM only.</summary>
    HypNoMem = 0x15,

    /// <summary>The RM's heap is exhausted. Newer RM only.</summary>
    RmNoMem = 0x16,

    /// <summary>The RM does not know the message id.</summary>
    Unimplemented = 0xFFFFFFFF,
}
