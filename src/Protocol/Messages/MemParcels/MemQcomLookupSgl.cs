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

    private readonly ReadOnlySpan<byte> _payload;

    private MemQcomLookupSgl(ReadOnlySpan<byte> payload, WireList<AclEntry> acl, WireList<SglEntry> sgl, WireList<MemAttributeEntry> attributes)
    {
        _payload = payload;
        Acl = acl;
        Sgl = sgl;
        Attributes = attributes;
    }

    /// <summary>Kind of memory.</summary>
    public MemType MemType => (MemType)Wire.U8(_payload, MemTypeOffset);

    /// <summary>Given to the memparcel when it has none.</summary>
    public uint Label => Wire.U32(_payload, LabelOffset);

    /// <summary>Who may use it.</summary>
    public WireList<AclEntry> Acl { get; }

    /// <summary>Its regions, in the owner's addresses.</summary>
    public WireList<SglEntry> Sgl { get; }

    /// <summary>How VMs map it; may be empty.</summary>
    public WireList<MemAttributeEntry> Attributes { get; }

    /// <summary>Checks a payload.</summary>
    public static DecodeStatus TryParse(ReadOnlySpan<byte> payload, out MemQcomLookupSgl view)
    {
        var reader = new PayloadReader(payload);
        return TryRead(ref reader, out view);
    }

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out MemQcomLookupSgl view)
    {
        reader.RequireAtLeast(MinSize);
        var payload = reader.Bytes(FixedSize);
        var acl = reader.List<AclEntry>();
        var sgl = reader.List<SglEntry>();
        var attributes = reader.List<MemAttributeEntry>();
        var status = reader.End();
        view = status == DecodeStatus.Ok ? new MemQcomLookupSgl(payload, acl, sgl, attributes) : default;
        return status;
    }

    /// <summary>Payload length for so many entries, bytes.</summary>
    public static int SizeOf(int acl, int sgl, int attributes) =>
        FixedSize + Wire.CountSize + (acl * AclEntry.Size) + Wire.CountSize + (sgl * SglEntry.WireSize) + Wire.CountSize + (attributes * MemAttributeEntry.Size);

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(
        Span<byte> payload,
        MemType memType,
        uint label,
        ReadOnlySpan<AclEntry> acl,
        ReadOnlySpan<SglEntry> sgl,
        ReadOnlySpan<MemAttributeEntry> attributes)
    {
        var writer = new PayloadWriter(payload);
        writer.U8((byte)memType);
        writer.Reserved(3);
        writer.U32(label);
        writer.List(acl);
        writer.List(sgl);
        writer.List(attributes);
        return writer.End();
    }

    /// <inheritdoc/>
    public void AppendTo(MessageText text) => text.Option("type", MemType).Number("label", Label).List("acl", Acl).List("sgl", Sgl).List("attr", Attributes);
}
