namespace RmStack.Protocol.Messages;

/// <summary>VM_IRQ_RECLAIM: the owner takes an interrupt back. RM: irq_manager.c. Standard reply.</summary>
public readonly ref struct VmIrqReclaim : IMessageView<VmIrqReclaim>
{
    /// <summary>Payload length, bytes.</summary>
    public const int Size = 4;

    private const int HandleOffset = 0;

    private readonly WireBytes _payload;

    private VmIrqReclaim(WireBytes payload) => _payload = payload;

    /// <summary>Handle of the lent interrupt.</summary>
    public uint Handle => Wire.U32(_payload, HandleOffset);

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out VmIrqReclaim view)
    {
        var payload = reader.Exactly(Size);
        view = reader.Status == DecodeStatus.Ok ? new VmIrqReclaim(payload) : default;
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
