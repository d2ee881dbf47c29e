using RmStack.Protocol.Messages;

namespace RmStack.Host;

/// <summary>A memparcel as its owner keeps it (Linux: struct gh_rm_mem_parcel).</summary>
public sealed class MemParcel
{
    /// <summary>Handle of a parcel that does not exist yet, or not any more.</summary>
    public const uint InvalidHandle = 0xffff_ffff;

    /// <summary>Entries of the access list that the driver takes.</summary>
    public const int MaxAclEntries = 255;

    /// <summary>Kind of memory.</summary>
    public MemType Type { get; init; } = MemType.Normal;

    /// <summary>Number by which the receiver recognises it.</summary>
    public uint Label { get; init; }

    /// <summary>Who may use it. The first entry is the VM it is for.</summary>
    public AclEntry[] Acl { get; init; } = [];

    /// <summary>The memory, in the owner's addresses.</summary>
    public IReadOnlyList<SglEntry> Entries { get; init; } = [];

    /// <summary>The Resource Manager's handle.</summary>
    public uint Handle { get; internal set; } = InvalidHandle;

    /// <summary>True from lend or share until reclaim.</summary>
    public bool IsLive => Handle != InvalidHandle;
}
