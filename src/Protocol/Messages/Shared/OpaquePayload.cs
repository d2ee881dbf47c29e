namespace RmStack.Protocol.Messages;

/// <summary>A payload of a message whose layout is not public.</summary>
public readonly ref struct OpaquePayload : IMessageView<OpaquePayload>
{
    private OpaquePayload(WireBytes payload) => Bytes = payload;

    /// <summary>The payload as it came.</summary>
    public WireBytes Bytes { get; }

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out OpaquePayload view)
    {
        view = new OpaquePayload(reader.Bytes(reader.Remaining));
        return reader.Status;
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields)
    {
        writer.Bytes(fields.BytesOrNull("payload", FieldRule.Optional));
        return writer.End();
    }

    /// <inheritdoc/>
    public void Describe(MessageFields fields)
    {
        if (!Bytes.IsEmpty || !fields.IsBrief)
            fields.Bytes("payload", Bytes);
    }
}
