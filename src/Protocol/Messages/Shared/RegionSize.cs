using System.Buffers.Binary;

namespace RmStack.Protocol.Messages;

/// <summary>Size of one region of a memparcel, in MEM_SHARED: u64, no address. RM: memparcel.c.</summary>
/// <param name="Bytes">Length of the region, bytes.</param>
public readonly record struct RegionSize(ulong Bytes) : IWireElement<RegionSize>
{
    /// <inheritdoc/>
    public static int Size => 8;

    /// <inheritdoc/>
    public static string EntryForm => "size";

    /// <inheritdoc/>
    public static bool HasWireLayout => BitConverter.IsLittleEndian;

    /// <inheritdoc/>
    public static RegionSize Read(ReadOnlySpan<byte> bytes) => new(Wire.U64(bytes, 0));

    /// <inheritdoc/>
    public void Write(Span<byte> bytes) => BinaryPrimitives.WriteUInt64LittleEndian(bytes, Bytes);

    /// <inheritdoc/>
    public static RegionSize FromFields(FieldReader fields) => new(fields.U64("size", unit: FieldUnit.Bytes));

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields.Number("size", Bytes, FieldUnit.Bytes);

    /// <inheritdoc/>
    public void AppendTo(MessageText text) => text.Word(MessageText.Numeral(Bytes));
}
