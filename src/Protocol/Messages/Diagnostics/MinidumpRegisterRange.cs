namespace RmStack.Protocol.Messages;

/// <summary>
/// MINIDUMP_REGISTER_RANGE: u64 base, u64 size, u8 name size, u8 name offset, u16 0, name. Downstream driver; in no public RM. The driver
/// writes 28 as the offset although the name starts at 20. The reply is <see cref="MinidumpSlotReply"/>.
/// </summary>
public readonly ref struct MinidumpRegisterRange : IMessageView<MinidumpRegisterRange>
{
    /// <summary>Bytes in front of the name.</summary>
    public const int FixedSize = 20;

    /// <summary>Offset that the downstream driver announces.</summary>
    public const byte AnnouncedNameOffset = 28;

    private const int BaseOffset = 0;
    private const int SizeOffset = 8;
    private const int NameSizeOffset = 16;
    private const int NameOffsetOffset = 17;

    private readonly WireBytes _payload;

    private MinidumpRegisterRange(WireBytes payload, WireBytes name)
    {
        _payload = payload;
        Name = name;
    }

    /// <summary>Start of the range, in the caller's addresses.</summary>
    public ulong Base => Wire.U64(_payload, BaseOffset);

    /// <summary>Size of the range, bytes.</summary>
    public ulong RangeSize => Wire.U64(_payload, SizeOffset);

    /// <summary>Offset of the name as announced.</summary>
    public byte NameOffset => Wire.U8(_payload, NameOffsetOffset);

    /// <summary>The name, from where it really is.</summary>
    public WireBytes Name { get; }

    /// <summary>Checks a payload: the name must be there, and nothing behind it.</summary>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out MinidumpRegisterRange view)
    {
        var payload = reader.Bytes(FixedSize);
        var name = reader.Bytes(reader.Status == DecodeStatus.Ok ? Wire.U8(payload, NameSizeOffset) : 0);
        var status = reader.End();
        view = status == DecodeStatus.Ok ? new MinidumpRegisterRange(payload, name) : default;
        return status;
    }

    /// <summary>Writes a payload as the downstream driver does and returns its length, bytes.</summary>
    public static int Write(PayloadWriter writer, ulong @base, ulong rangeSize, ReadOnlySpan<byte> name)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(name.Length, byte.MaxValue, nameof(name));
        writer.U64(@base);
        writer.U64(rangeSize);
        writer.U8((byte)name.Length);
        writer.U8(AnnouncedNameOffset);
        writer.Reserved(2);
        writer.Bytes(name);
        return writer.End();
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields)
    {
        var range = fields.Range("range", "base", "size");
        return Write(writer, range.Start, range.Size, fields.Text("name", byte.MaxValue));
    }

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields.Range("range", "base", Base, "size", RangeSize).Quoted("name", Name);
}
