using RmStack.Protocol;

namespace RmStack.Benchmarks.Copies;

/// <summary>A packet's buffer at both ends: four copies of every byte, two of them the queue's.</summary>
internal sealed class PlainWay : JoinedWay
{
    private readonly byte[] _packet = new byte[RpcLimits.PacketSize];
    private readonly byte[] _received = new byte[RpcLimits.PacketSize];

    public override void Move(Span<byte> roomAndContent)
    {
        var content = roomAndContent[RpcLimits.HeaderSize..];
        var fragmenter = Cut(content.Length);
        while (!fragmenter.Done)
        {
            while (!Ring.IsFull && fragmenter.TryWriteNext(content, _packet, out var length, out _))
                Ring.Send(_packet.AsSpan(0, length));
            while (!Ring.IsEmpty)
                Reassembler.Accept(_received.AsSpan(0, Ring.Receive(_received)));
        }
    }
}
