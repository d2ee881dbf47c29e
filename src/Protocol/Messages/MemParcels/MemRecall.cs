namespace RmStack.Protocol.Messages;

/// <summary>MEM_RECALL: the owner asks for the memparcel. RM: memparcel.c.</summary>
public readonly ref struct MemRecall : IMessageView<MemRecall>
{
    /// <summary>Payload length, bytes.</summary>
    public const int Size = 8;

    private const int HandleOffset = 0;
    private const int TagOffset = 4;

    private readonly WireBytes _payload;

    private MemRecall(WireBytes payload) => _payload = payload;

    /// <summary>The memparcel.</summary>
    public uint Handle => Wire.U32(_payload, HandleOffset);

    /// <summary>Tag given in MEM_NOTIFY.</summary>
    public uint Tag => Wire.U32(_payload, TagOffset);

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out MemRecall view)
    {
        var payload = reader.Exactly(Size);
        view = reader.Status == DecodeStatus.Ok ? new MemRecall(payload) : default;
        return reader.Status;
    }

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(PayloadWriter writer, uint handle, uint tag)
    {
        writer.U32(handle);
        writer.U32(tag);
        return writer.End();
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields) => Write(writer, fields.U32("parcel"), fields.U32("tag"));

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields.Number("parcel", Handle).Number("tag", Tag);
}
