namespace RmStack.Protocol.Messages;

/// <summary>Success reply to VM_HOST_GET_TYPE.</summary>
public readonly ref struct VmHostGetTypeReply : IMessageView<VmHostGetTypeReply>
{
    /// <summary>Payload length, bytes.</summary>
    public const int Size = 4;

    private const int ArchitectureOffset = 0;
    private const int HypervisorOffset = 1;
    private const int VersionOffset = 3;

    private readonly WireBytes _payload;

    private VmHostGetTypeReply(WireBytes payload) => _payload = payload;

    /// <summary>0x64: AArch64.</summary>
    public byte Architecture => Wire.U8(_payload, ArchitectureOffset);

    /// <summary>0x01: Gunyah with an RM.</summary>
    public byte Hypervisor => Wire.U8(_payload, HypervisorOffset);

    /// <summary>0x01.</summary>
    public byte Version => Wire.U8(_payload, VersionOffset);

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out VmHostGetTypeReply view)
    {
        var payload = reader.Exactly(Size);
        view = reader.Status == DecodeStatus.Ok ? new VmHostGetTypeReply(payload) : default;
        return reader.Status;
    }

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(PayloadWriter writer, byte architecture, byte hypervisor, byte version)
    {
        writer.U8(architecture);
        writer.U8(hypervisor);
        writer.Reserved(1);
        writer.U8(version);
        return writer.End();
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields) => Write(writer, fields.U8("architecture"), fields.U8("hypervisor"), fields.U8("version"));

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields.Number("architecture", Architecture).Number("hypervisor", Hypervisor).Number("version", Version);
}
