namespace RmStack.Protocol.Messages;

/// <summary>
/// VM_LOOKUP_NAME and VM_LOOKUP_URI: which VMs have this text. RM: vm_mgnt.c. At most 79 characters. The reply is <see cref="VmListReply"/>.
/// </summary>
public readonly ref struct VmLookupName : IMessageView<VmLookupName>
{
    private VmLookupName(WireBytes name) => Name = name;

    /// <summary>Name or URI, as bytes.</summary>
    public WireBytes Name { get; }

    /// <summary>Checks a payload. Empty and NameTooLong are ARGUMENT_INVALID to the RM, everything else MSG_INVALID.</summary>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out VmLookupName view)
    {
        if (reader.Remaining == 0)
            reader.Fail(DecodeStatus.Empty);
        var status = PaddedText.TryRead(ref reader, RpcLimits.MaxNameLength, out var name);
        view = status == DecodeStatus.Ok ? new VmLookupName(name) : default;
        return status;
    }

    /// <summary>Payload length for a name of so many bytes.</summary>
    public static int SizeOf(int name) => PaddedText.SizeOf(name);

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(PayloadWriter writer, ReadOnlySpan<byte> name) => PaddedText.Write(writer, name);

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields) => Write(writer, fields.Text("name"));

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields.Quoted("name", Name);
}
