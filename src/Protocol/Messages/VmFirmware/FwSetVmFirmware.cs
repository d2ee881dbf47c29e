using System.Buffers.Binary;

namespace RmStack.Protocol.Messages;

/// <summary>Flags of FW_SET_VM_FIRMWARE in the newer RM.</summary>
[Flags]
public enum FirmwareFlags : ushort
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>A configuration range follows the firmware range.</summary>
    HasConfig = 1 << 1,
}

/// <summary>
/// FW_SET_VM_FIRMWARE: gives the RM the firmware for protected VMs. RM: vm_firmware.c. The 12/2023 RM wants exactly 24 bytes and a zero
/// flags field; the newer one takes up to 40 and reads missing bytes as zero. Standard reply.
/// </summary>
public readonly ref struct FwSetVmFirmware : IMessageView<FwSetVmFirmware>
{
    /// <summary>The only length that the 12/2023 RM takes, bytes.</summary>
    public const int SizeRm1 = 24;

    /// <summary>Longest payload that the newer RM takes, bytes.</summary>
    public const int MaxSize = 40;

    private const int TypeOffset = 0;
    private const int FlagsOffset = 2;
    private const int HandleOffset = 4;
    private const int OffsetOffset = 8;
    private const int SizeOffset = 16;
    private const int ConfigOffsetOffset = 24;
    private const int ConfigSizeOffset = 32;

    private readonly WireBytes _payload;

    private FwSetVmFirmware(WireBytes payload) => _payload = payload;

    /// <summary>Bytes that came.</summary>
    public int Length => _payload.Length;

    /// <summary>Authentication mechanism (newer RM: kind of firmware, same numbers); must be Android.</summary>
    public AuthMechanism Auth => (AuthMechanism)Field(TypeOffset, sizeof(ushort));

    /// <summary>Reserved in the 12/2023 RM.</summary>
    public FirmwareFlags Flags => (FirmwareFlags)Field(FlagsOffset, sizeof(ushort));

    /// <summary>The memparcel.</summary>
    public uint Handle => (uint)Field(HandleOffset, sizeof(uint));

    /// <summary>Start within the memparcel; must be 0.</summary>
    public ulong Offset => Field(OffsetOffset, sizeof(ulong));

    /// <summary>Size of the firmware, bytes.</summary>
    public ulong FirmwareSize => Field(SizeOffset, sizeof(ulong));

    /// <summary>Start of the configuration, with HasConfig.</summary>
    public ulong ConfigOffset => Field(ConfigOffsetOffset, sizeof(ulong));

    /// <summary>Size of the configuration, with HasConfig.</summary>
    public ulong ConfigSize => Field(ConfigSizeOffset, sizeof(ulong));

    /// <summary>Checks a payload by the newer RM's rule; <see cref="Length"/> tells whether the older one would take it.</summary>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out FwSetVmFirmware view)
    {
        var payload = reader.Bytes(Math.Min(reader.Remaining, MaxSize));
        if (reader.Remaining > 0)
            reader.Fail(DecodeStatus.BadLength);
        view = reader.Status == DecodeStatus.Ok ? new FwSetVmFirmware(payload) : default;
        return reader.Status;
    }

    /// <summary>Writes the 24 bytes that both RMs take.</summary>
    public static int Write(PayloadWriter writer, AuthMechanism auth, uint handle, ulong offset, ulong firmwareSize)
    {
        writer.U16((ushort)auth);
        writer.Reserved(2);
        writer.U32(handle);
        writer.U64(offset);
        writer.U64(firmwareSize);
        return writer.End();
    }

    /// <summary>Writes the newer form, with flags and the configuration's place. Returns 40.</summary>
    public static int Write(
        PayloadWriter writer,
        AuthMechanism auth,
        FirmwareFlags flags,
        uint handle,
        ulong offset,
        ulong firmwareSize,
        ulong configOffset,
        ulong configSize)
    {
        writer.U16((ushort)auth);
        writer.U16((ushort)flags);
        writer.U32(handle);
        writer.U64(offset);
        writer.U64(firmwareSize);
        writer.U64(configOffset);
        writer.U64(configSize);
        return writer.End();
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields)
    {
        var auth = fields.Option<AuthMechanism>("auth");
        var flags = fields.Flags<FirmwareFlags>("flags", FieldRule.Optional);
        var handle = fields.U32("parcel");
        var firmware = fields.Range("firmware", "offset", "size");
        var config = fields.Range("config", "config_offset", "config_size", FieldRule.Optional);
        return flags == FirmwareFlags.None && config == default
            ? Write(writer, auth, handle, firmware.Start, firmware.Size)
            : Write(writer, auth, flags, handle, firmware.Start, firmware.Size, config.Start, config.Size);
    }

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields
        .Option("auth", Auth)
        .OptionIfSet("flags", Flags)
        .Number("parcel", Handle)
        .Range("firmware", "offset", Offset, "size", FirmwareSize)
        .RangeIfSet("config", "config_offset", ConfigOffset, "config_size", ConfigSize);

    private ulong Field(int offset, int size)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        bytes.Clear();
        if (_payload.Length > offset)
            _payload.Slice(offset, Math.Min(_payload.Length - offset, size)).CopyTo(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }
}
