using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace RmStack.Protocol.Messages;

/// <summary>A range of addresses: u64 start, u64 size, both multiples of 4 KiB where the RM checks. RM: memparcel_msg.h.</summary>
/// <param name="Ipa">Start, in the address space that the message names.</param>
/// <param name="Size">Length, bytes.</param>
public readonly record struct SglEntry(ulong Ipa, ulong Size) : IWireElement<SglEntry>
{
    private const int SizeOffset = 8;

    /// <summary>Bytes on the wire.</summary>
    public const int WireSize = 16;

    static int IWireElement<SglEntry>.Size => WireSize;

    /// <inheritdoc/>
    public static string EntryForm => "address+size";

    /// <inheritdoc/>
    public static bool HasWireLayout => BitConverter.IsLittleEndian;

    /// <inheritdoc/>
    public static SglEntry Read(ReadOnlySpan<byte> bytes) => HasWireLayout
        ? MemoryMarshal.Read<SglEntry>(bytes)
        : new SglEntry(Wire.U64(bytes, 0), Wire.U64(bytes, SizeOffset));

    /// <inheritdoc/>
    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Ipa);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[SizeOffset..], Size);
    }

    /// <inheritdoc/>
    public static SglEntry FromFields(FieldReader fields) => new(fields.U64("address"), fields.U64("size", unit: FieldUnit.Bytes));

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields.Number("address", Ipa).Number("size", Size, FieldUnit.Bytes);

    /// <inheritdoc/>
    public void AppendTo(MessageText text) => text.RawRange(Ipa, Size);
}
