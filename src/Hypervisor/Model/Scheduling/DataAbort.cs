namespace RmStack.Hypervisor.Scheduling;

/// <summary>A trapped load or store, from the ISS of its data abort (Arm ARM: ISS encoding for an exception from a Data Abort).</summary>
internal readonly struct DataAbort(uint syndrome)
{
    private const uint FaultStatusType = 0x3c;
    private const uint PermissionFault = 0x0c;

    /// <summary>WnR.</summary>
    public bool Write => (syndrome & (1 << 6)) != 0;

    /// <summary>Bytes: 1, 2, 4 or 8.</summary>
    public int Size => 1 << (int)((syndrome >> 22) & 3);

    /// <summary>Register transferred; 31 is the zero register.</summary>
    public int Register => (int)((syndrome >> 16) & 31);

    private bool SignExtend => (syndrome & (1 << 21)) != 0;

    private bool Is64Bit => (syndrome & (1 << 15)) != 0;

    public static bool IsPermissionFault(uint syndrome) => (syndrome & FaultStatusType) == PermissionFault;

    /// <summary>
    /// What the register becomes: sign-extended from the size of the access when the load was, and cut to 32 bits for a W
    /// register. An unsigned value is taken as it comes, wider than the access or not.
    /// </summary>
    public ulong Extend(ulong value)
    {
        if (SignExtend)
        {
            var shift = 64 - (8 * Size);
            value = (ulong)((long)(value << shift) >> shift);
        }

        return Is64Bit ? value : (uint)value;
    }

    /// <summary>The bytes that a store of this size transfers.</summary>
    public ulong Truncate(ulong value) => Size == 8 ? value : value & ((1UL << (8 * Size)) - 1);
}
