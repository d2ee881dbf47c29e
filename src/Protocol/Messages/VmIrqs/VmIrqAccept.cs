namespace RmStack.Protocol.Messages;

/// <summary>VM_IRQ_ACCEPT. RM: irq_manager.c. The reply is <see cref="VmIrqAcceptReply"/>.</summary>
public readonly ref struct VmIrqAccept : IMessageView<VmIrqAccept>
{
    /// <summary>Payload length, bytes.</summary>
    public const int Size = 8;

    private const int HandleOffset = 0;
    private const int VirqOffset = 4;

    private readonly WireBytes _payload;

    private VmIrqAccept(WireBytes payload) => _payload = payload;

    /// <summary>Handle of the lent interrupt.</summary>
    public uint Handle => Wire.U32(_payload, HandleOffset);

    /// <summary>Number wanted; 0xFFFFFFFF: the RM chooses.</summary>
    public uint Virq => Wire.U32(_payload, VirqOffset);

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out VmIrqAccept view)
    {
        var payload = reader.Exactly(Size);
        view = reader.Status == DecodeStatus.Ok ? new VmIrqAccept(payload) : default;
        return reader.Status;
    }

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(PayloadWriter writer, uint handle, uint virq)
    {
        writer.U32(handle);
        writer.U32(virq);
        return writer.End();
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields) => Write(writer, fields.U32("irq"), fields.U32("virq"));

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields.Number("irq", Handle).Number("virq", Virq);
}
