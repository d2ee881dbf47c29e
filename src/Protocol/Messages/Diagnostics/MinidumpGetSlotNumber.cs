namespace RmStack.Protocol.Messages;

/// <summary>
/// MINIDUMP_GET_SLOT_NUMBER: u8 name size, 3 zero bytes, u16 first slot, u16 0, name. Downstream driver; in no public RM. The reply is
/// <see cref="MinidumpSlotReply"/>.
/// </summary>
public readonly ref struct MinidumpGetSlotNumber : IMessageView<MinidumpGetSlotNumber>
{
    /// <summary>Bytes in front of the name.</summary>
    public const int FixedSize = 8;

    private const int NameSizeOffset = 0;
    private const int FirstSlotOffset = 4;

    private readonly WireBytes _payload;

    private MinidumpGetSlotNumber(WireBytes payload, WireBytes name)
    {
        _payload = payload;
        Name = name;
    }

    /// <summary>Slot to start looking at.</summary>
    public ushort FirstSlot => Wire.U16(_payload, FirstSlotOffset);

    /// <summary>Name of the range.</summary>
    public WireBytes Name { get; }

    /// <summary>Checks a payload: the name must be there, and nothing behind it.</summary>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out MinidumpGetSlotNumber view)
    {
        var payload = reader.Bytes(FixedSize);
        var name = reader.Bytes(reader.Status == DecodeStatus.Ok ? Wire.U8(payload, NameSizeOffset) : 0);
        var status = reader.End();
        view = status == DecodeStatus.Ok ? new MinidumpGetSlotNumber(payload, name) : default;
        return status;
    }

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(PayloadWriter writer, ushort firstSlot, ReadOnlySpan<byte> name)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(name.Length, byte.MaxValue, nameof(name));
        writer.U8((byte)name.Length);
        writer.Reserved(3);
        writer.U16(firstSlot);
        writer.Reserved(2);
        writer.Bytes(name);
        return writer.End();
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields) => Write(writer, fields.U16("first_slot"), fields.Text("name", byte.MaxValue));

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields.Number("first_slot", FirstSlot).Quoted("name", Name);
}
