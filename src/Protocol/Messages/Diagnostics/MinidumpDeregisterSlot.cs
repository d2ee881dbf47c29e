namespace RmStack.Protocol.Messages;

/// <summary>MINIDUMP_DEREGISTER_SLOT. Downstream driver. Standard reply.</summary>
public readonly ref struct MinidumpDeregisterSlot : IMessageView<MinidumpDeregisterSlot>
{
    /// <summary>Payload length, bytes.</summary>
    public const int Size = 4;

    private const int SlotOffset = 0;

    private readonly WireBytes _payload;

    private MinidumpDeregisterSlot(WireBytes payload) => _payload = payload;

    /// <summary>The slot.</summary>
    public ushort Slot => Wire.U16(_payload, SlotOffset);

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out MinidumpDeregisterSlot view)
    {
        var payload = reader.Exactly(Size);
        view = reader.Status == DecodeStatus.Ok ? new MinidumpDeregisterSlot(payload) : default;
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
