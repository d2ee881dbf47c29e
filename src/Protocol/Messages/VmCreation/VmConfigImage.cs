namespace RmStack.Protocol.Messages;

/// <summary>VM_CONFIG_IMAGE: which memparcel holds image and device tree, and how they are trusted. RM: vm_creation.c. Standard reply.</summary>
public readonly ref struct VmConfigImage : IMessageView<VmConfigImage>
{
    /// <summary>Payload length, bytes.</summary>
    public const int Size = 40;

    private const int VmidOffset = 0;
    private const int AuthOffset = 2;
    private const int HandleOffset = 4;
    private const int ImageOffsetOffset = 8;
    private const int ImageSizeOffset = 16;
    private const int DtbOffsetOffset = 24;
    private const int DtbSizeOffset = 32;

    private readonly WireBytes _payload;

    private VmConfigImage(WireBytes payload) => _payload = payload;

    /// <summary>The VM.</summary>
    public ushort Vmid => Wire.U16(_payload, VmidOffset);

    /// <summary>How the image is trusted.</summary>
    public AuthMechanism Auth => (AuthMechanism)Wire.U16(_payload, AuthOffset);

    /// <summary>The memparcel.</summary>
    public uint Handle => Wire.U32(_payload, HandleOffset);

    /// <summary>Image within the memparcel, bytes.</summary>
    public ulong ImageOffset => Wire.U64(_payload, ImageOffsetOffset);

    /// <summary>Image size, bytes; Linux sends 0.</summary>
    public ulong ImageSize => Wire.U64(_payload, ImageSizeOffset);

    /// <summary>Device tree within the memparcel, bytes.</summary>
    public ulong DtbOffset => Wire.U64(_payload, DtbOffsetOffset);

    /// <summary>Room for the device tree and the RM's overlay, bytes.</summary>
    public ulong DtbSize => Wire.U64(_payload, DtbSizeOffset);

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out VmConfigImage view)
    {
        var payload = reader.Exactly(Size);
        view = reader.Status == DecodeStatus.Ok ? new VmConfigImage(payload) : default;
        return reader.Status;
    }

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(
        PayloadWriter writer,
        ushort vmid,
        AuthMechanism auth,
        uint handle,
        ulong imageOffset,
        ulong imageSize,
        ulong dtbOffset,
        ulong dtbSize)
    {
        writer.U16(vmid);
        writer.U16((ushort)auth);
        writer.U32(handle);
        writer.U64(imageOffset);
        writer.U64(imageSize);
        writer.U64(dtbOffset);
        writer.U64(dtbSize);
        return writer.End();
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields)
    {
        var vmid = fields.U16("vmid");
        var auth = fields.Option<AuthMechanism>("auth");
        var handle = fields.U32("parcel");
        var image = fields.Range("image", "image_offset", "image_size");
        var dtb = fields.Range("dtb", "dtb_offset", "dtb_size");
        return Write(writer, vmid, auth, handle, image.Start, image.Size, dtb.Start, dtb.Size);
    }

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields
        .Number("vmid", Vmid)
        .Option("auth", Auth)
        .Number("parcel", Handle)
        .Range("image", "image_offset", ImageOffset, "image_size", ImageSize)
        .Range("dtb", "dtb_offset", DtbOffset, "dtb_size", DtbSize);
}
