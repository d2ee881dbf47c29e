namespace RmStack.Protocol.Messages;

/// <summary>VM_IRQ_LEND. RM: irq_manager.c. The reply is <see cref="VmIrqHandleReply"/>.</summary>
public readonly ref struct VmIrqLend : IMessageView<VmIrqLend>
{
    /// <summary>Payload length, bytes.</summary>
    public const int Size = 12;

    private const int BorrowerOffset = 0;
    private const int VirqOffset = 4;
    private const int LabelOffset = 8;

    private readonly WireBytes _payload;

    private VmIrqLend(WireBytes payload) => _payload = payload;

    /// <summary>VM that gets the interrupt.</summary>
    public ushort Borrower => Wire.U16(_payload, BorrowerOffset);

    /// <summary>Interrupt number in the caller.</summary>
    public uint Virq => Wire.U32(_payload, VirqOffset);

    /// <summary>Free number that the borrower matches.</summary>
    public uint Label => Wire.U32(_payload, LabelOffset);

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out VmIrqLend view)
    {
        var payload = reader.Exactly(Size);
        view = reader.Status == DecodeStatus.Ok ? new VmIrqLend(payload) : default;
        return reader.Status;
    }

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(PayloadWriter writer, ushort borrower, uint virq, uint label)
    {
        writer.U16(borrower);
        writer.Reserved(2);
        writer.U32(virq);
        writer.U32(label);
        return writer.End();
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields) => Write(writer, fields.U16("borrower"), fields.U32("virq"), fields.U32("label"));

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields.Number("borrower", Borrower).Number("virq", Virq).Number("label", Label);
}
