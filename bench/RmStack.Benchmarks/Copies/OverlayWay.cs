using RmStack.Protocol;

namespace RmStack.Benchmarks.Copies;

/// <summary>Headers laid over the sender's content and lifted again, packets received where they belong: the queue's two copies and no other.</summary>
internal sealed class OverlayWay : JoinedWay
{
    public override void Move(Span<byte> roomAndContent)
    {
        var fragmenter = Cut(roomAndContent.Length - RpcLimits.HeaderSize);
        while (!fragmenter.Done)
        {
            while (!Ring.IsFull && fragmenter.TryOverlayNext(roomAndContent, out var offset, out var length, out _))
            {
                Ring.Send(roomAndContent.Slice(offset, length));
                fragmenter.LiftOverlay(roomAndContent);
            }

            ReceiveInPlace();
        }
    }
}
