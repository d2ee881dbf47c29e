namespace RmStack.Protocol.Messages;

/// <summary>MINIDUMP_DEREGISTER_SLOT. Downstream driver. Standard reply.</summary>
public readonly ref struct MinidumpDeregisterSlot : IMessageView<MinidumpDeregisterSlot>
{
    /// <summary>Payload length, bytes.</summary>
    public const int Size = 4;

    private const int SlotOffset = 0;

    private readonly ReadOnlySpan<byte> _payload;

    private MinidumpDeregisterSlot(ReadOnlySpan<byte> payload) => _payload = payload;

    /// <summary>The slot.</summary>
    public ushort Slot => Wire.U16(_payload, SlotOffset);

    /// <summary>Checks a payload.</summary>
    public static DecodeStatus TryParse(ReadOnlySpan<byte> payload, out MinidumpDeregisterSlot view)
    {
        var reader = new PayloadReader(payload);
        return TryRead(ref reader, out view);
    }

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out MinidumpDeregisterSlot view)
    {
        var payload = reader.Exactly(Size);
        view = reader.Status == DecodeStatus.Ok ? new MinidumpDeregisterSlot(payload) : default;
        return reader.Status;
    }

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(Span<byte> payload, ushort slot)
    {
        var writer = new PayloadWriter(payload);
        writer.U16(slot);
        writer.Reserved(2);
        return writer.End();
    }

    /// <inheritdoc/>
    public void AppendTo(MessageText text) => text.Number("slot", Slot);
}
