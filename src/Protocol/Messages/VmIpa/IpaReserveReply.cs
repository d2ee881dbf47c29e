namespace RmStack.Protocol.Messages;

/// <summary>Success reply to IPA_RESERVE with an allocate list.</summary>
public readonly ref struct IpaReserveReply : IMessageView<IpaReserveReply>
{
    private IpaReserveReply(WireList<AddressEntry> addresses) => Addresses = addresses;

    /// <summary>The addresses, in the order of the wishes.</summary>
    public WireList<AddressEntry> Addresses { get; }

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out IpaReserveReply view)
    {
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
    public void Describe(MessageFields fields) => fields.List("addresses", Addresses);
}
