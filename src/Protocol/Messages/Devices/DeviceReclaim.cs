namespace RmStack.Protocol.Messages;

/// <summary>DEVICE_RECLAIM: the owner takes a device back. RM: device_manager.c (newer, build option). Standard reply.</summary>
public readonly ref struct DeviceReclaim : IMessageView<DeviceReclaim>
{
    /// <summary>Payload length, bytes.</summary>
    public const int Size = 8;

    private const int DeviceOffset = 0;
    private const int FlagsOffset = 4;
    private const int ReservedOffset = 5;

    private readonly WireBytes _payload;

    private DeviceReclaim(WireBytes payload) => _payload = payload;

    /// <summary>Device handle.</summary>
    public uint Device => Wire.U32(_payload, DeviceOffset);

    /// <summary>Reset.</summary>
    public DeviceFlags Flags => (DeviceFlags)Wire.U8(_payload, FlagsOffset);

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out DeviceReclaim view)
    {
        var payload = reader.Exactly(Size);
        reader.RequireZero(ReservedOffset, 3);
        view = reader.Status == DecodeStatus.Ok ? new DeviceReclaim(payload) : default;
        return reader.Status;
    }

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(PayloadWriter writer, uint device, DeviceFlags flags)
    {
        writer.U32(device);
        writer.U8((byte)flags);
        writer.Reserved(3);
        return writer.End();
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields) => Write(writer, fields.U32("device"), fields.Flags<DeviceFlags>("flags", FieldRule.Optional));

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields.Number("device", Device).OptionIfSet("flags", Flags);
}
