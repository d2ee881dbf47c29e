namespace RmStack.Protocol.Messages;

/// <summary>A payload of a message whose layout is not public.</summary>
public readonly ref struct OpaquePayload : IMessageView<OpaquePayload>
{
    private OpaquePayload(ReadOnlySpan<byte> payload) => Bytes = payload;

    /// <summary>The payload as it came.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out OpaquePayload view)
    {
        view = new OpaquePayload(reader.Bytes(reader.Remaining));
        return reader.Status;
    }

    /// <inheritdoc/>
    public void AppendTo(MessageText text)
    {
        if (!Bytes.IsEmpty)
            text.Bytes("payload", Bytes);
    }
}
