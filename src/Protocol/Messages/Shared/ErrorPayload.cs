namespace RmStack.Protocol.Messages;

/// <summary>
/// What follows the error word of an error reply. Nothing, by the protocol; the 12/2023 RM puts one more word behind the errors of
/// VM_SET_TIME_BASE and VM_SET_FIRMWARE_MEM, and clients throw away whatever is there.
/// </summary>
public readonly ref struct ErrorPayload : IMessageView<ErrorPayload>
{
    private ErrorPayload(WireBytes bytes) => Bytes = bytes;

    /// <summary>What came.</summary>
    public WireBytes Bytes { get; }

    /// <summary>Whether it is one word.</summary>
    public bool HasDetail => Bytes.Length == sizeof(uint);

    /// <summary>The word: a hypervisor error for VM_SET_TIME_BASE, always 1 for VM_SET_FIRMWARE_MEM; 0 when there is none.</summary>
    public uint Detail => HasDetail ? Wire.U32(Bytes, 0) : 0;

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out ErrorPayload view)
    {
        view = new ErrorPayload(reader.Bytes(reader.Remaining));
        return reader.Status;
    }

    /// <summary>Writes the word and returns the length, bytes.</summary>
    public static int Write(PayloadWriter writer, uint detail)
    {
        writer.U32(detail);
        return writer.End();
    }

    /// <inheritdoc/>
    public void Describe(MessageFields fields)
    {
        if (HasDetail)
            fields.Number("detail", Detail);
        else if (!Bytes.IsEmpty)
            fields.Bytes("extra", Bytes);
    }
}
