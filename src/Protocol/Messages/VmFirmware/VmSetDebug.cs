namespace RmStack.Protocol.Messages;

/// <summary>VM_SET_DEBUG. Newer RM. Standard reply.</summary>
public readonly ref struct VmSetDebug : IMessageView<VmSetDebug>
{
    /// <summary>Payload length, bytes.</summary>
    public const int Size = 4;

    private const int VmidOffset = 0;
    private const int ReservedOffset = 2;
    private const int EnabledOffset = 3;

    private readonly WireBytes _payload;

    private VmSetDebug(WireBytes payload) => _payload = payload;

    /// <summary>The VM.</summary>
    public ushort Vmid => Wire.U16(_payload, VmidOffset);

    /// <summary>0 or 1.</summary>
    public byte Enabled => Wire.U8(_payload, EnabledOffset);

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out VmSetDebug view)
    {
        var payload = reader.Exactly(Size);
        reader.RequireZero(ReservedOffset, 1);
        view = reader.Status == DecodeStatus.Ok ? new VmSetDebug(payload) : default;
        return reader.Status;
    }

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(PayloadWriter writer, ushort vmid, byte enabled)
    {
        writer.U16(vmid);
        writer.Reserved(1);
        writer.U8(enabled);
        return writer.End();
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields) => Write(writer, fields.U16("vmid"), fields.U8("enabled"));

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields.Number("vmid", Vmid).Number("enabled", Enabled);
}
