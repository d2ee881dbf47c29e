using System.Buffers.Binary;

namespace RmStack.Protocol.Messages;

/// <summary>Who may use a memparcel, and how: u16 vmid, u8 rights, u8 reserved. RM: memparcel_msg.h.</summary>
/// <param name="Vmid">The VM.</param>
/// <param name="Rights">Its rights; only R, RX, RW and RWX are valid, others survive decoding.</param>
public readonly record struct AclEntry(ushort Vmid, MemRights Rights) : IWireElement<AclEntry>
{
    private const int RightsOffset = 2;
    private const int ReservedOffset = 3;

    /// <inheritdoc/>
    public static int Size => 4;

    /// <inheritdoc/>
    public static string EntryForm => "vmid:rights";

    /// <inheritdoc/>
    public static AclEntry Read(ReadOnlySpan<byte> bytes) => new(Wire.U16(bytes, 0), (MemRights)bytes[RightsOffset]);

    /// <inheritdoc/>
    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, Vmid);
        bytes[RightsOffset] = (byte)Rights;
        bytes[ReservedOffset] = 0;
    }

    /// <inheritdoc/>
    public static AclEntry FromFields(FieldReader fields) => new(fields.U16("vmid"), (MemRights)fields.Named("rights", byte.MaxValue, MemParcels.RightsLetters));

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields.Number("vmid", Vmid).Symbol("rights", (byte)Rights, Rights.Letters());

    /// <inheritdoc/>
    public void AppendTo(MessageText text) => text.Word(MessageText.Numeral(Vmid) + ":" + Rights.Letters());
}
