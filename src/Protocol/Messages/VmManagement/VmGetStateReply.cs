namespace RmStack.Protocol.Messages;

/// <summary>Success reply to VM_GET_STATE.</summary>
public readonly ref struct VmGetStateReply : IMessageView<VmGetStateReply>
{
    /// <summary>Payload length, bytes.</summary>
    public const int Size = 4;

    private const int StateOffset = 0;
    private const int OsStateOffset = 1;
    private const int AppStatusOffset = 2;

    private readonly WireBytes _payload;

    private VmGetStateReply(WireBytes payload) => _payload = payload;

    /// <summary>State of the VM.</summary>
    public VmState State => (VmState)Wire.U8(_payload, StateOffset);

    /// <summary>State of its operating system.</summary>
    public OsState OsState => (OsState)Wire.U8(_payload, OsStateOffset);

    /// <summary>Free number of its software.</summary>
    public ushort AppStatus => Wire.U16(_payload, AppStatusOffset);

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out VmGetStateReply view)
    {
        var payload = reader.Exactly(Size);
        view = reader.Status == DecodeStatus.Ok ? new VmGetStateReply(payload) : default;
        return reader.Status;
    }

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(PayloadWriter writer, VmState state, OsState osState, ushort appStatus)
    {
        writer.U8((byte)state);
        writer.U8((byte)osState);
        writer.U16(appStatus);
        return writer.End();
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields) => Write(writer, fields.State<VmState>("vm_state"), fields.State<OsState>("os_state"), fields.U16("app_status"));

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields.State("vm_state", State).State("os_state", OsState).Number("app_status", AppStatus);
}
