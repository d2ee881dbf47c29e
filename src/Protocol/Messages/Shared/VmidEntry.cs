using System.Buffers.Binary;

namespace RmStack.Protocol.Messages;

/// <summary>One VM in a list: u16 vmid, u16 reserved.</summary>
/// <param name="Vmid">The VM.</param>
public readonly record struct VmidEntry(ushort Vmid) : IWireElement<VmidEntry>
{
    /// <inheritdoc/>
    public static int Size => 4;

    /// <inheritdoc/>
    public static string EntryForm => "vmid";

    /// <inheritdoc/>
    public static VmidEntry Read(ReadOnlySpan<byte> bytes) => new(Wire.U16(bytes, 0));

    /// <inheritdoc/>
    public void Write(Span<byte> bytes) => BinaryPrimitives.WriteUInt32LittleEndian(bytes, Vmid);

    /// <inheritdoc/>
    public static VmidEntry FromFields(FieldReader fields) => new(fields.U16("vmid"));

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields.Number("vmid", Vmid);

    /// <inheritdoc/>
    public void AppendTo(MessageText text) => text.Word(MessageText.Numeral(Vmid));
}
