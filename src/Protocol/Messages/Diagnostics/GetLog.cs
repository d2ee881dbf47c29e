namespace RmStack.Protocol.Messages;

/// <summary>GET_LOG. RM: log.c (newer). The reply is <see cref="GetLogReply"/>.</summary>
public readonly ref struct GetLog : IMessageView<GetLog>
{
    /// <summary>Payload length, bytes.</summary>
    public const int Size = 4;

    private const int LogIdOffset = 0;

    private readonly ReadOnlySpan<byte> _payload;

    private GetLog(ReadOnlySpan<byte> payload) => _payload = payload;

    /// <summary>0 is the RM's log.</summary>
    public ushort LogId => Wire.U16(_payload, LogIdOffset);

    /// <summary>Checks a payload.</summary>
    public static DecodeStatus TryParse(ReadOnlySpan<byte> payload, out GetLog view)
    {
        var reader = new PayloadReader(payload);
        return TryRead(ref reader, out view);
    }

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out GetLog view)
    {
        var payload = reader.Exactly(Size);
        view = reader.Status == DecodeStatus.Ok ? new GetLog(payload) : default;
        return reader.Status;
    }

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(Span<byte> payload, ushort logId)
    {
        var writer = new PayloadWriter(payload);
        writer.U16(logId);
        writer.Reserved(2);
        return writer.End();
    }

    /// <inheritdoc/>
    public void AppendTo(MessageText text) => text.Number("log", LogId);
}
