namespace RmStack.Protocol.Messages;

/// <summary>VM_SET_FIRMWARE_MEM: where the firmware goes. RM: vm_firmware.c. The 12/2023 RM adds a word to error replies.</summary>
public readonly ref struct VmSetFirmwareMem : IMessageView<VmSetFirmwareMem>
{
    /// <summary>Payload length, bytes.</summary>
    public const int Size = 24;

    private const int VmidOffset = 0;
    private const int ReservedOffset = 2;
    private const int HandleOffset = 4;
    private const int OffsetOffset = 8;
    private const int FirmwareSizeOffset = 16;

    private readonly WireBytes _payload;

    private VmSetFirmwareMem(WireBytes payload) => _payload = payload;

    /// <summary>The VM.</summary>
    public ushort Vmid => Wire.U16(_payload, VmidOffset);

    /// <summary>The memparcel.</summary>
    public uint Handle => Wire.U32(_payload, HandleOffset);

    /// <summary>Start within the memparcel, bytes.</summary>
    public ulong Offset => Wire.U64(_payload, OffsetOffset);

    /// <summary>Size, bytes.</summary>
    public ulong FirmwareSize => Wire.U64(_payload, FirmwareSizeOffset);

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out VmSetFirmwareMem view)
    {
        var payload = reader.Exactly(Size);
        reader.RequireZero(ReservedOffset, 2);
        view = reader.Status == DecodeStatus.Ok ? new VmSetFirmwareMem(payload) : default;
        return reader.Status;
    }

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(PayloadWriter writer, ushort vmid, uint handle, ulong offset, ulong firmwareSize)
    {
        writer.U16(vmid);
        writer.Reserved(2);
        writer.U32(handle);
        writer.U64(offset);
        writer.U64(firmwareSize);
        return writer.End();
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields)
    {
        var vmid = fields.U16("vmid");
        var handle = fields.U32("parcel");
        var firmware = fields.Range("firmware", "offset", "size");
        return Write(writer, vmid, handle, firmware.Start, firmware.Size);
    }

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields.Number("vmid", Vmid).Number("parcel", Handle).Range("firmware", "offset", Offset, "size", FirmwareSize);
}
