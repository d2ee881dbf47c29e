namespace RmStack.Protocol.Messages;

/// <summary>What HEAP_QUERY asks.</summary>
public enum HeapQueryKind : byte
{
    /// <summary>Nothing; refused.</summary>
    None = 0,

    /// <summary>Memparcels that nothing uses.</summary>
    FreeParts = 1,

    /// <summary>How full the heap is.</summary>
    Statistics = 2,
}

/// <summary>
/// Success reply to HEAP_QUERY: a list of memparcels, or four u64 of statistics. RM: heap_mgnt.c (newer). Nothing in the reply says which.
/// Of the same length, 32 bytes, is only a list of 7, and no heap's size ends in 7.
/// </summary>
public readonly ref struct HeapQueryReply : IMessageView<HeapQueryReply>
{
    /// <summary>Length of the statistics, bytes.</summary>
    public const int StatisticsSize = 32;

    private const int TotalOffset = 0;
    private const int AllocatedOffset = 8;
    private const int ReservedOffset = 16;
    private const int LargestFreeOffset = 24;

    private readonly WireBytes _statistics;

    private HeapQueryReply(WireBytes statistics, WireList<WordEntry> parcels)
    {
        _statistics = statistics;
        FreeParts = parcels;
    }

    /// <summary>Which of the two this is.</summary>
    public HeapQueryKind Kind => _statistics.IsEmpty ? HeapQueryKind.FreeParts : HeapQueryKind.Statistics;

    /// <summary>Handles of memparcels that nothing uses.</summary>
    public WireList<WordEntry> FreeParts { get; }

    /// <summary>Size of the heap, bytes; 0 unless statistics.</summary>
    public ulong Total => Statistic(TotalOffset);

    /// <summary>Bytes in use.</summary>
    public ulong Allocated => Statistic(AllocatedOffset);

    /// <summary>Bytes kept back.</summary>
    public ulong Reserved => Statistic(ReservedOffset);

    /// <summary>Largest free piece, bytes.</summary>
    public ulong LargestFree => Statistic(LargestFreeOffset);

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out HeapQueryReply view)
    {
        view = default;
        if (reader.Remaining == StatisticsSize && Wire.U32(reader.Rest, 0) != (StatisticsSize / sizeof(uint)) - 1)
        {
            view = new HeapQueryReply(reader.Bytes(StatisticsSize), default);
            return DecodeStatus.Ok;
        }

        var parcels = reader.List32<WordEntry>();
        var status = reader.End();
        if (status == DecodeStatus.Ok)
            view = new HeapQueryReply(default, parcels);
        return status;
    }

    /// <summary>Writes a list and returns the length, bytes.</summary>
    public static int Write(PayloadWriter writer, ReadOnlySpan<WordEntry> freeParts)
    {
        writer.List32(freeParts);
        return writer.End();
    }

    /// <summary>Writes statistics and returns the length, bytes.</summary>
    public static int Write(PayloadWriter writer, ulong total, ulong allocated, ulong reserved, ulong largestFree)
    {
        writer.U64(total);
        writer.U64(allocated);
        writer.U64(reserved);
        writer.U64(largestFree);
        return writer.End();
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields)
    {
        var parcels = fields.ListOrNull<WordEntry>("parcels", FieldRule.Optional);
        var rule = FieldRule.Only(parcels is null, "no parcels");
        var total = fields.U64("total", rule, FieldUnit.Bytes);
        var allocated = fields.U64("allocated", rule, FieldUnit.Bytes);
        var reserved = fields.U64("reserved", rule, FieldUnit.Bytes);
        var largestFree = fields.U64("largest_free", rule, FieldUnit.Bytes);
        return parcels is null ? Write(writer, total, allocated, reserved, largestFree) : Write(writer, parcels);
    }

    /// <inheritdoc/>
    public void Describe(MessageFields fields)
    {
        if (Kind == HeapQueryKind.FreeParts)
            fields.List("parcels", FreeParts);
        else
            fields.Number("total", Total, FieldUnit.Bytes).Number("allocated", Allocated, FieldUnit.Bytes).Number("reserved", Reserved, FieldUnit.Bytes).Number("largest_free", LargestFree, FieldUnit.Bytes);
    }

    private ulong Statistic(int offset) => _statistics.IsEmpty ? 0 : Wire.U64(_statistics, offset);
}
