namespace RmStack.Protocol.Messages;

/// <summary>Success reply with VMIDs: VM_GET_PEERS, VM_LOOKUP_URI, VM_LOOKUP_GUID, VM_LOOKUP_NAME.</summary>
public readonly ref struct VmListReply : IMessageView<VmListReply>
{
    private VmListReply(WireList<VmidEntry> vmids) => Vmids = vmids;

    /// <summary>The VMs.</summary>
    public WireList<VmidEntry> Vmids { get; }

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out VmListReply view)
    {
        var vmids = reader.List32<VmidEntry>();
        var status = reader.End();
        view = status == DecodeStatus.Ok ? new VmListReply(vmids) : default;
        return status;
    }

    /// <summary>Payload length for so many entries, bytes.</summary>
    public static int SizeOf(int vmids) =>
        Wire.CountSize + (vmids * VmidEntry.Size);

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(PayloadWriter writer, ReadOnlySpan<VmidEntry> vmids)
    {
        writer.List32(vmids);
        return writer.End();
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields) => Write(writer, fields.List<VmidEntry>("vmids"));

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields.List("vmids", Vmids);
}
