using RmStack.Protocol;

namespace RmStack.Cli.Bench.Workloads;

/// <summary>The floor of a queue: every packet copied into a slot and out of it, eight in and eight out, and nothing else.</summary>
internal sealed class PacketCopies(int size) : IWorkload
{
    private const int Slots = RpcLimits.QueueDepth;
    private readonly byte[] _slots = new byte[Slots * RpcLimits.PacketSize];
    private readonly byte[] _sent = new byte[RpcLimits.PacketSize];
    private readonly byte[] _received = new byte[RpcLimits.PacketSize];

    public void Run(int items)
    {
        while (items > 0)
        {
            var batch = Math.Min(items, Slots);
            for (var slot = 0; slot < batch; slot++)
                _sent.AsSpan(0, size).CopyTo(_slots.AsSpan(slot * RpcLimits.PacketSize));
            for (var slot = 0; slot < batch; slot++)
                _slots.AsSpan(slot * RpcLimits.PacketSize, size).CopyTo(_received);
            items -= batch;
        }
    }

    public void Dispose()
    {
    }
}
