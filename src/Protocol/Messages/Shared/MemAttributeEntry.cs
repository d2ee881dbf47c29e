using System.Buffers.Binary;

namespace RmStack.Protocol.Messages;

/// <summary>How one VM maps a memparcel: u16 attribute, u16 vmid (the attribute comes first). RM: memparcel_msg.h.</summary>
/// <param name="Attribute">Memory attribute; unknown values survive.</param>
/// <param name="Vmid">The VM, which must be in the ACL.</param>
public readonly record struct MemAttributeEntry(MemAttribute Attribute, ushort Vmid) : IWireElement<MemAttributeEntry>
{
    private const int VmidOffset = 2;

    /// <inheritdoc/>
    public static int Size => 4;

    /// <inheritdoc/>
    public static string EntryForm => "vmid:attribute";

    /// <inheritdoc/>
    public static MemAttributeEntry Read(ReadOnlySpan<byte> bytes) => new((MemAttribute)Wire.U16(bytes, 0), Wire.U16(bytes, VmidOffset));

    /// <inheritdoc/>
    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)Attribute);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[VmidOffset..], Vmid);
    }

    /// <inheritdoc/>
    public static MemAttributeEntry FromFields(FieldReader fields) => new(fields.Option<MemAttribute>("attribute"), fields.U16("vmid"));

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields.Option("attribute", Attribute).Number("vmid", Vmid);

    /// <inheritdoc/>
    public void AppendTo(MessageText text) => text.Word(MessageText.Numeral(Vmid) + ":" + Attribute.ToString().ToLowerInvariant());
}
