namespace RmStack.Protocol.Messages;

/// <summary>VM_INIT: read the configuration, make the VM's objects. RM: vm_creation.c. Standard reply.</summary>
public readonly ref struct VmInit : IMessageView<VmInit>
{
    /// <summary>Payload length, bytes.</summary>
    public const int Size = 4;

    private const int VmidOffset = 0;
    private const int ReservedOffset = 2;

    private readonly WireBytes _payload;

    private VmInit(WireBytes payload) => _payload = payload;

    /// <summary>The VM.</summary>
    public ushort Vmid => Wire.U16(_payload, VmidOffset);

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out VmInit view)
    {
        var payload = reader.Exactly(Size);
        reader.RequireZero(ReservedOffset, 2);
        view = reader.Status == DecodeStatus.Ok ? new VmInit(payload) : default;
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
