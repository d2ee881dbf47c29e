namespace RmStack.Protocol.Messages;

/// <summary>VM_SET_ADDRESS_LAYOUT: moves the image or firmware region. Newer RM; Linux v15 on. Standard reply.</summary>
public readonly ref struct VmSetAddressLayout : IMessageView<VmSetAddressLayout>
{
    /// <summary>Payload length, bytes.</summary>
    public const int Size = 24;

    private const int VmidOffset = 0;
    private const int ReservedOffset = 2;
    private const int RangeOffset = 4;
    private const int BaseOffset = 8;
    private const int RangeSizeOffset = 16;

    private readonly WireBytes _payload;

    private VmSetAddressLayout(WireBytes payload) => _payload = payload;

    /// <summary>The VM.</summary>
    public ushort Vmid => Wire.U16(_payload, VmidOffset);

    /// <summary>Which region.</summary>
    public AddressRangeId Range => (AddressRangeId)Wire.U32(_payload, RangeOffset);

    /// <summary>Guest address.</summary>
    public ulong Base => Wire.U64(_payload, BaseOffset);

    /// <summary>Size, bytes.</summary>
    public ulong RangeSize => Wire.U64(_payload, RangeSizeOffset);

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out VmSetAddressLayout view)
    {
        var payload = reader.Exactly(Size);
        reader.RequireZero(ReservedOffset, 2);
        view = reader.Status == DecodeStatus.Ok ? new VmSetAddressLayout(payload) : default;
        return reader.Status;
    }

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(PayloadWriter writer, ushort vmid, AddressRangeId range, ulong @base, ulong rangeSize)
    {
        writer.U16(vmid);
        writer.Reserved(2);
        writer.U32((uint)range);
        writer.U64(@base);
        writer.U64(rangeSize);
        return writer.End();
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields)
    {
        var vmid = fields.U16("vmid");
        var range = fields.Option<AddressRangeId>("range");
        var at = fields.Range("at", "base", "size");
        return Write(writer, vmid, range, at.Start, at.Size);
    }

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields.Number("vmid", Vmid).Option("range", Range).Range("at", "base", Base, "size", RangeSize);
}
