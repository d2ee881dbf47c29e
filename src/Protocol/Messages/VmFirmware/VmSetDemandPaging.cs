namespace RmStack.Protocol.Messages;

/// <summary>VM_SET_DEMAND_PAGING: ranges of the guest that come in by page faults. Newer RM; Linux v15 on. Standard reply.</summary>
/// <remarks>The RM takes payloads that go on behind the last range.</remarks>
public readonly ref struct VmSetDemandPaging : IMessageView<VmSetDemandPaging>
{
    /// <summary>Bytes in front of the lists.</summary>
    public const int FixedSize = 8;

    private const int VmidOffset = 0;
    private const int ReservedOffset = 2;
    private const int CountOffset = 4;

    private readonly WireBytes _payload;

    private VmSetDemandPaging(WireBytes payload, WireList<SglEntry> ranges)
    {
        _payload = payload;
        Ranges = ranges;
    }

    /// <summary>The VM.</summary>
    public ushort Vmid => Wire.U16(_payload, VmidOffset);

    /// <summary>The ranges, in the guest's addresses.</summary>
    public WireList<SglEntry> Ranges { get; }

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out VmSetDemandPaging view)
    {
        var payload = reader.Bytes(FixedSize);
        reader.RequireZero(ReservedOffset, 2);
        var ranges = reader.Entries<SglEntry>(reader.Status == DecodeStatus.Ok ? Wire.U32(payload, CountOffset) : 0u);
        var status = reader.Status;
        view = status == DecodeStatus.Ok ? new VmSetDemandPaging(payload, ranges) : default;
        return status;
    }

    /// <summary>Payload length for so many entries, bytes.</summary>
    public static int SizeOf(int ranges) =>
        FixedSize + (ranges * SglEntry.WireSize);

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(PayloadWriter writer, ushort vmid, ReadOnlySpan<SglEntry> ranges)
    {
        writer.U16(vmid);
        writer.Reserved(2);
        writer.U32((uint)ranges.Length);
        writer.Entries(ranges);
        return writer.End();
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields) => Write(writer, fields.U16("vmid"), fields.List<SglEntry>("ranges"));

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields.Number("vmid", Vmid).List("ranges", Ranges);
}
