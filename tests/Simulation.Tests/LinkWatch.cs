using RmStack.Protocol;
using RmStack.Protocol.Hypercalls;
using RmStack.Testing;
using RmStack.Transport;
using RmStack.Transport.Ports;

namespace RmStack.Simulation.Tests;

/// <summary>
/// What a client has really sent and received: it sits between the client and the faults, and looks at packets only, so that it shares nothing with
/// the code under test.
/// </summary>
internal sealed class LinkWatch(ManualTimeProvider clock) : IPacketObserver
{
    private readonly Dictionary<ulong, (ushort Sequence, uint Id)> _requests = [];
    private readonly Dictionary<(ushort Sequence, uint Id), int> _replies = [];
    private ulong _underWay;
    private int _packetsLeft;

    /// <summary>Identities of requests of which every packet was sent, in that order.</summary>
    public List<ulong> SentInFull { get; } = [];

    /// <summary>Everything that crossed, with its time.</summary>
    public ulong Trace { get; private set; } = Digest.Start;

    public long PacketsSent { get; private set; }

    public long PacketsReceived { get; private set; }

    /// <summary>When set, gets a line per packet.</summary>
    public TextWriter? Lines { get; init; }

    public string Name { get; init; } = "";

    public void OnSend(ReadOnlySpan<byte> packet, MsgQueueFlags flags, MsgQueueSendResult result)
    {
        Add('>', packet, result.Error, result.NotFull);
        if (result.Error == GunyahError.Ok)
            PacketsSent++;
        if (result.Error != GunyahError.Ok || packet.Length < RpcLimits.HeaderSize)
            return;
        var header = RpcHeader.Read(packet);
        if (header.Type == RpcMessageType.Request)
        {
            _underWay = Identity.Of(packet[RpcLimits.HeaderSize..]);
            _packetsLeft = header.Fragments + 1;
            _requests[_underWay] = (header.SequenceId, header.Id.Value);
        }

        if (--_packetsLeft == 0)
            SentInFull.Add(_underWay);
    }

    public void OnReceive(ReadOnlySpan<byte> packet, MsgQueueReceiveResult result)
    {
        Add('<', packet, result.Error, result.NotEmpty);
        if (result.Error == GunyahError.Ok)
            PacketsReceived++;
        if (packet.Length < RpcLimits.HeaderSize)
            return;
        var header = RpcHeader.Read(packet);
        if (header.Type == RpcMessageType.Reply)
            _replies[(header.SequenceId, header.Id.Value)] = Replies((header.SequenceId, header.Id.Value)) + 1;
    }

    /// <summary>Under which ids a request was sent, if its first packet was.</summary>
    public (ushort Sequence, uint Id)? SentAs(ulong identity) => _requests.TryGetValue(identity, out var ids) ? ids : null;

    /// <summary>How many replies began to arrive with these ids.</summary>
    public int Replies((ushort Sequence, uint Id) ids) => _replies.GetValueOrDefault(ids);

    private void Add(char way, ReadOnlySpan<byte> packet, GunyahError error, bool flag)
    {
        Trace = Digest.Of(packet, Digest.Of((ulong)clock.GetTimestamp(), Digest.Of(((ulong)way << 16) | ((ulong)(byte)error << 8) | (flag ? 1UL : 0), Trace)));
        Lines?.WriteLine(FormattableString.Invariant(
            $"{clock.GetTimestamp() / 10_000.0,10:F4} {Name} {way} {(error == GunyahError.Ok ? MessageFormatter.FormatPacket(packet) : error.ToString())}{(flag ? "" : " (last)")}"));
    }
}
