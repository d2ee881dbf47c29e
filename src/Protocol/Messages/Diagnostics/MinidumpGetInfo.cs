namespace RmStack.Protocol.Messages;

/// <summary>MINIDUMP_GET_INFO. Downstream driver. The reply is <see cref="MinidumpSlotReply"/>.</summary>
public readonly ref struct MinidumpGetInfo : IMessageView<MinidumpGetInfo>
{
    /// <summary>Payload length, bytes.</summary>
    public const int Size = 4;

    /// <summary>Checks a payload: four bytes that mean nothing.</summary>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out MinidumpGetInfo view)
    {
        reader.Exactly(Size);
        view = default;
        return reader.Status;
    }

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(PayloadWriter writer)
    {
        writer.Reserved(Size);
        return writer.End();
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields) => Write(writer);

    /// <inheritdoc/>
    public void Describe(MessageFields fields)
    {
    }
}
