using RmStack.Protocol;

namespace RmStack.Cli.Bench.Workloads;

/// <summary>The floor of a round trip: its packets copied into a ring of eight slots and out of it, and nothing else.</summary>
internal sealed class RingCopies : IWorkload
{
    private readonly PacketRing _ring = new();
    private readonly byte[] _packet = new byte[RpcLimits.PacketSize];
    private readonly int[] _sizes;

    public RingCopies(RpcShape shape) => _sizes = [.. shape.PacketSizes];

    public void Run(int items)
    {
        for (; items > 0; items--)
        {
            foreach (var size in _sizes)
            {
                _ring.Send(_packet.AsSpan(0, size));
                _ring.Receive(_packet);
            }
        }
    }

    public void Dispose()
    {
    }
}
