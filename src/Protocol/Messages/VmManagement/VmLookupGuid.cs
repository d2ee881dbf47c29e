namespace RmStack.Protocol.Messages;

/// <summary>VM_LOOKUP_GUID: which VMs have this GUID. RM: vm_mgnt.c. The reply is <see cref="VmListReply"/>.</summary>
public readonly ref struct VmLookupGuid : IMessageView<VmLookupGuid>
{
    /// <summary>Payload length, bytes.</summary>
    public const int Size = 16;

    private VmLookupGuid(WireBytes guid) => Bytes = guid;

    /// <summary>The GUID's 16 bytes in reading order.</summary>
    public WireBytes Bytes { get; }

    /// <summary>Checks a payload. Empty is ARGUMENT_INVALID to the RM, another length MSG_INVALID.</summary>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out VmLookupGuid view)
    {
        if (reader.Remaining == 0)
            reader.Fail(DecodeStatus.Empty);
        view = new VmLookupGuid(reader.Exactly(Size));
        return reader.Status;
    }

    /// <summary>Writes a payload of 16 bytes and returns its length.</summary>
    public static int Write(PayloadWriter writer, ReadOnlySpan<byte> guid)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(guid.Length, Size, nameof(guid));
        writer.Bytes(guid);
        return writer.End();
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields) => Write(writer, fields.Bytes("guid", Size));

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields.Bytes("guid", Bytes);
}
