namespace RmStack.Protocol.Messages;

/// <summary>MEM_RELEASE: a recipient gives a memparcel back. RM: memparcel.c. Standard reply.</summary>
public readonly ref struct MemRelease : IMessageView<MemRelease>
{
    /// <summary>Shortest payload, bytes; longer ones are taken.</summary>
    public const int MinSize = 8;

    private const int HandleOffset = 0;
    private const int FlagsOffset = 4;

    private readonly ReadOnlySpan<byte> _payload;

    private MemRelease(ReadOnlySpan<byte> payload) => _payload = payload;

    /// <summary>The memparcel.</summary>
    public uint Handle => Wire.U32(_payload, HandleOffset);

    /// <summary>Whether to zero the memory at reclaim.</summary>
    public MemSanitizeFlags Flags => (MemSanitizeFlags)Wire.U8(_payload, FlagsOffset);

    /// <summary>Checks a payload.</summary>
    public static DecodeStatus TryParse(ReadOnlySpan<byte> payload, out MemRelease view)
    {
        var reader = new PayloadReader(payload);
        return TryRead(ref reader, out view);
    }

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out MemRelease view)
    {
        var payload = reader.Bytes(MinSize);
        view = reader.Status == DecodeStatus.Ok ? new MemRelease(payload) : default;
        return reader.Status;
    }

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(Span<byte> payload, uint handle, MemSanitizeFlags flags)
    {
        var writer = new PayloadWriter(payload);
        writer.U32(handle);
        writer.U8((byte)flags);
        writer.Reserved(3);
        return writer.End();
    }

    /// <inheritdoc/>
    public void AppendTo(MessageText text) => text.Number("parcel", Handle).OptionIfSet("flags", Flags);
}
