namespace RmStack.Protocol.Messages;

/// <summary>
/// What the 12/2023 RM puts behind the error word of a failed VM_SET_TIME_BASE or VM_SET_FIRMWARE_MEM: one more word. The newer RM puts
/// nothing there, and clients throw away whatever comes.
/// </summary>
public readonly ref struct ErrorDetail : IMessageView<ErrorDetail>
{
    private readonly WireBytes _bytes;

    private ErrorDetail(WireBytes bytes) => _bytes = bytes;

    /// <summary>Whether the word is there.</summary>
    public bool HasDetail => _bytes.Length == sizeof(uint);

    /// <summary>A hypervisor error for VM_SET_TIME_BASE, always 1 for VM_SET_FIRMWARE_MEM; 0 when there is none.</summary>
    public uint Detail => HasDetail ? Wire.U32(_bytes, 0) : 0;

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out ErrorDetail view)
    {
        view = new ErrorDetail(reader.Bytes(reader.Remaining));
        return reader.Status;
    }

    /// <summary>Writes the word and returns the length, bytes.</summary>
    public static int Write(PayloadWriter writer, uint detail)
    {
        writer.U32(detail);
        return writer.End();
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields)
    {
        var detail = fields.U32OrNull("detail", FieldRule.Optional);
        var extra = fields.BytesOrNull("extra", FieldRule.OptionalIf(detail is null, "no detail"));
        if (detail is { } word)
            return Write(writer, word);
        writer.Bytes(extra);
        return writer.End();
    }

    /// <inheritdoc/>
    public void Describe(MessageFields fields)
    {
        if (HasDetail)
            fields.Number("detail", Detail);
        else if (!_bytes.IsEmpty)
            fields.Bytes("extra", _bytes);
    }
}
