namespace RmStack.Protocol.Messages;

/// <summary>MEM_RELEASED: a recipient no longer has the memparcel. To the owner. RM: memparcel.c.</summary>
public readonly ref struct MemReleased : IMessageView<MemReleased>
{
    /// <summary>Payload length, bytes.</summary>
    public const int Size = 12;

    private const int HandleOffset = 0;
    private const int VmidOffset = 4;
    private const int TagOffset = 8;

    private readonly WireBytes _payload;

    private MemReleased(WireBytes payload) => _payload = payload;

    /// <summary>The memparcel.</summary>
    public uint Handle => Wire.U32(_payload, HandleOffset);

    /// <summary>The recipient.</summary>
    public ushort Vmid => Wire.U16(_payload, VmidOffset);

    /// <summary>Tag given in MEM_NOTIFY, or 0.</summary>
    public uint Tag => Wire.U32(_payload, TagOffset);

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out MemReleased view)
    {
        var payload = reader.Exactly(Size);
        view = reader.Status == DecodeStatus.Ok ? new MemReleased(payload) : default;
        return reader.Status;
    }

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(PayloadWriter writer, uint handle, ushort vmid, uint tag)
    {
        writer.U32(handle);
        writer.U16(vmid);
        writer.Reserved(2);
        writer.U32(tag);
        return writer.End();
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields) => Write(writer, fields.U32("parcel"), fields.U16("vmid"), fields.U32("tag"));

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields.Number("parcel", Handle).Number("vmid", Vmid).Number("tag", Tag);
}
