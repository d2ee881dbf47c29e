namespace RmStack.Protocol.Messages;

/// <summary>Success reply to VM_GET_STATE.</summary>
public readonly ref struct VmGetStateReply : IMessageView<VmGetStateReply>
{
    /// <summary>Payload length, bytes.</summary>
    public const int Size = 4;

    private const int StateOffset = 0;
    private const int OsStateOffset = 1;
    private const int AppStatusOffset = 2;

    private readonly ReadOnlySpan<byte> _payload;

    private VmGetStateReply(ReadOnlySpan<byte> payload) => _payload = payload;

    /// <summary>State of the VM.</summary>
    public VmState State => (VmState)Wire.U8(_payload, StateOffset);

    /// <summary>State of its operating system.</summary>
    public OsState OsState => (OsState)Wire.U8(_payload, OsStateOffset);

    /// <summary>Free number of its software.</summary>
    public ushort AppStatus => Wire.U16(_payload, AppStatusOffset);

    /// <summary>Checks a payload.</summary>
    public static DecodeStatus TryParse(ReadOnlySpan<byte> payload, out VmGetStateReply view)
    {
        var reader = new PayloadReader(payload);
        return TryRead(ref reader, out view);
    }

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out VmGetStateReply view)
    {
        var payload = reader.Exactly(Size);
        view = reader.Status == DecodeStatus.Ok ? new VmGetStateReply(payload) : default;
        return reader.Status;
    }

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(Span<byte> payload, VmState state, OsState osState, ushort appStatus)
    {
        var writer = new PayloadWriter(payload);
        writer.U8((byte)state);
        writer.U8((byte)osState);
        writer.U16(appStatus);
        return writer.End();
    }

    /// <inheritdoc/>
    public void AppendTo(MessageText text) => text.State("state", State).State("os", OsState).Number("app", AppStatus);
}
