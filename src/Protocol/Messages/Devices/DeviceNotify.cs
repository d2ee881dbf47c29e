namespace RmStack.Protocol.Messages;

/// <summary>DEVICE_NOTIFY. RM: device_manager.c (newer, build option). Standard reply.</summary>
public readonly ref struct DeviceNotify : IMessageView<DeviceNotify>
{
    /// <summary>Shortest payload, bytes; longer ones are taken.</summary>
    public const int MinSize = 8;

    private const int DeviceOffset = 0;
    private const int FlagsOffset = 4;
    private const int VmidOffset = 6;
    private const int ReservedOffset = 5;

    private readonly WireBytes _payload;

    private DeviceNotify(WireBytes payload) => _payload = payload;

    /// <summary>Device handle.</summary>
    public uint Device => Wire.U32(_payload, DeviceOffset);

    /// <summary>Exactly one.</summary>
    public DeviceNotifyFlags Flags => (DeviceNotifyFlags)Wire.U8(_payload, FlagsOffset);

    /// <summary>VM to tell; 0 with released and accepted.</summary>
    public ushort Vmid => Wire.U16(_payload, VmidOffset);

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out DeviceNotify view)
    {
        var payload = reader.Bytes(MinSize);
        reader.RequireZero(ReservedOffset, 1);
        view = reader.Status == DecodeStatus.Ok ? new DeviceNotify(payload) : default;
        return reader.Status;
    }

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(PayloadWriter writer, uint device, DeviceNotifyFlags flags, ushort vmid)
    {
        writer.U32(device);
        writer.U8((byte)flags);
        writer.Reserved(1);
        writer.U16(vmid);
        return writer.End();
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields) => Write(writer, fields.U32("device"), fields.Flags<DeviceNotifyFlags>("flags", FieldRule.Optional), fields.U16("vmid"));

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields.Number("device", Device).OptionIfSet("flags", Flags).Number("vmid", Vmid);
}
