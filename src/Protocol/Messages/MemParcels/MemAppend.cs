namespace RmStack.Protocol.Messages;

/// <summary>MEM_APPEND: more memory for a memparcel made with Append. RM: memparcel.c. Standard reply.</summary>
public readonly ref struct MemAppend : IMessageView<MemAppend>
{
    /// <summary>Bytes in front of the lists.</summary>
    public const int FixedSize = 8;

    /// <summary>Shortest payload that the RM looks at, bytes.</summary>
    public const int MinSize = 12;

    private const int HandleOffset = 0;
    private const int FlagsOffset = 4;

    private readonly WireBytes _payload;

    private MemAppend(WireBytes payload, WireList<SglEntry> sgl)
    {
        _payload = payload;
        Sgl = sgl;
    }

    /// <summary>The memparcel.</summary>
    public uint Handle => Wire.U32(_payload, HandleOffset);

    /// <summary>Done on the last part.</summary>
    public MemAppendFlags Flags => (MemAppendFlags)Wire.U8(_payload, FlagsOffset);

    /// <summary>The memory, in the caller's addresses.</summary>
    public WireList<SglEntry> Sgl { get; }

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out MemAppend view)
    {
        reader.RequireAtLeast(MinSize);
        var payload = reader.Bytes(FixedSize);
        var sgl = reader.List<SglEntry>();
        var status = reader.End();
        view = status == DecodeStatus.Ok ? new MemAppend(payload, sgl) : default;
        return status;
    }

    /// <summary>Payload length for so many entries, bytes.</summary>
    public static int SizeOf(int sgl) =>
        FixedSize + Wire.CountSize + (sgl * SglEntry.WireSize);

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(PayloadWriter writer, uint handle, MemAppendFlags flags, ReadOnlySpan<SglEntry> sgl)
    {
        writer.U32(handle);
        writer.U8((byte)flags);
        writer.Reserved(3);
        writer.List(sgl);
        return writer.End();
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields) => Write(writer, fields.U32("parcel"), fields.Flags<MemAppendFlags>("flags", FieldRule.Optional), fields.List<SglEntry>("sgl"));

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields.Number("parcel", Handle).OptionIfSet("flags", Flags).List("sgl", Sgl);
}
