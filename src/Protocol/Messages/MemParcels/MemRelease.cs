namespace RmStack.Protocol.Messages;

/// <summary>MEM_RELEASE: a recipient gives a memparcel back. RM: memparcel.c. Standard reply.</summary>
public readonly ref struct MemRelease : IMessageView<MemRelease>
{
    /// <summary>Shortest payload, bytes; longer ones are taken.</summary>
    public const int MinSize = 8;

    private const int HandleOffset = 0;
    private const int FlagsOffset = 4;

    private readonly WireBytes _payload;

    private MemRelease(WireBytes payload) => _payload = payload;

    /// <summary>The memparcel.</summary>
    public uint Handle => Wire.U32(_payload, HandleOffset);

    /// <summary>Whether to zero the memory at reclaim.</summary>
    public MemSanitizeFlags Flags => (MemSanitizeFlags)Wire.U8(_payload, FlagsOffset);

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out MemRelease view)
    {
        var payload = reader.Bytes(MinSize);
        view = reader.Status == DecodeStatus.Ok ? new MemRelease(payload) : default;
        return reader.Status;
    }

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(PayloadWriter writer, uint handle, MemSanitizeFlags flags)
    {
        writer.U32(handle);
        writer.U8((byte)flags);
        writer.Reserved(3);
        return writer.End();
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields) => Write(writer, fields.U32("parcel"), fields.Flags<MemSanitizeFlags>("flags", FieldRule.Optional));

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields.Number("parcel", Handle).OptionIfSet("flags", Flags);
}
