using RmStack.Protocol;

namespace RmStack.Benchmarks.Copies;

/// <summary>One packet at a time written into a buffer, packets received where they belong: three copies. What a client does with its requests.</summary>
internal sealed class PacketInPlaceWay : JoinedWay
{
    private readonly byte[] _packet = new byte[RpcLimits.PacketSize];

    public override void Move(Span<byte> roomAndContent)
    {
        var content = roomAndContent[RpcLimits.HeaderSize..];
        var fragmenter = Cut(content.Length);
        while (!fragmenter.Done)
        {
            while (!Ring.IsFull && fragmenter.TryWriteNext(content, _packet, out var length, out _))
                Ring.Send(_packet.AsSpan(0, length));
            ReceiveInPlace();
        }
    }
}
