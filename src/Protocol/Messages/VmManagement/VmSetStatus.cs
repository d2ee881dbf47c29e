namespace RmStack.Protocol.Messages;

/// <summary>VM_SET_STATUS: the caller's operating system tells its state. RM: vm_mgnt.c. Standard reply.</summary>
public readonly ref struct VmSetStatus : IMessageView<VmSetStatus>
{
    /// <summary>Payload length, bytes.</summary>
    public const int Size = 4;

    private const int OsStateOffset = 1;
    private const int AppStatusOffset = 2;

    private readonly WireBytes _payload;

    private VmSetStatus(WireBytes payload) => _payload = payload;

    /// <summary>New state; 0 keeps the old one.</summary>
    public OsState OsState => (OsState)Wire.U8(_payload, OsStateOffset);

    /// <summary>Free number.</summary>
    public ushort AppStatus => Wire.U16(_payload, AppStatusOffset);

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out VmSetStatus view)
    {
        var payload = reader.Exactly(Size);
        view = reader.Status == DecodeStatus.Ok ? new VmSetStatus(payload) : default;
        return reader.Status;
    }

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(PayloadWriter writer, OsState osState, ushort appStatus)
    {
        writer.Reserved(1);
        writer.U8((byte)osState);
        writer.U16(appStatus);
        return writer.End();
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields) => Write(writer, fields.State<OsState>("os_state"), fields.U16("app_status"));

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields.State("os_state", OsState).Number("app_status", AppStatus);
}
