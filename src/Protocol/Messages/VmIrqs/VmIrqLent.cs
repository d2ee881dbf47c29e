namespace RmStack.Protocol.Messages;

/// <summary>VM_IRQ_LENT: an interrupt waits for this VM. RM: irq_manager.c.</summary>
public readonly ref struct VmIrqLent : IMessageView<VmIrqLent>
{
    /// <summary>Payload length, bytes.</summary>
    public const int Size = 12;

    private const int OwnerOffset = 0;
    private const int HandleOffset = 4;
    private const int LabelOffset = 8;

    private readonly WireBytes _payload;

    private VmIrqLent(WireBytes payload) => _payload = payload;

    /// <summary>VM that lends.</summary>
    public ushort Owner => Wire.U16(_payload, OwnerOffset);

    /// <summary>Handle of the lent interrupt.</summary>
    public uint Handle => Wire.U32(_payload, HandleOffset);

    /// <summary>Label given by the owner.</summary>
    public uint Label => Wire.U32(_payload, LabelOffset);

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out VmIrqLent view)
    {
        var payload = reader.Exactly(Size);
        view = reader.Status == DecodeStatus.Ok ? new VmIrqLent(payload) : default;
        return reader.Status;
    }

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(PayloadWriter writer, ushort owner, uint handle, uint label)
    {
        writer.U16(owner);
        writer.Reserved(2);
        writer.U32(handle);
        writer.U32(label);
        return writer.End();
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields) => Write(writer, fields.U16("owner"), fields.U32("irq"), fields.U32("label"));

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields.Number("owner", Owner).Number("irq", Handle).Number("label", Label);
}
