using System.Buffers.Binary;

namespace RmStack.Protocol.Messages;

/// <summary>An address in a list: u64, not necessarily 8-byte aligned on the wire.</summary>
/// <param name="Ipa">The address.</param>
public readonly record struct AddressEntry(ulong Ipa) : IWireElement<AddressEntry>
{
    /// <inheritdoc/>
    public static int Size => 8;

    /// <inheritdoc/>
    public static string EntryForm => "address";

    /// <inheritdoc/>
    public static bool HasWireLayout => BitConverter.IsLittleEndian;

    /// <inheritdoc/>
    public static AddressEntry Read(ReadOnlySpan<byte> bytes) => new(Wire.U64(bytes, 0));

    /// <inheritdoc/>
    public void Write(Span<byte> bytes) => BinaryPrimitives.WriteUInt64LittleEndian(bytes, Ipa);

    /// <inheritdoc/>
    public static AddressEntry FromFields(FieldReader fields) => new(fields.U64("address"));

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields.Number("address", Ipa);

    /// <inheritdoc/>
    public void AppendTo(MessageText text) => text.Word(MessageText.Numeral(Ipa));
}
