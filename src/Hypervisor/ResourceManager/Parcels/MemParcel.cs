using System.Diagnostics;
using RmStack.Protocol.Hypercalls;
using RmStack.Protocol.Messages;
using RmStack.ResourceManager.Platform;

namespace RmStack.ResourceManager.Parcels;

/// <summary>
/// Memory that its owner lends, shares or gives to other VMs under a handle. Its pages belong to an extent of their own
/// for as long as it exists (RM: memparcel.c).
/// </summary>
internal sealed class MemParcel
{
    private readonly MemAttributeEntry[] _attributes;
    private int _sharers;

    public MemParcel(
        uint handle, ushort owner, MemTransType transType, MemType memType, uint label, MemCreateFlags flags, AclEntry[] acl, MemAttributeEntry[] attributes)
    {
        Handle = handle;
        Owner = owner;
        TransType = transType;
        MemType = memType;
        Label = label;
        Sanitized = (flags & MemCreateFlags.Sanitize) != MemCreateFlags.None;
        State = (flags & MemCreateFlags.Append) != MemCreateFlags.None ? MemParcelState.Init : MemParcelState.Sharing;
        Recipients = Array.ConvertAll(acl, static entry => new ParcelRecipient(entry.Vmid, entry.Rights));
        _attributes = attributes;
    }

    /// <summary>Its number; 0 is a number like any other.</summary>
    public uint Handle { get; }

    /// <summary>The VM that made it. Never changes.</summary>
    public ushort Owner { get; }

    public MemTransType TransType { get; }

    /// <summary>As sent; values that are not known count as RAM.</summary>
    public MemType MemType { get; }

    public uint Label { get; }

    /// <summary>Zeroed when it was made.</summary>
    public bool Sanitized { get; }

    /// <summary>To be zeroed when it is reclaimed. Once set it stays.</summary>
    public bool SanitizeOnReclaim { get; set; }

    /// <summary>The tag that the first notification fixed, 0 before.</summary>
    public uint Tag { get; set; }

    public MemParcelState State { get; private set; }

    /// <summary>The ACL in the order it was given; for SHARE it names the owner too.</summary>
    public ParcelRecipient[] Recipients { get; }

    /// <summary>Its memory, in order.</summary>
    public List<ParcelRegion> Regions { get; } = [];

    /// <summary>The extent that owns its pages.</summary>
    public CapId Extent { get; set; } = CapId.Invalid;

    /// <summary>Bytes of all regions.</summary>
    public ulong Size
    {
        get
        {
            ulong size = 0;
            foreach (var region in Regions) size += region.Size;
            return size;
        }
    }

    /// <summary>Lent or given to one VM alone.</summary>
    public bool IsExclusive => TransType != MemTransType.Share && Recipients.Length == 1;

    /// <summary>What counts as a VM's private RAM, which it gets at VM_START without asking.</summary>
    public bool IsPrivateRam => Label == 0 && MemType == MemType.Normal && IsExclusive
        && Recipients[0].Rights == MemRights.ReadWriteExecute && AttributeOf(Recipients[0].Vmid) == MemAttribute.Normal;

    /// <summary>The ACL entry of a VM, or null.</summary>
    public ParcelRecipient? RecipientOf(ushort vmid) => Array.Find(Recipients, r => r.Vmid == vmid);

    /// <summary>How a VM maps it.</summary>
    public MemAttribute AttributeOf(ushort vmid)
    {
        foreach (var entry in _attributes)
            if (entry.Vmid == vmid)
                return entry.Attribute;
        return MemAttribute.Normal;
    }

    /// <summary>MEM_APPEND with DONE: the list is complete.</summary>
    public void Complete()
    {
        Debug.Assert(State == MemParcelState.Init, "completed twice");
        State = MemParcelState.Sharing;
    }

    /// <summary>A recipient has it from now on.</summary>
    public void Accepted(ParcelRecipient recipient)
    {
        if (recipient.Accepted) return;
        recipient.Accepted = true;
        _sharers++;
        State = MemParcelState.Shared;
    }

    /// <summary>A recipient has it no longer; the last one makes it reclaimable.</summary>
    public void Released(ParcelRecipient recipient)
    {
        if (!recipient.Accepted) return;
        recipient.Accepted = false;
        if (--_sharers == 0) State = MemParcelState.Sharing;
    }

    /// <summary>The whole pages that hold a range of it, as pieces of its extent.</summary>
    /// <param name="offset">Bytes from its start.</param>
    /// <param name="size">Bytes; the range lies inside.</param>
    public IEnumerable<ExtentPiece> PagesOf(ulong offset, ulong size)
    {
        var start = offset & ~(HypConstants.PageSize - 1);
        var end = (offset + size + HypConstants.PageSize - 1) & ~(HypConstants.PageSize - 1);
        ulong at = 0;
        foreach (var region in Regions)
        {
            var from = Math.Max(start, at);
            var to = Math.Min(end, at + region.Size);
            if (from < to) yield return new ExtentPiece(region.Offset + (from - at), to - from);
            at += region.Size;
        }
    }
}
