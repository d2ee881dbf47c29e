namespace RmStack.Protocol.Messages;

/// <summary>A payload of no bytes: VM_GET_VMID and its like as requests, and every standard reply behind its error word.</summary>
public readonly ref struct EmptyPayload : IMessageView<EmptyPayload>
{
    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out EmptyPayload view)
    {
        view = default;
        reader.Exactly(0);
        return reader.Status;
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields) => writer.End();

    /// <inheritdoc/>
    public void Describe(MessageFields fields)
    {
    }
}
