namespace RmStack.Protocol.Messages;

/// <summary>Success reply to VM_IRQ_ACCEPT.</summary>
public readonly ref struct VmIrqAcceptReply : IMessageView<VmIrqAcceptReply>
{
    /// <summary>Payload length, bytes.</summary>
    public const int Size = 4;

    private const int VirqOffset = 0;

    private readonly WireBytes _payload;

    private VmIrqAcceptReply(WireBytes payload) => _payload = payload;

    /// <summary>Number in the caller.</summary>
    public uint Virq => Wire.U32(_payload, VirqOffset);

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out VmIrqAcceptReply view)
    {
        var payload = reader.Exactly(Size);
        view = reader.Status == DecodeStatus.Ok ? new VmIrqAcceptReply(payload) : default;
        return reader.Status;
    }

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(PayloadWriter writer, uint virq)
    {
        writer.U32(virq);
        return writer.End();
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields) => Write(writer, fields.U32("virq"));

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields.Number("virq", Virq);
}
