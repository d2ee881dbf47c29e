using RmStack.Protocol;

namespace RmStack.Benchmarks.Copies;

/// <summary>All packets laid out with their headers in one go, packets received where they belong: three copies. What a server does with its replies.</summary>
internal sealed class TrainWay : JoinedWay
{
    private readonly byte[] _buffer = new byte[PacketTrain.MaxSize];

    public override void Move(Span<byte> roomAndContent)
    {
        var train = PacketTrain.Message(_buffer, RpcMessageType.Request, 7, MessageId.MemLend, roomAndContent[RpcLimits.HeaderSize..]);
        while (!train.Done)
        {
            while (!Ring.IsFull && train.TryNext(out var offset, out var length))
                Ring.Send(_buffer.AsSpan(offset, length));
            ReceiveInPlace();
        }
    }
}
