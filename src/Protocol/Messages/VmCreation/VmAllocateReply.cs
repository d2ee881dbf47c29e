namespace RmStack.Protocol.Messages;

/// <summary>Success reply to VM_ALLOCATE: the VMID when the RM chose it, nothing when the caller did. RM: vm_mgnt.c.</summary>
public readonly ref struct VmAllocateReply : IMessageView<VmAllocateReply>
{
    /// <summary>Payload length when there is a VMID, bytes.</summary>
    public const int Size = 4;

    private readonly WireBytes _payload;

    private VmAllocateReply(WireBytes payload) => _payload = payload;

    /// <summary>Whether the reply names a VMID.</summary>
    public bool HasVmid => !_payload.IsEmpty;

    /// <summary>The VMID, or 0 when the caller chose it.</summary>
    public ushort Vmid => HasVmid ? Wire.U16(_payload, 0) : (ushort)0;

    /// <summary>Checks a payload: no bytes or four.</summary>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out VmAllocateReply view)
    {
        view = reader.Remaining == 0 ? default : new VmAllocateReply(reader.Exactly(Size));
        return reader.Status;
    }

    /// <summary>Writes the VMID that the RM chose and returns the length; for a VMID of the caller's choice the payload is empty.</summary>
    public static int Write(PayloadWriter writer, ushort vmid)
    {
        writer.U32(vmid);
        return writer.End();
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields) => fields.U16OrNull("vmid") is { } vmid ? Write(writer, vmid) : writer.End();

    /// <inheritdoc/>
    public void Describe(MessageFields fields)
    {
        if (HasVmid)
            fields.Number("vmid", Vmid);
    }
}
