using System.Buffers.Binary;

namespace RmStack.Protocol.Messages;

/// <summary>A wish in IPA_RESERVE: four u64. RM: vm_ipa.c.</summary>
/// <param name="RegionBase">Start of the region to choose from.</param>
/// <param name="RegionSize">Size of that region, bytes.</param>
/// <param name="Length">Size wanted, bytes.</param>
/// <param name="Alignment">Alignment wanted, bytes.</param>
public readonly record struct IpaAllocation(ulong RegionBase, ulong RegionSize, ulong Length, ulong Alignment) : IWireElement<IpaAllocation>
{
    private const int RegionSizeOffset = 8;
    private const int LengthOffset = 16;
    private const int AlignmentOffset = 24;

    /// <inheritdoc/>
    public static int Size => 32;

    /// <inheritdoc/>
    public static string EntryForm => string.Empty;

    /// <inheritdoc/>
    public static IpaAllocation Read(ReadOnlySpan<byte> bytes) => new(
        Wire.U64(bytes, 0),
        Wire.U64(bytes, RegionSizeOffset),
        Wire.U64(bytes, LengthOffset),
        Wire.U64(bytes, AlignmentOffset));

    /// <inheritdoc/>
    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, RegionBase);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[RegionSizeOffset..], RegionSize);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[LengthOffset..], Length);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[AlignmentOffset..], Alignment);
    }

    /// <inheritdoc/>
    public static IpaAllocation FromFields(FieldReader fields)
    {
        var within = fields.Range("within", "base", "limit");
        return new(within.Start, within.Size, fields.U64("size", unit: FieldUnit.Bytes), fields.U64("alignment", unit: FieldUnit.Bytes));
    }

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields
        .Number("base", RegionBase)
        .Number("limit", RegionSize, FieldUnit.Bytes)
        .Number("size", Length, FieldUnit.Bytes)
        .Number("alignment", Alignment, FieldUnit.Bytes);

    /// <inheritdoc/>
    public void AppendTo(MessageText text) => text
        .Range("within", "base", RegionBase, "limit", RegionSize)
        .Number("size", Length)
        .Number("alignment", Alignment);
}
