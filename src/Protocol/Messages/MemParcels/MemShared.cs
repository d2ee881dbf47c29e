namespace RmStack.Protocol.Messages;

/// <summary>MEM_SHARED: a memparcel waits for this VM. RM: memparcel.c. Sizes of regions, no addresses.</summary>
public readonly ref struct MemShared : IMessageView<MemShared>
{
    /// <summary>Bytes in front of the lists.</summary>
    public const int FixedSize = 20;

    private const int HandleOffset = 0;
    private const int MemTypeOffset = 4;
    private const int TransTypeOffset = 5;
    private const int FlagsOffset = 6;
    private const int OwnerOffset = 8;
    private const int LabelOffset = 12;
    private const int TagOffset = 16;

    private readonly ReadOnlySpan<byte> _payload;

    private MemShared(ReadOnlySpan<byte> payload, WireList<AclEntry> acl, WireList<RegionSize> regions, WireList<MemAttributeEntry> attributes)
    {
        _payload = payload;
        Acl = acl;
        Regions = regions;
        Attributes = attributes;
    }

    /// <summary>The memparcel.</summary>
    public uint Handle => Wire.U32(_payload, HandleOffset);

    /// <summary>Kind of memory.</summary>
    public MemType MemType => (MemType)Wire.U8(_payload, MemTypeOffset);

    /// <summary>How it was made.</summary>
    public MemTransType TransType => (MemTransType)Wire.U8(_payload, TransTypeOffset);

    /// <summary>Whether it was zeroed at creation.</summary>
    public MemSharedFlags Flags => (MemSharedFlags)Wire.U8(_payload, FlagsOffset);

    /// <summary>VMID of its owner.</summary>
    public ushort Owner => Wire.U16(_payload, OwnerOffset);

    /// <summary>Label given by the owner.</summary>
    public uint Label => Wire.U32(_payload, LabelOffset);

    /// <summary>Tag given in MEM_NOTIFY.</summary>
    public uint Tag => Wire.U32(_payload, TagOffset);

    /// <summary>Who may use it.</summary>
    public WireList<AclEntry> Acl { get; }

    /// <summary>Sizes of its regions; cut at 512.</summary>
    public WireList<RegionSize> Regions { get; }

    /// <summary>How VMs map it; may be empty.</summary>
    public WireList<MemAttributeEntry> Attributes { get; }

    /// <summary>Checks a payload.</summary>
    public static DecodeStatus TryParse(ReadOnlySpan<byte> payload, out MemShared view)
    {
        var reader = new PayloadReader(payload);
        return TryRead(ref reader, out view);
    }

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out MemShared view)
    {
        var payload = reader.Bytes(FixedSize);
        var acl = reader.List<AclEntry>();
        var regions = reader.List<RegionSize>();
        var attributes = reader.List<MemAttributeEntry>();
        var status = reader.End();
        view = status == DecodeStatus.Ok ? new MemShared(payload, acl, regions, attributes) : default;
        return status;
    }

    /// <summary>Payload length for so many entries, bytes.</summary>
    public static int SizeOf(int acl, int regions, int attributes) =>
        FixedSize + Wire.CountSize + (acl * AclEntry.Size) + Wire.CountSize + (regions * RegionSize.Size) + Wire.CountSize + (attributes * MemAttributeEntry.Size);

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(
        Span<byte> payload,
        uint handle,
        MemType memType,
        MemTransType transType,
        MemSharedFlags flags,
        ushort owner,
        uint label,
        uint tag,
        ReadOnlySpan<AclEntry> acl,
        ReadOnlySpan<RegionSize> regions,
        ReadOnlySpan<MemAttributeEntry> attributes)
    {
        var writer = new PayloadWriter(payload);
        writer.U32(handle);
        writer.U8((byte)memType);
        writer.U8((byte)transType);
        writer.U8((byte)flags);
        writer.Reserved(1);
        writer.U16(owner);
        writer.Reserved(2);
        writer.U32(label);
        writer.U32(tag);
        writer.List(acl);
        writer.List(regions);
        writer.List(attributes);
        return writer.End();
    }

    /// <inheritdoc/>
    public void AppendTo(MessageText text) => text
        .Number("parcel", Handle)
        .Option("type", MemType)
        .Option("trans", TransType)
        .OptionIfSet("flags", Flags)
        .Number("owner", Owner)
        .Number("label", Label)
        .Number("tag", Tag)
        .List("acl", Acl)
        .List("sizes", Regions)
        .List("attr", Attributes);
}
