namespace RmStack.Protocol;

/// <summary>Checked view of one packet: after <see cref="TryParse"/> no accessor can fail.</summary>
public readonly ref struct RpcPacket
{
    private RpcPacket(RpcHeader header, ReadOnlySpan<byte> content)
    {
        Header = header;
        Content = content;
    }

    /// <summary>The packet's header.</summary>
    public RpcHeader Header { get; }

    /// <summary>The 0 to 232 bytes behind the header; a reply's first packet starts with the error word.</summary>
    public ReadOnlySpan<byte> Content { get; }

    /// <summary>Checks size and header as the RM does; short content is legal in any packet.</summary>
    public static DecodeStatus TryParse(ReadOnlySpan<byte> packet, out RpcPacket result)
    {
        result = default;
        if (packet.Length > RpcLimits.PacketSize)
            return DecodeStatus.TooLong;
        var status = RpcHeader.TryRead(packet, out var header);
        if (status == DecodeStatus.Ok)
            result = new RpcPacket(header, packet[RpcLimits.HeaderSize..]);
        return status;
    }
}
