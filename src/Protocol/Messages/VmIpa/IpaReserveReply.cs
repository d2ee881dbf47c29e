namespace RmStack.Protocol.Messages;

/// <summary>Success reply to IPA_RESERVE: addresses for an allocate list, nothing for a fixed one. RM: vm_ipa.c.</summary>
public readonly ref struct IpaReserveReply : IMessageView<IpaReserveReply>
{
    private IpaReserveReply(WireList<AddressEntry> addresses)
    {
        HasList = true;
        Addresses = addresses;
    }

    /// <summary>Whether there is a list, which may be empty.</summary>
    public bool HasList { get; }

    /// <summary>The addresses, in the order of the wishes.</summary>
    public WireList<AddressEntry> Addresses { get; }

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out IpaReserveReply view)
    {
        view = default;
        if (reader.Remaining == 0)
            return reader.Status;
        var addresses = reader.List32<AddressEntry>();
        var status = reader.End();
        view = status == DecodeStatus.Ok ? new IpaReserveReply(addresses) : default;
        return status;
    }

    /// <summary>Payload length for so many entries, bytes.</summary>
    public static int SizeOf(int addresses) =>
        Wire.CountSize + (addresses * AddressEntry.Size);

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(PayloadWriter writer, ReadOnlySpan<AddressEntry> addresses)
    {
        writer.List32(addresses);
        return writer.End();
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields) => fields.ListOrNull<AddressEntry>("addresses", FieldRule.Optional) is { } addresses ? Write(writer, addresses) : writer.End();

    /// <inheritdoc/>
    public void Describe(MessageFields fields)
    {
        if (HasList)
            fields.List("addresses", Addresses);
    }
}
