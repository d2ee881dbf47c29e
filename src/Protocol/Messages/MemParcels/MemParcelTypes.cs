namespace RmStack.Protocol.Messages;

/// <summary>Kind of memory in a memparcel. RM: memparcel_msg.h. Unknown values survive.</summary>
public enum MemType : byte
{
    /// <summary>RAM.</summary>
    Normal = 0,

    /// <summary>Device registers.</summary>
    Io = 1,
}

/// <summary>How a memparcel was made. RM: memparcel.h.</summary>
public enum MemTransType : byte
{
    /// <summary>Given away for good.</summary>
    Donate = 0,

    /// <summary>The owner has no access until it reclaims.</summary>
    Lend = 1,

    /// <summary>The owner keeps access.</summary>
    Share = 2,
}

/// <summary>Access rights in an ACL entry. RM: rm_types.h.</summary>
[Flags]
public enum MemRights : byte
{
    /// <summary>None; not valid in an ACL.</summary>
    None = 0,

    /// <summary>Execute.</summary>
    Execute = 1 << 0,

    /// <summary>Write.</summary>
    Write = 1 << 1,

    /// <summary>Read.</summary>
    Read = 1 << 2,

    /// <summary>Read and execute.</summary>
    ReadExecute = Read | Execute,

    /// <summary>Read and write.</summary>
    ReadWrite = Read | Write,

    /// <summary>Everything.</summary>
    ReadWriteExecute = Read | Write | Execute,
}

/// <summary>Memory attribute of one VM's mapping. RM: memparcel_msg.h.</summary>
public enum MemAttribute : ushort
{
    /// <summary>Write-back.</summary>
    Normal = 0,

    /// <summary>Device nGnRE; only for IO.</summary>
    Device = 1,

    /// <summary>Normal non-cacheable.</summary>
    Uncached = 2,

    /// <summary>Write-back.</summary>
    Cached = 3,
}

/// <summary>Flags of MEM_LEND, MEM_SHARE and MEM_DONATE. Unknown bits are ignored by the RM.</summary>
[Flags]
public enum MemCreateFlags : byte
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Zero the memory now.</summary>
    Sanitize = 1 << 0,

    /// <summary>More entries will follow in MEM_APPEND.</summary>
    Append = 1 << 1,
}

/// <summary>Flags of MEM_APPEND.</summary>
[Flags]
public enum MemAppendFlags : byte
{
    /// <summary>More will follow.</summary>
    None = 0,

    /// <summary>This is the last part (Linux: END).</summary>
    Done = 1 << 0,
}

/// <summary>Flags of MEM_ACCEPT.</summary>
[Flags]
public enum MemAcceptFlags : byte
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Refuse unless the memparcel was created with Sanitize.</summary>
    ValidateSanitized = 1 << 0,

    /// <summary>Refuse unless ACL and attributes are those given.</summary>
    ValidateAclAttr = 1 << 1,

    /// <summary>Refuse unless the label is the one given.</summary>
    ValidateLabel = 1 << 2,

    /// <summary>Map into another VM; always refused.</summary>
    MapOther = 1 << 3,

    /// <summary>One address for all regions.</summary>
    MapContiguous = 1 << 4,

    /// <summary>Zero the memory when it is reclaimed.</summary>
    Sanitize = 1 << 5,

    /// <summary>All addresses are settled: map.</summary>
    Done = 1 << 7,
}

/// <summary>Flags in the reply to MEM_ACCEPT.</summary>
[Flags]
public enum MemAcceptReplyFlags : byte
{
    /// <summary>All addresses were given out.</summary>
    None = 0,

    /// <summary>Ask again for more addresses.</summary>
    Incomplete = 1 << 0,
}

/// <summary>Flags of MEM_RELEASE and MEM_RECLAIM.</summary>
[Flags]
public enum MemSanitizeFlags : byte
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Zero the memory at reclaim.</summary>
    Sanitize = 1 << 0,
}

/// <summary>What MEM_NOTIFY announces; exactly one.</summary>
[Flags]
public enum MemNotifyFlags : byte
{
    /// <summary>Nothing; refused.</summary>
    None = 0,

    /// <summary>Owner to recipients: the memparcel is there.</summary>
    Shared = 1 << 0,

    /// <summary>Recipient to owner: released.</summary>
    Released = 1 << 1,

    /// <summary>Recipient to owner: accepted.</summary>
    Accepted = 1 << 2,

    /// <summary>Owner to recipients: please release.</summary>
    Recall = 1 << 3,
}

/// <summary>Flags of MEM_SHARED.</summary>
[Flags]
public enum MemSharedFlags : byte
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The memory was zeroed at creation.</summary>
    Sanitized = 1 << 0,
}

/// <summary>Numbers and texts around memparcels.</summary>
public static class MemParcels
{
    /// <summary>No memparcel (0 is a valid handle).</summary>
    public const uint InvalidHandle = 0xFFFFFFFF;

    /// <summary>Granule of addresses and sizes, bytes.</summary>
    public const ulong PageSize = 4096;

    /// <summary>Addresses and sizes must be below this.</summary>
    public const ulong AddressLimit = 1UL << 44;

    /// <summary>Memparcels per owner in the 12/2023 RM.</summary>
    public const int MaxPerOwnerRm1 = 64;

    /// <summary>Memparcels per owner in the newer RM.</summary>
    public const int MaxPerOwnerRm2 = 1024;

    /// <summary>Letters of all rights, in order of their numbers; - for none.</summary>
    internal static IReadOnlyList<(string Name, ulong Value)> RightsLetters { get; } =
        [.. Enumerable.Range(0, (int)MemRights.ReadWriteExecute + 1).Select(rights => (((MemRights)rights).Letters(), (ulong)rights))];

    /// <summary>Whether an ACL entry may carry these rights: R, RX, RW or RWX.</summary>
    public static bool IsValid(this MemRights rights) => rights is >= MemRights.Read and <= MemRights.ReadWriteExecute;

    /// <summary>Whether an address or a size is a multiple of 4 KiB below 2^44.</summary>
    public static bool IsValidAddressOrSize(ulong value) => value % PageSize == 0 && value < AddressLimit;

    /// <summary>The rights as letters, e.g. RWX; unknown values as a number.</summary>
    public static string Letters(this MemRights rights)
    {
        if (rights > MemRights.ReadWriteExecute)
            return MessageText.Numeral((byte)rights);
        if (rights == MemRights.None)
            return "-";
        return ((rights & MemRights.Read) != MemRights.None ? "R" : string.Empty)
            + ((rights & MemRights.Write) != MemRights.None ? "W" : string.Empty)
            + ((rights & MemRights.Execute) != MemRights.None ? "X" : string.Empty);
    }
}
