namespace RmStack.Protocol.Messages;

/// <summary>Success reply to GET_LOG.</summary>
public readonly ref struct GetLogReply : IMessageView<GetLogReply>
{
    /// <summary>Payload length, bytes.</summary>
    public const int Size = 16;

    private const int AddressOffset = 0;
    private const int LogSizeOffset = 8;

    private readonly WireBytes _payload;

    private GetLogReply(WireBytes payload) => _payload = payload;

    /// <summary>Where the log is.</summary>
    public ulong Address => Wire.U64(_payload, AddressOffset);

    /// <summary>Its size, bytes.</summary>
    public ulong LogSize => Wire.U64(_payload, LogSizeOffset);

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out GetLogReply view)
    {
        var payload = reader.Exactly(Size);
        view = reader.Status == DecodeStatus.Ok ? new GetLogReply(payload) : default;
        return reader.Status;
    }

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(PayloadWriter writer, ulong address, ulong logSize)
    {
        writer.U64(address);
        writer.U64(logSize);
        return writer.End();
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields)
    {
        var log = fields.Range("log", "address", "size");
        return Write(writer, log.Start, log.Size);
    }

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields.Range("log", "address", Address, "size", LogSize);
}
