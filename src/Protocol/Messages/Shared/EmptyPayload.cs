namespace RmStack.Protocol.Messages;

/// <summary>A payload of no bytes: VM_GET_VMID and its like as requests, and every standard reply behind its error word.</summary>
public readonly ref struct EmptyPayload : IMessageView<EmptyPayload>
{
    /// <summary>Ok only for no bytes.</summary>
    public static DecodeStatus TryParse(ReadOnlySpan<byte> payload) => payload.IsEmpty ? DecodeStatus.Ok : DecodeStatus.BadLength;

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out EmptyPayload view)
    {
        view = default;
        reader.Exactly(0);
        return reader.Status;
    }

    /// <inheritdoc/>
    public void AppendTo(MessageText text)
    {
    }
}
