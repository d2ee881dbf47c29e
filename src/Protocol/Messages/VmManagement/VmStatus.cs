namespace RmStack.Protocol.Messages;

/// <summary>VM_STATUS: a peer changed its state. RM: vm_mgnt.c.</summary>
public readonly ref struct VmStatus : IMessageView<VmStatus>
{
    /// <summary>Payload length, bytes.</summary>
    public const int Size = 8;

    private const int VmidOffset = 0;
    private const int StateOffset = 4;
    private const int OsStateOffset = 5;
    private const int AppStatusOffset = 6;

    private readonly WireBytes _payload;

    private VmStatus(WireBytes payload) => _payload = payload;

    /// <summary>The VM.</summary>
    public ushort Vmid => Wire.U16(_payload, VmidOffset);

    /// <summary>Its state now.</summary>
    public VmState State => (VmState)Wire.U8(_payload, StateOffset);

    /// <summary>State of its operating system.</summary>
    public OsState OsState => (OsState)Wire.U8(_payload, OsStateOffset);

    /// <summary>Free number of its software.</summary>
    public ushort AppStatus => Wire.U16(_payload, AppStatusOffset);

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out VmStatus view)
    {
        var payload = reader.Exactly(Size);
        view = reader.Status == DecodeStatus.Ok ? new VmStatus(payload) : default;
        return reader.Status;
    }

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(PayloadWriter writer, ushort vmid, VmState state, OsState osState, ushort appStatus)
    {
        writer.U16(vmid);
        writer.Reserved(2);
        writer.U8((byte)state);
        writer.U8((byte)osState);
        writer.U16(appStatus);
        return writer.End();
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields) => Write(
        writer,
        fields.U16("vmid"),
        fields.State<VmState>("vm_state"),
        fields.State<OsState>("os_state", FieldRule.Optional),
        fields.U16("app_status", FieldRule.Optional));

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields.Number("vmid", Vmid).State("vm_state", State).StateIfSet("os_state", OsState).NumberIfSet("app_status", AppStatus);
}
