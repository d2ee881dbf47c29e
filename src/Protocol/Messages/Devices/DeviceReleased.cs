namespace RmStack.Protocol.Messages;

/// <summary>DEVICE_RELEASED. RM: device_manager.c (newer, build option).</summary>
public readonly ref struct DeviceReleased : IMessageView<DeviceReleased>
{
    /// <summary>Payload length, bytes.</summary>
    public const int Size = 4;

    private const int DeviceOffset = 0;

    private readonly WireBytes _payload;

    private DeviceReleased(WireBytes payload) => _payload = payload;

    /// <summary>Device handle.</summary>
    public uint Device => Wire.U32(_payload, DeviceOffset);

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out DeviceReleased view)
    {
        var payload = reader.Exactly(Size);
        view = reader.Status == DecodeStatus.Ok ? new DeviceReleased(payload) : default;
        return reader.Status;
    }

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(PayloadWriter writer, uint device)
    {
        writer.U32(device);
        return writer.End();
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields) => Write(writer, fields.U32("device"));

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields.Number("device", Device);
}
