using System.Threading.Channels;
using RmStack.Cli.Decode;
using RmStack.Protocol;
using RmStack.Protocol.Hypercalls;
using RmStack.Transport;
using RmStack.Transport.Capture;
using RmStack.Transport.Ports;

namespace RmStack.Cli.Call;

/// <summary>
/// Reads along at the client's end: what comes is put together and decoded as `rmstack decode` does it, in the order in which it comes. What is
/// sent is not looked at: an observer hears of it when the answer may be there already.
/// </summary>
internal sealed class CallTap : IPacketObserver, IDecodeOutput
{
    /// <summary>Messages kept for a reader that is slower than the server; the oldest go first.</summary>
    private const int Backlog = 4096;

    private readonly Lock _gate = new();
    private readonly ConversationDecoder _decoder;
    private readonly Channel<object> _arrived = Channel.CreateBounded<object>(new BoundedChannelOptions(Backlog) { FullMode = BoundedChannelFullMode.DropOldest });
    private int _packets;

    public CallTap() => _decoder = new ConversationDecoder(ReassemblyRules.LinuxV17, this);

    /// <summary>What came from the Resource Manager: a <see cref="DecodedMessage"/>, or a <see cref="DecodedDrop"/>.</summary>
    public ChannelReader<object> Arrived => _arrived.Reader;

    /// <inheritdoc/>
    public void OnSend(ReadOnlySpan<byte> packet, MsgQueueFlags flags, MsgQueueSendResult result)
    {
    }

    /// <inheritdoc/>
    public void OnReceive(ReadOnlySpan<byte> packet, MsgQueueReceiveResult result)
    {
        if (result.Error != GunyahError.Ok || result.Size == 0) return;
        lock (_gate)
            _decoder.Take(new SourcePacket(++_packets, "received", packet.ToArray()) { Link = "HLOS", LinkKey = "HLOS", Vmid = Vmids.Hlos, Direction = CaptureDirection.FromRm });
    }

    /// <inheritdoc/>
    public void Message(DecodedMessage message) => _arrived.Writer.TryWrite(message);

    /// <inheritdoc/>
    public void Drop(DecodedDrop drop) => _arrived.Writer.TryWrite(drop);

    /// <inheritdoc/>
    public void Incomplete(RpcHeader header, IReadOnlyList<SourcePacket> packets, SourcePacket endedBy, string why)
    {
    }

    /// <inheritdoc/>
    public void Problem(SourceProblem problem)
    {
    }
}
