namespace RmStack.Protocol.Messages;

/// <summary>VM_IRQ_LEND. RM: irq_manager.c. The reply is <see cref="VmIrqHandleReply"/>.</summary>
public readonly ref struct VmIrqLend : IMessageView<VmIrqLend>
{
    /// <summary>Payload length, bytes.</summary>
    public const int Size = 12;

    private const int BorrowerOffset = 0;
    private const int VirqOffset = 4;
    private const int LabelOffset = 8;

    private readonly ReadOnlySpan<byte> _payload;

    private VmIrqLend(ReadOnlySpan<byte> payload) => _payload = payload;

    /// <summary>VM that gets the interrupt.</summary>
    public ushort Borrower => Wire.U16(_payload, BorrowerOffset);

    /// <summary>Interrupt number in the caller.</summary>
    public uint Virq => Wire.U32(_payload, VirqOffset);

    /// <summary>Free number that the borrower matches.</summary>
    public uint Label => Wire.U32(_payload, LabelOffset);

    /// <summary>Checks a payload.</summary>
    public static DecodeStatus TryParse(ReadOnlySpan<byte> payload, out VmIrqLend view)
    {
        var reader = new PayloadReader(payload);
        return TryRead(ref reader, out view);
    }

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out VmIrqLend view)
    {
        var payload = reader.Exactly(Size);
        view = reader.Status == DecodeStatus.Ok ? new VmIrqLend(payload) : default;
        return reader.Status;
    }

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(Span<byte> payload, ushort borrower, uint virq, uint label)
    {
        var writer = new PayloadWriter(payload);
        writer.U16(borrower);
        writer.Reserved(2);
        writer.U32(virq);
        writer.U32(label);
        return writer.End();
    }

    /// <inheritdoc/>
    public void AppendTo(MessageText text) => text.Number("borrower", Borrower).Number("virq", Virq).Number("label", Label);
}
