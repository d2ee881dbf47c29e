namespace RmStack.Protocol.Messages;

/// <summary>VM_ALLOCATE: make a VM. RM: vm_mgnt.c. The reply is <see cref="VmAllocateReply"/>.</summary>
public readonly ref struct VmAllocate : IMessageView<VmAllocate>
{
    /// <summary>Payload length, bytes.</summary>
    public const int Size = 4;

    private const int VmidOffset = 0;

    private readonly WireBytes _payload;

    private VmAllocate(WireBytes payload) => _payload = payload;

    /// <summary>VMID wanted, or 0 for the lowest free dynamic one.</summary>
    public ushort Vmid => Wire.U16(_payload, VmidOffset);

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out VmAllocate view)
    {
        var payload = reader.Exactly(Size);
        view = reader.Status == DecodeStatus.Ok ? new VmAllocate(payload) : default;
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
