namespace RmStack.Protocol.Messages;

/// <summary>GET_LOG. RM: log.c (newer). The reply is <see cref="GetLogReply"/>.</summary>
public readonly ref struct GetLog : IMessageView<GetLog>
{
    /// <summary>Payload length, bytes.</summary>
    public const int Size = 4;

    private const int LogIdOffset = 0;

    private readonly WireBytes _payload;

    private GetLog(WireBytes payload) => _payload = payload;

    /// <summary>0 is the RM's log.</summary>
    public ushort LogId => Wire.U16(_payload, LogIdOffset);

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out GetLog view)
    {
        var payload = reader.Exactly(Size);
        view = reader.Status == DecodeStatus.Ok ? new GetLog(payload) : default;
        return reader.Status;
    }

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(PayloadWriter writer, ushort logId)
    {
        writer.U16(logId);
        writer.Reserved(2);
        return writer.End();
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields) => Write(writer, fields.U16("log"));

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields.Number("log", LogId);
}
