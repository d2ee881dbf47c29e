using System.Buffers.Binary;

namespace RmStack.Protocol.Messages;

/// <summary>A u32 in a list, e.g. a memparcel handle.</summary>
/// <param name="Value">The number.</param>
public readonly record struct WordEntry(uint Value) : IWireElement<WordEntry>
{
    /// <inheritdoc/>
    public static int Size => 4;

    /// <inheritdoc/>
    public static string EntryForm => "parcel";

    /// <inheritdoc/>
    public static bool HasWireLayout => BitConverter.IsLittleEndian;

    /// <inheritdoc/>
    public static WordEntry Read(ReadOnlySpan<byte> bytes) => new(Wire.U32(bytes, 0));

    /// <inheritdoc/>
    public void Write(Span<byte> bytes) => BinaryPrimitives.WriteUInt32LittleEndian(bytes, Value);

    /// <inheritdoc/>
    public static WordEntry FromFields(FieldReader fields) => new(fields.U32("parcel"));

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields.Number("parcel", Value);

    /// <inheritdoc/>
    public void AppendTo(MessageText text) => text.Word(MessageText.Numeral(Value));
}
