namespace RmStack.Protocol.Messages;

/// <summary>VM_GET_STATE. RM: vm_mgnt.c. The reply is <see cref="VmGetStateReply"/>.</summary>
public readonly ref struct VmGetState : IMessageView<VmGetState>
{
    /// <summary>Payload length, bytes.</summary>
    public const int Size = 4;

    private const int VmidOffset = 0;

    private readonly ReadOnlySpan<byte> _payload;

    private VmGetState(ReadOnlySpan<byte> payload) => _payload = payload;

    /// <summary>The VM; 0 is the caller.</summary>
    public ushort Vmid => Wire.U16(_payload, VmidOffset);

    /// <summary>Checks a payload.</summary>
    public static DecodeStatus TryParse(ReadOnlySpan<byte> payload, out VmGetState view)
    {
        var reader = new PayloadReader(payload);
        return TryRead(ref reader, out view);
    }

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out VmGetState view)
    {
        var payload = reader.Exactly(Size);
        view = reader.Status == DecodeStatus.Ok ? new VmGetState(payload) : default;
        return reader.Status;
    }

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(Span<byte> payload, ushort vmid)
    {
        var writer = new PayloadWriter(payload);
        writer.U16(vmid);
        writer.Reserved(2);
        return writer.End();
    }

    /// <inheritdoc/>
    public void AppendTo(MessageText text) => text.Number("vmid", Vmid);
}
