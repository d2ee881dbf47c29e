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

    private readonly ReadOnlySpan<byte> _payload;

    private VmStatus(ReadOnlySpan<byte> payload) => _payload = payload;

    /// <summary>The VM.</summary>
    public ushort Vmid => Wire.U16(_payload, VmidOffset);

    /// <summary>Its state now.</summary>
    public VmState State => (VmState)Wire.U8(_payload, StateOffset);

    /// <summary>State of its operating system.</summary>
    public OsState OsState => (OsState)Wire.U8(_payload, OsStateOffset);

    /// <summary>Free number of its software.</summary>
    public ushort AppStatus => Wire.U16(_payload, AppStatusOffset);

    /// <summary>Checks a payload.</summary>
    public static DecodeStatus TryParse(ReadOnlySpan<byte> payload, out VmStatus view)
    {
        var reader = new PayloadReader(payload);
        return TryRead(ref reader, out view);
    }

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out VmStatus view)
    {
        var payload = reader.Exactly(Size);
        view = reader.Status == DecodeStatus.Ok ? new VmStatus(payload) : default;
        return reader.Status;
    }

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(Span<byte> payload, ushort vmid, VmState state, OsState osState, ushort appStatus)
    {
        var writer = new PayloadWriter(payload);
        writer.U16(vmid);
        writer.Reserved(2);
        writer.U8((byte)state);
        writer.U8((byte)osState);
        writer.U16(appStatus);
        return writer.End();
    }

    /// <inheritdoc/>
    public void AppendTo(MessageText text) => text.Number("vmid", Vmid).State("state", State).OptionIfSet("os", OsState).NumberIfSet("app", AppStatus);
}
