using RmStack.Protocol;

namespace RmStack.Cli.Bench.Workloads;

/// <summary>What goes each way in one call.</summary>
/// <param name="Name">As it is called in ids and tables.</param>
/// <param name="RequestBytes">Payload of the request.</param>
/// <param name="ReplyBytes">Payload of the reply behind the error word.</param>
internal sealed record RpcShape(string Name, int RequestBytes, int ReplyBytes)
{
    private const uint SizedReplyId = 0x0B00_0000;

    /// <summary>The smallest: a packet of 8 bytes, and one of 16 back.</summary>
    public static RpcShape OnePacket { get; } = new("1-packet", 0, 4);

    /// <summary>A full packet each way.</summary>
    public static RpcShape FullPacket { get; } = new("full-packet", RpcLimits.ContentPerPacket, RpcLimits.ContentPerPacket - RpcLimits.ErrorSize);

    /// <summary>The longest request of the wire, and a small reply.</summary>
    public static RpcShape LongRequest { get; } = new("63-packet-request", RpcLimits.MaxContent, 4);

    /// <summary>A small request, and the longest reply.</summary>
    public static RpcShape LongReply { get; } = new("63-packet-reply", 0, RpcLimits.MaxReplyPayload);

    /// <summary>Packets of the request.</summary>
    public int RequestPackets => RpcLimits.PacketsFor(RequestBytes);

    /// <summary>Packets of the reply.</summary>
    public int ReplyPackets => RpcLimits.PacketsFor(RpcLimits.ErrorSize + ReplyBytes);

    /// <summary>Bytes of all packets of a call, both ways.</summary>
    public int WireBytes => ((RequestPackets + ReplyPackets) * RpcLimits.HeaderSize) + RequestBytes + RpcLimits.ErrorSize + ReplyBytes;

    /// <summary>A message id of no known message that tells <see cref="SizedReplyHandler"/> how long the reply is to be.</summary>
    public MessageId Id => new(SizedReplyId | (uint)ReplyBytes);

    /// <summary>Bytes of each of the request's packets.</summary>
    public IEnumerable<int> RequestPacketSizes => Sizes(RequestBytes, RequestPackets);

    /// <summary>Bytes of each of the reply's packets.</summary>
    public IEnumerable<int> ReplyPacketSizes => Sizes(RpcLimits.ErrorSize + ReplyBytes, ReplyPackets);

    /// <summary>The same of both.</summary>
    public IEnumerable<int> PacketSizes => RequestPacketSizes.Concat(ReplyPacketSizes);

    /// <summary>
    /// Packets that the queue of replies has room for. A server that keeps to the Resource Manager's rules drops a reply that finds the link busy
    /// and another one stored; so many calls at once are made only where all their replies have room.
    /// </summary>
    public int ReplyDepth(int inFlight) => Math.Max(RpcLimits.QueueDepth, inFlight == 1 ? 0 : inFlight * ReplyPackets);

    private static IEnumerable<int> Sizes(int content, int packets) => Enumerable.Range(0, packets)
        .Select(packet => RpcLimits.HeaderSize + Math.Min(content - (packet * RpcLimits.ContentPerPacket), RpcLimits.ContentPerPacket));
}
