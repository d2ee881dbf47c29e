namespace RmStack.Protocol.Messages;

/// <summary>Success reply that gives a memparcel handle: MEM_LEND, MEM_SHARE, MEM_DONATE, MEM_QCOM_LOOKUP_SGL.</summary>
public readonly ref struct MemHandleReply : IMessageView<MemHandleReply>
{
    /// <summary>Payload length, bytes.</summary>
    public const int Size = 4;

    private const int HandleOffset = 0;

    private readonly WireBytes _payload;

    private MemHandleReply(WireBytes payload) => _payload = payload;

    /// <summary>The memparcel; 0 is valid.</summary>
    public uint Handle => Wire.U32(_payload, HandleOffset);

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out MemHandleReply view)
    {
        var payload = reader.Exactly(Size);
        view = reader.Status == DecodeStatus.Ok ? new MemHandleReply(payload) : default;
        return reader.Status;
    }

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(PayloadWriter writer, uint handle)
    {
        writer.U32(handle);
        return writer.End();
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields) => Write(writer, fields.U32("parcel"));

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields.Number("parcel", Handle);
}
