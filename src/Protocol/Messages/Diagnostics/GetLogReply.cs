namespace RmStack.Protocol.Messages;

/// <summary>Success reply to GET_LOG.</summary>
public readonly ref struct GetLogReply : IMessageView<GetLogReply>
{
    /// <summary>Payload length, bytes.</summary>
    public const int Size = 16;

    private const int AddressOffset = 0;
    private const int LogSizeOffset = 8;

    private readonly ReadOnlySpan<byte> _payload;

    private GetLogReply(ReadOnlySpan<byte> payload) => _payload = payload;

    /// <summary>Where the log is.</summary>
    public ulong Address => Wire.U64(_payload, AddressOffset);

    /// <summary>Its size, bytes.</summary>
    public ulong LogSize => Wire.U64(_payload, LogSizeOffset);

    /// <summary>Checks a payload.</summary>
    public static DecodeStatus TryParse(ReadOnlySpan<byte> payload, out GetLogReply view)
    {
        var reader = new PayloadReader(payload);
        return TryRead(ref reader, out view);
    }

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out GetLogReply view)
    {
        var payload = reader.Exactly(Size);
        view = reader.Status == DecodeStatus.Ok ? new GetLogReply(payload) : default;
        return reader.Status;
    }

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(Span<byte> payload, ulong address, ulong logSize)
    {
        var writer = new PayloadWriter(payload);
        writer.U64(address);
        writer.U64(logSize);
        return writer.End();
    }

    /// <inheritdoc/>
    public void AppendTo(MessageText text) => text.Range("log", Address, LogSize);
}
