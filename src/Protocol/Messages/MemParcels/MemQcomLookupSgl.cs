namespace RmStack.Protocol.Messages;

/// <summary>MEM_QCOM_LOOKUP_SGL: find the caller's memparcel with exactly these lists. RM: memparcel.c. The reply is <see cref="MemHandleReply"/>.</summary>
public readonly ref struct MemQcomLookupSgl : IMessageView<MemQcomLookupSgl>
{
    /// <summary>Bytes in front of the lists.</summary>
    public const int FixedSize = 8;

    /// <summary>Shortest payload that the RM looks at, bytes.</summary>
    public const int MinSize = 16;

    private const int MemTypeOffset = 0;
    private const int LabelOffset = 4;

    private readonly WireBytes _payload;
    private readonly ParcelLists<SglEntry> _lists;

    private MemQcomLookupSgl(WireBytes payload, ParcelLists<SglEntry> lists)
    {
        _payload = payload;
        _lists = lists;
    }

    /// <summary>Kind of memory.</summary>
    public MemType MemType => (MemType)Wire.U8(_payload, MemTypeOffset);

    /// <summary>Given to the memparcel when it has none.</summary>
    public uint Label => Wire.U32(_payload, LabelOffset);

    /// <summary>Who may use it.</summary>
    public WireList<AclEntry> Acl => _lists.Acl;

    /// <summary>Its regions, in the owner's addresses.</summary>
    public WireList<SglEntry> Sgl => _lists.Regions;

    /// <summary>How VMs map it; may be empty.</summary>
    public WireList<MemAttributeEntry> Attributes => _lists.Attributes;

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out MemQcomLookupSgl view)
    {
        reader.RequireAtLeast(MinSize);
        var status = ParcelLists<SglEntry>.TryRead(ref reader, FixedSize, out var payload, out var lists);
        view = status == DecodeStatus.Ok ? new MemQcomLookupSgl(payload, lists) : default;
        return status;
    }

    /// <summary>Payload length for so many entries, bytes.</summary>
    public static int SizeOf(int acl, int sgl, int attributes) => FixedSize + ParcelLists<SglEntry>.SizeOf(acl, sgl, attributes);

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(
        PayloadWriter writer,
        MemType memType,
        uint label,
        ReadOnlySpan<AclEntry> acl,
        ReadOnlySpan<SglEntry> sgl,
        ReadOnlySpan<MemAttributeEntry> attributes)
    {
        writer.U8((byte)memType);
        writer.Reserved(3);
        writer.U32(label);
        ParcelLists<SglEntry>.Write(ref writer, acl, sgl, attributes);
        return writer.End();
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields) => Write(
        writer,
        fields.Option<MemType>("mem_type"),
        fields.U32("label"),
        fields.List<AclEntry>("acl"),
        fields.List<SglEntry>("sgl"),
        fields.List<MemAttributeEntry>("attributes", FieldRule.Optional));

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields.Option("mem_type", MemType).Number("label", Label).List("acl", Acl).List("sgl", Sgl).List("attributes", Attributes);
}
