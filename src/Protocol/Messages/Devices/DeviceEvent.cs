namespace RmStack.Protocol.Messages;

/// <summary>DEVICE_DONATED, DEVICE_LENT, DEVICE_ACCEPTED and DEVICE_RECALL. RM: device_manager.c (newer, build option).</summary>
public readonly ref struct DeviceEvent : IMessageView<DeviceEvent>
{
    /// <summary>Payload length, bytes.</summary>
    public const int Size = 8;

    private const int VmidOffset = 0;
    private const int DeviceOffset = 4;

    private readonly ReadOnlySpan<byte> _payload;

    private DeviceEvent(ReadOnlySpan<byte> payload) => _payload = payload;

    /// <summary>Owner; in DEVICE_ACCEPTED the participant.</summary>
    public ushort Vmid => Wire.U16(_payload, VmidOffset);

    /// <summary>Device handle.</summary>
    public uint Device => Wire.U32(_payload, DeviceOffset);

    /// <summary>Checks a payload.</summary>
    public static DecodeStatus TryParse(ReadOnlySpan<byte> payload, out DeviceEvent view)
    {
        var reader = new PayloadReader(payload);
        return TryRead(ref reader, out view);
    }

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out DeviceEvent view)
    {
        var payload = reader.Exactly(Size);
        view = reader.Status == DecodeStatus.Ok ? new DeviceEvent(payload) : default;
        return reader.Status;
    }

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(Span<byte> payload, ushort vmid, uint device)
    {
        var writer = new PayloadWriter(payload);
        writer.U16(vmid);
        writer.Reserved(2);
        writer.U32(device);
        return writer.End();
    }

    /// <inheritdoc/>
    public void AppendTo(MessageText text) => text.Number("vmid", Vmid).Number("device", Device);
}
