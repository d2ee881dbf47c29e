using System.Globalization;
using RmStack.Protocol;

namespace RmStack.Cli.Decode;

/// <summary>
/// Raw queue messages, one after the other. Nothing in them says where one ends, so all are 240 bytes but the last, as in the packets of one
/// message.
/// </summary>
internal sealed class RawPackets(Stream input) : IPacketSource
{
    private int _number;
    private long _offset;

    /// <inheritdoc/>
    public bool TryRead(out SourcePacket? packet, out SourceProblem? problem)
    {
        packet = null;
        problem = null;
        var data = new byte[RpcLimits.PacketSize];
        var length = input.ReadAtLeast(data, data.Length, throwOnEndOfStream: false);
        if (length == 0)
            return false;
        packet = new SourcePacket(++_number, string.Create(CultureInfo.InvariantCulture, $"byte {_offset}"), data[..length]);
        _offset += length;
        return true;
    }
}
