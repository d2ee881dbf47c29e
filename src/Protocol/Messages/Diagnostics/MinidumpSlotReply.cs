namespace RmStack.Protocol.Messages;

/// <summary>Success reply with a slot number: MINIDUMP_GET_INFO (free slots), MINIDUMP_REGISTER_RANGE, MINIDUMP_GET_SLOT_NUMBER. Downstream driver.</summary>
public readonly ref struct MinidumpSlotReply : IMessageView<MinidumpSlotReply>
{
    /// <summary>Payload length, bytes.</summary>
    public const int Size = 4;

    private const int SlotOffset = 0;

    private readonly WireBytes _payload;

    private MinidumpSlotReply(WireBytes payload) => _payload = payload;

    /// <summary>Slot, or number of free slots.</summary>
    public ushort Slot => Wire.U16(_payload, SlotOffset);

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out MinidumpSlotReply view)
    {
        var payload = reader.Exactly(Size);
        view = reader.Status == DecodeStatus.Ok ? new MinidumpSlotReply(payload) : default;
        return reader.Status;
    }

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(PayloadWriter writer, ushort slot)
    {
        writer.U16(slot);
        writer.Reserved(2);
        return writer.End();
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields) => Write(writer, fields.U16("slot"));

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields.Number("slot", Slot);
}
