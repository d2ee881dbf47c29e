namespace RmStack.Protocol.Messages;

/// <summary>MEM_ACCEPT: take a memparcel into the caller's address space. RM: memparcel.c. The reply is <see cref="MemAcceptReply"/>.</summary>
public readonly ref struct MemAccept : IMessageView<MemAccept>
{
    /// <summary>Bytes in front of the lists.</summary>
    public const int FixedSize = 12;

    /// <summary>Shortest payload that the RM looks at, bytes.</summary>
    public const int MinSize = 24;

    private const int HandleOffset = 0;
    private const int MemTypeOffset = 4;
    private const int TransTypeOffset = 5;
    private const int FlagsOffset = 6;
    private const int LabelOffset = 8;

    private readonly WireBytes _payload;
    private readonly ParcelLists<SglEntry> _lists;

    private MemAccept(WireBytes payload, ParcelLists<SglEntry> lists)
    {
        _payload = payload;
        _lists = lists;
    }

    /// <summary>The memparcel.</summary>
    public uint Handle => Wire.U32(_payload, HandleOffset);

    /// <summary>Must equal the memparcel's.</summary>
    public MemType MemType => (MemType)Wire.U8(_payload, MemTypeOffset);

    /// <summary>Must equal the memparcel's.</summary>
    public MemTransType TransType => (MemTransType)Wire.U8(_payload, TransTypeOffset);

    /// <summary>What to check and do.</summary>
    public MemAcceptFlags Flags => (MemAcceptFlags)Wire.U8(_payload, FlagsOffset);

    /// <summary>Compared with ValidateLabel.</summary>
    public uint Label => Wire.U32(_payload, LabelOffset);

    /// <summary>Compared, in order, with ValidateAclAttr.</summary>
    public WireList<AclEntry> Acl => _lists.Acl;

    /// <summary>Where to map; empty: the RM chooses and tells.</summary>
    public WireList<SglEntry> Sgl => _lists.Regions;

    /// <summary>VM to map into: the upper half of the SGL count word; must be 0.</summary>
    public ushort MapVmid => Sgl.UpperHalf;

    /// <summary>Compared, in order, with ValidateAclAttr.</summary>
    public WireList<MemAttributeEntry> Attributes => _lists.Attributes;

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out MemAccept view)
    {
        reader.RequireAtLeast(MinSize);
        var status = ParcelLists<SglEntry>.TryRead(ref reader, FixedSize, out var payload, out var lists);
        view = status == DecodeStatus.Ok ? new MemAccept(payload, lists) : default;
        return status;
    }

    /// <summary>Payload length for so many entries, bytes.</summary>
    public static int SizeOf(int acl, int sgl, int attributes) => FixedSize + ParcelLists<SglEntry>.SizeOf(acl, sgl, attributes);

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(
        PayloadWriter writer,
        uint handle,
        MemType memType,
        MemTransType transType,
        MemAcceptFlags flags,
        uint label,
        ReadOnlySpan<AclEntry> acl,
        ushort mapVmid,
        ReadOnlySpan<SglEntry> sgl,
        ReadOnlySpan<MemAttributeEntry> attributes)
    {
        writer.U32(handle);
        writer.U8((byte)memType);
        writer.U8((byte)transType);
        writer.U8((byte)flags);
        writer.Reserved(1);
        writer.U32(label);
        ParcelLists<SglEntry>.Write(ref writer, acl, sgl, attributes, mapVmid);
        return writer.End();
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields) => Write(
        writer,
        fields.U32("parcel"),
        fields.Option<MemType>("mem_type"),
        fields.Option<MemTransType>("trans_type"),
        fields.Flags<MemAcceptFlags>("flags", FieldRule.Optional),
        fields.U32("label"),
        fields.List<AclEntry>("acl", FieldRule.Optional),
        fields.U16("map_vmid", FieldRule.Optional),
        fields.List<SglEntry>("sgl", FieldRule.Optional),
        fields.List<MemAttributeEntry>("attributes", FieldRule.Optional));

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields
        .Number("parcel", Handle)
        .Option("mem_type", MemType)
        .Option("trans_type", TransType)
        .OptionIfSet("flags", Flags)
        .Number("label", Label)
        .List("acl", Acl)
        .Number("map_vmid", MapVmid)
        .List("sgl", Sgl)
        .List("attributes", Attributes);
}
