using System.Buffers.Binary;
using RmStack.Protocol;

namespace RmStack.Transport.Ports.Replay;

/// <summary>
/// Which sequence ids of the capture stand for which ids of the one who replays it. A continuation has the id of its message's first
/// packet, in either.
/// </summary>
internal sealed class SequenceMap(SequencePolicy policy, LinkEnd end)
{
    private const int SequenceOffset = 2;
    private const int SequenceEnd = SequenceOffset + sizeof(ushort);
    private const int TypeOffset = 1;
    private const int TypeMask = 3;

    private readonly Dictionary<ushort, ushort> _requests = [];
    private (ushort Recorded, ushort Own)? _sending;
    private (ushort Recorded, ushort Own)? _receiving;

    /// <summary>The recorded packet as it should have been sent, in <paramref name="expected"/>: with the sender's id where it may choose.</summary>
    public void Expect(ReadOnlySpan<byte> recorded, ReadOnlySpan<byte> actual, Span<byte> expected)
    {
        recorded.CopyTo(expected);
        if (policy == SequencePolicy.Exact || recorded.Length < SequenceEnd || actual.Length < SequenceEnd)
            return;
        var type = TypeOf(recorded);
        if (type != RpcMessageType.Continuation)
            _sending = IsFree(type) && TypeOf(actual) == type ? (IdOf(recorded), IdOf(actual)) : null;
        if (_sending is not { } pair || pair.Recorded != IdOf(recorded))
            return;
        WriteId(expected, pair.Own);
        if (type == RpcMessageType.Request)
            _requests[pair.Recorded] = pair.Own;
    }

    /// <summary>Gives a packet that is received the id under which its receiver sent the request.</summary>
    public void Deliver(Span<byte> packet)
    {
        if (policy == SequencePolicy.Exact || packet.Length < SequenceEnd)
            return;
        var type = TypeOf(packet);
        if (type != RpcMessageType.Continuation)
            _receiving = type == RpcMessageType.Reply && _requests.TryGetValue(IdOf(packet), out var own) ? (IdOf(packet), own) : null;
        if (_receiving is { } pair && pair.Recorded == IdOf(packet))
            WriteId(packet, pair.Own);
    }

    private static RpcMessageType TypeOf(ReadOnlySpan<byte> packet) => (RpcMessageType)(packet[TypeOffset] & TypeMask);

    private static ushort IdOf(ReadOnlySpan<byte> packet) => BinaryPrimitives.ReadUInt16LittleEndian(packet[SequenceOffset..]);

    private static void WriteId(Span<byte> packet, ushort id) => BinaryPrimitives.WriteUInt16LittleEndian(packet[SequenceOffset..], id);

    private bool IsFree(RpcMessageType type) => type == (end == LinkEnd.Vm ? RpcMessageType.Request : RpcMessageType.Notification);
}
