using RmStack.Protocol;

namespace RmStack.Cli.Bench.Workloads;

/// <summary>The floor of a round trip: its packets copied into a ring of eight slots and out of it, and nothing else.</summary>
internal sealed class RingCopies(RpcShape shape) : IWorkload
{
    private readonly PacketRing _ring = new();
    private readonly byte[] _packet = new byte[RpcLimits.PacketSize];

    public void Run(int items)
    {
        for (; items > 0; items--)
        {
            for (var packet = 0; packet < shape.RequestPackets; packet++)
                Pass(shape.RequestPacketSize(packet));
            for (var packet = 0; packet < shape.ReplyPackets; packet++)
                Pass(shape.ReplyPacketSize(packet));
        }
    }

    public void Dispose()
    {
    }

    private void Pass(int size)
    {
        _ring.Send(_packet.AsSpan(0, size));
        _ring.Receive(_packet);
    }
}
