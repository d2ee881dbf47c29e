namespace RmStack.Protocol.Messages;

/// <summary>VM_SET_STATUS: the caller's operating system tells its state. RM: vm_mgnt.c. Standard reply.</summary>
public readonly ref struct VmSetStatus : IMessageView<VmSetStatus>
{
    /// <summary>Payload length, bytes.</summary>
    public const int Size = 4;

    private const int OsStateOffset = 1;
    private const int AppStatusOffset = 2;

    private readonly ReadOnlySpan<byte> _payload;

    private VmSetStatus(ReadOnlySpan<byte> payload) => _payload = payload;

    /// <summary>New state; 0 keeps the old one.</summary>
    public OsState OsState => (OsState)Wire.U8(_payload, OsStateOffset);

    /// <summary>Free number.</summary>
    public ushort AppStatus => Wire.U16(_payload, AppStatusOffset);

    /// <summary>Checks a payload.</summary>
    public static DecodeStatus TryParse(ReadOnlySpan<byte> payload, out VmSetStatus view)
    {
        var reader = new PayloadReader(payload);
        return TryRead(ref reader, out view);
    }

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out VmSetStatus view)
    {
        var payload = reader.Exactly(Size);
        view = reader.Status == DecodeStatus.Ok ? new VmSetStatus(payload) : default;
        return reader.Status;
    }

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(Span<byte> payload, OsState osState, ushort appStatus)
    {
        var writer = new PayloadWriter(payload);
        writer.Reserved(1);
        writer.U8((byte)osState);
        writer.U16(appStatus);
        return writer.End();
    }

    /// <inheritdoc/>
    public void AppendTo(MessageText text) => text.State("os", OsState).Number("app", AppStatus);
}
