namespace RmStack.Protocol.Messages;

/// <summary>VM_IRQ_ACCEPTED: the borrower has the interrupt. To the owner. RM: irq_manager.c.</summary>
public readonly ref struct VmIrqAccepted : IMessageView<VmIrqAccepted>
{
    /// <summary>Payload length, bytes.</summary>
    public const int Size = 4;

    private const int HandleOffset = 0;

    private readonly ReadOnlySpan<byte> _payload;

    private VmIrqAccepted(ReadOnlySpan<byte> payload) => _payload = payload;

    /// <summary>Handle of the lent interrupt.</summary>
    public uint Handle => Wire.U32(_payload, HandleOffset);

    /// <summary>Checks a payload.</summary>
    public static DecodeStatus TryParse(ReadOnlySpan<byte> payload, out VmIrqAccepted view)
    {
        var reader = new PayloadReader(payload);
        return TryRead(ref reader, out view);
    }

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out VmIrqAccepted view)
    {
        var payload = reader.Exactly(Size);
        view = reader.Status == DecodeStatus.Ok ? new VmIrqAccepted(payload) : default;
        return reader.Status;
    }

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(Span<byte> payload, uint handle)
    {
        var writer = new PayloadWriter(payload);
        writer.U32(handle);
        return writer.End();
    }

    /// <inheritdoc/>
    public void AppendTo(MessageText text) => text.Number("irq", Handle);
}
