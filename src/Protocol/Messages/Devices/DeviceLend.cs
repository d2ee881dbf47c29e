namespace RmStack.Protocol.Messages;

/// <summary>DEVICE_LEND: offers a device. RM: device_manager.c (newer, build option). Standard reply.</summary>
public readonly ref struct DeviceLend : IMessageView<DeviceLend>
{
    /// <summary>Payload length, bytes.</summary>
    public const int Size = 8;

    private const int VmidOffset = 0;
    private const int FlagsOffset = 2;
    private const int DeviceOffset = 4;
    private const int ReservedOffset = 3;

    private readonly WireBytes _payload;

    private DeviceLend(WireBytes payload) => _payload = payload;

    /// <summary>VM that gets it.</summary>
    public ushort Vmid => Wire.U16(_payload, VmidOffset);

    /// <summary>Reset (downstream: unmap).</summary>
    public DeviceFlags Flags => (DeviceFlags)Wire.U8(_payload, FlagsOffset);

    /// <summary>Device handle.</summary>
    public uint Device => Wire.U32(_payload, DeviceOffset);

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out DeviceLend view)
    {
        var payload = reader.Exactly(Size);
        reader.RequireZero(ReservedOffset, 1);
        view = reader.Status == DecodeStatus.Ok ? new DeviceLend(payload) : default;
        return reader.Status;
    }

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(PayloadWriter writer, ushort vmid, DeviceFlags flags, uint device)
    {
        writer.U16(vmid);
        writer.U8((byte)flags);
        writer.Reserved(1);
        writer.U32(device);
        return writer.End();
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields) => Write(writer, fields.U16("vmid"), fields.Flags<DeviceFlags>("flags", FieldRule.Optional), fields.U32("device"));

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields.Number("vmid", Vmid).OptionIfSet("flags", Flags).Number("device", Device);
}
