namespace RmStack.Protocol.Messages;

/// <summary>DEVICE_DONATED, DEVICE_LENT, DEVICE_ACCEPTED and DEVICE_RECALL. RM: device_manager.c (newer, build option).</summary>
public readonly ref struct DeviceEvent : IMessageView<DeviceEvent>
{
    /// <summary>Payload length, bytes.</summary>
    public const int Size = 8;

    private const int VmidOffset = 0;
    private const int DeviceOffset = 4;

    private readonly WireBytes _payload;

    private DeviceEvent(WireBytes payload) => _payload = payload;

    /// <summary>Owner; in DEVICE_ACCEPTED the participant.</summary>
    public ushort Vmid => Wire.U16(_payload, VmidOffset);

    /// <summary>Device handle.</summary>
    public uint Device => Wire.U32(_payload, DeviceOffset);

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out DeviceEvent view)
    {
        var payload = reader.Exactly(Size);
        view = reader.Status == DecodeStatus.Ok ? new DeviceEvent(payload) : default;
        return reader.Status;
    }

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(PayloadWriter writer, ushort vmid, uint device)
    {
        writer.U16(vmid);
        writer.Reserved(2);
        writer.U32(device);
        return writer.End();
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields) => Write(writer, fields.U16("vmid"), fields.U32("device"));

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields.Number("vmid", Vmid).Number("device", Device);
}
