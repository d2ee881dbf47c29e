namespace RmStack.Protocol.Messages;

/// <summary>MINIDUMP_GET_INFO. Downstream driver. The reply is <see cref="MinidumpSlotReply"/>.</summary>
public readonly ref struct MinidumpGetInfo : IMessageView<MinidumpGetInfo>
{
    /// <summary>Payload length, bytes.</summary>
    public const int Size = 4;

    private const int ReservedOffset = 0;

    private readonly WireBytes _payload;

    private MinidumpGetInfo(WireBytes payload) => _payload = payload;

    /// <summary>0.</summary>
    public uint Reserved => Wire.U32(_payload, ReservedOffset);

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out MinidumpGetInfo view)
    {
        var payload = reader.Exactly(Size);
        view = reader.Status == DecodeStatus.Ok ? new MinidumpGetInfo(payload) : default;
        return reader.Status;
    }

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(PayloadWriter writer, uint reserved)
    {
        writer.U32(reserved);
        return writer.End();
    }

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields.NumberIfSet("reserved", Reserved);
}
