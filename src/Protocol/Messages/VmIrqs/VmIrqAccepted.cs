namespace RmStack.Protocol.Messages;

/// <summary>VM_IRQ_ACCEPTED: the borrower has the interrupt. To the owner. RM: irq_manager.c.</summary>
public readonly ref struct VmIrqAccepted : IMessageView<VmIrqAccepted>
{
    /// <summary>Payload length, bytes.</summary>
    public const int Size = 4;

    private const int HandleOffset = 0;

    private readonly WireBytes _payload;

    private VmIrqAccepted(WireBytes payload) => _payload = payload;

    /// <summary>Handle of the lent interrupt.</summary>
    public uint Handle => Wire.U32(_payload, HandleOffset);

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out VmIrqAccepted view)
    {
        var payload = reader.Exactly(Size);
        view = reader.Status == DecodeStatus.Ok ? new VmIrqAccepted(payload) : default;
        return reader.Status;
    }

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(PayloadWriter writer, uint handle)
    {
        writer.U32(handle);
        return writer.End();
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields) => Write(writer, fields.U32("irq"));

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields.Number("irq", Handle);
}
