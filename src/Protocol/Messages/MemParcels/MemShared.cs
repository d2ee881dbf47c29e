namespace RmStack.Protocol.Messages;

/// <summary>MEM_SHARED: a memparcel waits for this VM. RM: memparcel.c. Sizes of regions, no addresses.</summary>
public readonly ref struct MemShared : IMessageView<MemShared>
{
    /// <summary>Bytes in front of the lists.</summary>
    public const int FixedSize = 20;

    /// <summary>Shortest payload: all three lists are there, if empty. Bytes.</summary>
    public const int MinSize = 32;

    private const int HandleOffset = 0;
    private const int MemTypeOffset = 4;
    private const int TransTypeOffset = 5;
    private const int FlagsOffset = 6;
    private const int OwnerOffset = 8;
    private const int LabelOffset = 12;
    private const int TagOffset = 16;

    private readonly WireBytes _payload;
    private readonly ParcelLists<RegionSize> _lists;

    private MemShared(WireBytes payload, ParcelLists<RegionSize> lists)
    {
        _payload = payload;
        _lists = lists;
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
    public WireList<AclEntry> Acl => _lists.Acl;

    /// <summary>Sizes of its regions; cut at 512.</summary>
    public WireList<RegionSize> Regions => _lists.Regions;

    /// <summary>How VMs map it; may be empty.</summary>
    public WireList<MemAttributeEntry> Attributes => _lists.Attributes;

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out MemShared view)
    {
        reader.RequireAtLeast(MinSize);
        var status = ParcelLists<RegionSize>.TryRead(ref reader, FixedSize, out var payload, out var lists, mayBeMissing: false);
        view = status == DecodeStatus.Ok ? new MemShared(payload, lists) : default;
        return status;
    }

    /// <summary>Payload length for so many entries, bytes.</summary>
    public static int SizeOf(int acl, int regions, int attributes) => FixedSize + ParcelLists<RegionSize>.SizeOf(acl, regions, attributes);

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(
        PayloadWriter writer,
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
        writer.U32(handle);
        writer.U8((byte)memType);
        writer.U8((byte)transType);
        writer.U8((byte)flags);
        writer.Reserved(1);
        writer.U16(owner);
        writer.Reserved(2);
        writer.U32(label);
        writer.U32(tag);
        ParcelLists<RegionSize>.Write(ref writer, acl, regions, attributes);
        return writer.End();
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields) => Write(
        writer,
        fields.U32("parcel"),
        fields.Option<MemType>("mem_type"),
        fields.Option<MemTransType>("trans_type"),
        fields.Flags<MemSharedFlags>("flags", FieldRule.Optional),
        fields.U16("owner"),
        fields.U32("label"),
        fields.U32("tag"),
        fields.List<AclEntry>("acl"),
        fields.List<RegionSize>("sizes"),
        fields.List<MemAttributeEntry>("attributes", FieldRule.Optional));

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields
        .Number("parcel", Handle)
        .Option("mem_type", MemType)
        .Option("trans_type", TransType)
        .OptionIfSet("flags", Flags)
        .Number("owner", Owner)
        .Number("label", Label)
        .Number("tag", Tag)
        .List("acl", Acl)
        .List("sizes", Regions)
        .List("attributes", Attributes);
}
