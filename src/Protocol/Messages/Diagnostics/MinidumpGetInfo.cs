namespace RmStack.Protocol.Messages;

/// <summary>MINIDUMP_GET_INFO. Downstream driver. The reply is <see cref="MinidumpSlotReply"/>.</summary>
public readonly ref struct MinidumpGetInfo : IMessageView<MinidumpGetInfo>
{
    /// <summary>Payload length, bytes.</summary>
    public const int Size = 4;

    private const int ReservedOffset = 0;

    private readonly ReadOnlySpan<byte> _payload;

    private MinidumpGetInfo(ReadOnlySpan<byte> payload) => _payload = payload;

    /// <summary>0.</summary>
    public uint Reserved => Wire.U32(_payload, ReservedOffset);

    /// <summary>Checks a payload.</summary>
    public static DecodeStatus TryParse(ReadOnlySpan<byte> payload, out MinidumpGetInfo view)
    {
        var reader = new PayloadReader(payload);
        return TryRead(ref reader, out view);
    }

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out MinidumpGetInfo view)
    {
        var payload = reader.Exactly(Size);
        view = reader.Status == DecodeStatus.Ok ? new MinidumpGetInfo(payload) : default;
        return reader.Status;
    }

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(Span<byte> payload, uint reserved)
    {
        var writer = new PayloadWriter(payload);
        writer.U32(reserved);
        return writer.End();
    }

    /// <inheritdoc/>
    public void AppendTo(MessageText text) => text.NumberIfSet("reserved", Reserved);
}
