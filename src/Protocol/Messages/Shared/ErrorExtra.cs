namespace RmStack.Protocol.Messages;

/// <summary>What follows the error word of an error reply: nothing, by the protocol, and clients throw away whatever comes.</summary>
public readonly ref struct ErrorExtra : IMessageView<ErrorExtra>
{
    private ErrorExtra(WireBytes bytes) => Bytes = bytes;

    /// <summary>What came.</summary>
    public WireBytes Bytes { get; }

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out ErrorExtra view)
    {
        view = new ErrorExtra(reader.Bytes(reader.Remaining));
        return reader.Status;
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields)
    {
        writer.Bytes(fields.BytesOrNull("extra", FieldRule.Optional));
        return writer.End();
    }

    /// <inheritdoc/>
    public void Describe(MessageFields fields)
    {
        if (!Bytes.IsEmpty)
            fields.Bytes("extra", Bytes);
    }
}
