namespace RmStack.Protocol;

/// <summary>VMIDs with a meaning of their own. RM: rm_types.h.</summary>
public static class Vmids
{
    /// <summary>The hypervisor; in requests that allow it, the sender itself.</summary>
    public const ushort Hypervisor = 0;

    /// <summary>The primary VM.</summary>
    public const ushort Hlos = 3;

    /// <summary>First VMID of a platform's fixed secondary VMs, as far as the mask reaches.</summary>
    public const ushort PlatformFirst = 1;

    /// <summary>Last VMID of a platform's fixed secondary VMs.</summary>
    public const ushort PlatformLast = 63;

    /// <summary>First VMID that VM_ALLOCATE gives out.</summary>
    public const ushort DynamicFirst = 0x80;

    /// <summary>Last VMID that VM_ALLOCATE gives out: 63 in all.</summary>
    public const ushort DynamicLast = 0xBE;

    /// <summary>The Resource Manager.</summary>
    public const ushort Rm = 0xFF;

    /// <summary>Any VM.</summary>
    public const ushort Any = 0xFFFE;

    /// <summary>No VM (Linux: VMID_INVAL; RM: peer default).</summary>
    public const ushort Invalid = 0xFFFF;
}
