namespace RmStack.Protocol.Messages;

/// <summary>VM_AUTH_IMAGE: parameters of the platform's authentication. RM: vm_creation.c. Standard reply.</summary>
public readonly ref struct VmAuthImage : IMessageView<VmAuthImage>
{
    /// <summary>Bytes in front of the lists.</summary>
    public const int FixedSize = 4;

    private const int VmidOffset = 0;
    private const int CountOffset = 2;

    private readonly WireBytes _payload;

    private VmAuthImage(WireBytes payload, WireList<AuthParameter> parameters)
    {
        _payload = payload;
        Parameters = parameters;
    }

    /// <summary>The VM.</summary>
    public ushort Vmid => Wire.U16(_payload, VmidOffset);

    /// <summary>What to authenticate with.</summary>
    public WireList<AuthParameter> Parameters { get; }

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out VmAuthImage view)
    {
        var payload = reader.Bytes(FixedSize);
        var parameters = reader.Entries<AuthParameter>(reader.Status == DecodeStatus.Ok ? Wire.U16(payload, CountOffset) : 0u);
        var status = reader.End();
        view = status == DecodeStatus.Ok ? new VmAuthImage(payload, parameters) : default;
        return status;
    }

    /// <summary>Payload length for so many entries, bytes.</summary>
    public static int SizeOf(int parameters) =>
        FixedSize + (parameters * AuthParameter.Size);

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(PayloadWriter writer, ushort vmid, ReadOnlySpan<AuthParameter> parameters)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(parameters.Length, ushort.MaxValue, nameof(parameters));
        writer.U16(vmid);
        writer.U16((ushort)parameters.Length);
        writer.Entries(parameters);
        return writer.End();
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields) => Write(writer, fields.U16("vmid"), fields.List<AuthParameter>("parameters"));

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields.Number("vmid", Vmid).List("parameters", Parameters);
}
