namespace RmStack.Protocol.Messages;

/// <summary>DEVICE_BUS_LOCKDOWN and DEVICE_BUS_UNLOCK. RM: device_manager.c (newer, build option). Standard reply.</summary>
public readonly ref struct DeviceBus : IMessageView<DeviceBus>
{
    /// <summary>Payload length, bytes.</summary>
    public const int Size = 4;

    private const int BusOffset = 0;

    private readonly WireBytes _payload;

    private DeviceBus(WireBytes payload) => _payload = payload;

    /// <summary>The bus.</summary>
    public uint Bus => Wire.U32(_payload, BusOffset);

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out DeviceBus view)
    {
        var payload = reader.Exactly(Size);
        view = reader.Status == DecodeStatus.Ok ? new DeviceBus(payload) : default;
        return reader.Status;
    }

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(PayloadWriter writer, uint bus)
    {
        writer.U32(bus);
        return writer.End();
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields) => Write(writer, fields.U32("bus"));

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields.Number("bus", Bus);
}
