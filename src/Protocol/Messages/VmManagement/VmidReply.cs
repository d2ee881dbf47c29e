namespace RmStack.Protocol.Messages;

/// <summary>Success reply with one VMID: VM_GET_VMID, VM_GET_OWNER.</summary>
public readonly ref struct VmidReply : IMessageView<VmidReply>
{
    /// <summary>Payload length, bytes.</summary>
    public const int Size = 4;

    private const int VmidOffset = 0;

    private readonly WireBytes _payload;

    private VmidReply(WireBytes payload) => _payload = payload;

    /// <summary>The VM.</summary>
    public ushort Vmid => Wire.U16(_payload, VmidOffset);

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out VmidReply view)
    {
        var payload = reader.Exactly(Size);
        view = reader.Status == DecodeStatus.Ok ? new VmidReply(payload) : default;
        return reader.Status;
    }

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(PayloadWriter writer, ushort vmid)
    {
        writer.U16(vmid);
        writer.Reserved(2);
        return writer.End();
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields) => Write(writer, fields.U16("vmid"));

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields.Number("vmid", Vmid);
}
