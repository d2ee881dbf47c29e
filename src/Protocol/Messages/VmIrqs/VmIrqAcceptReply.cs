namespace RmStack.Protocol.Messages;

/// <summary>Success reply to VM_IRQ_ACCEPT.</summary>
public readonly ref struct VmIrqAcceptReply : IMessageView<VmIrqAcceptReply>
{
    /// <summary>Payload length, bytes.</summary>
    public const int Size = 4;

    private const int VirqOffset = 0;

    private readonly ReadOnlySpan<byte> _payload;

    private VmIrqAcceptReply(ReadOnlySpan<byte> payload) => _payload = payload;

    /// <summary>Number in the caller.</summary>
    public uint Virq => Wire.U32(_payload, VirqOffset);

    /// <summary>Checks a payload.</summary>
    public static DecodeStatus TryParse(ReadOnlySpan<byte> payload, out VmIrqAcceptReply view)
    {
        var reader = new PayloadReader(payload);
        return TryRead(ref reader, out view);
    }

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out VmIrqAcceptReply view)
    {
        var payload = reader.Exactly(Size);
        view = reader.Status == DecodeStatus.Ok ? new VmIrqAcceptReply(payload) : default;
        return reader.Status;
    }

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(Span<byte> payload, uint virq)
    {
        var writer = new PayloadWriter(payload);
        writer.U32(virq);
        return writer.End();
    }

    /// <inheritdoc/>
    public void AppendTo(MessageText text) => text.Number("virq", Virq);
}
