namespace RmStack.Protocol.Messages;

/// <summary>Success reply to MEM_ACCEPT: the addresses that the RM chose, or nothing when the request gave them. RM: memparcel.c.</summary>
public readonly ref struct MemAcceptReply : IMessageView<MemAcceptReply>
{
    /// <summary>Bytes in front of the entries.</summary>
    public const int FixedSize = 4;

    private const int CountOffset = 0;
    private const int FlagsOffset = 2;

    private readonly WireBytes _payload;

    private MemAcceptReply(WireBytes payload, WireList<SglEntry> sgl)
    {
        _payload = payload;
        Sgl = sgl;
    }

    /// <summary>Whether the reply has a list, which it has when the request had no addresses.</summary>
    public bool HasList => !_payload.IsEmpty;

    /// <summary>Incomplete: ask again.</summary>
    public MemAcceptReplyFlags Flags => HasList ? (MemAcceptReplyFlags)Wire.U8(_payload, FlagsOffset) : MemAcceptReplyFlags.None;

    /// <summary>Addresses in the accepting VM, in region order.</summary>
    public WireList<SglEntry> Sgl { get; }

    /// <summary>Checks a payload: nothing, or exactly the announced entries.</summary>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out MemAcceptReply view)
    {
        view = default;
        if (reader.Remaining == 0)
            return DecodeStatus.Ok;
        var payload = reader.Bytes(FixedSize);
        var sgl = reader.Entries<SglEntry>(
            reader.Status == DecodeStatus.Ok ? Wire.U16(payload, CountOffset) : 0u,
            RpcLimits.MaxListEntries);
        var status = reader.End();
        if (status == DecodeStatus.Ok)
            view = new MemAcceptReply(payload, sgl);
        return status;
    }

    /// <summary>Payload length for so many entries, bytes.</summary>
    public static int SizeOf(int sgl) => FixedSize + (sgl * SglEntry.WireSize);

    /// <summary>Writes a payload with a list and returns its length, bytes.</summary>
    public static int Write(PayloadWriter writer, MemAcceptReplyFlags flags, ReadOnlySpan<SglEntry> sgl)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sgl.Length, ushort.MaxValue, nameof(sgl));
        writer.U16((ushort)sgl.Length);
        writer.U8((byte)flags);
        writer.Reserved(1);
        writer.Entries(sgl);
        return writer.End();
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields)
    {
        var flags = fields.Flags<MemAcceptReplyFlags>("flags", FieldRule.Optional);
        var sgl = fields.ListOrNull<SglEntry>("sgl", flags == MemAcceptReplyFlags.None ? FieldRule.Optional : FieldRule.Required);
        return sgl is null ? writer.End() : Write(writer, flags, sgl);
    }

    /// <inheritdoc/>
    public void Describe(MessageFields fields)
    {
        if (HasList)
            fields.OptionIfSet("flags", Flags).List("sgl", Sgl);
    }
}
