namespace RmStack.Protocol.Messages;

/// <summary>DEVICE_ACCEPT: the borrower takes an offered device. RM: device_manager.c (newer, build option). Standard reply.</summary>
public readonly ref struct DeviceAccept : IMessageView<DeviceAccept>
{
    /// <summary>Payload length, bytes.</summary>
    public const int Size = 12;

    private const int DeviceOffset = 0;
    private const int FlagsOffset = 4;
    private const int ReservedOffset = 5;
    private const int BusOffset = 8;

    private readonly WireBytes _payload;

    private DeviceAccept(WireBytes payload) => _payload = payload;

    /// <summary>Device handle.</summary>
    public uint Device => Wire.U32(_payload, DeviceOffset);

    /// <summary>Reset, bind.</summary>
    public DeviceAcceptFlags Flags => (DeviceAcceptFlags)Wire.U8(_payload, FlagsOffset);

    /// <summary>Bus to attach to.</summary>
    public uint Bus => Wire.U32(_payload, BusOffset);

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out DeviceAccept view)
    {
        var payload = reader.Exactly(Size);
        reader.RequireZero(ReservedOffset, 3);
        view = reader.Status == DecodeStatus.Ok ? new DeviceAccept(payload) : default;
        return reader.Status;
    }

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(PayloadWriter writer, uint device, DeviceAcceptFlags flags, uint bus)
    {
        writer.U32(device);
        writer.U8((byte)flags);
        writer.Reserved(3);
        writer.U32(bus);
        return writer.End();
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields) => Write(writer, fields.U32("device"), fields.Flags<DeviceAcceptFlags>("flags", FieldRule.Optional), fields.U32("bus"));

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields.Number("device", Device).OptionIfSet("flags", Flags).Number("bus", Bus);
}
