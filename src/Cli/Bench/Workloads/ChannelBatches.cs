using RmStack.Protocol;

namespace RmStack.Cli.Bench.Workloads;

/// <summary>A bounded channel on one thread: eight packets in, eight out.</summary>
internal sealed class ChannelBatches(int size) : IWorkload
{
    private readonly ChannelPackets _packets = new();

    public void Run(int items)
    {
        while (items > 0)
        {
            var batch = Math.Min(items, RpcLimits.QueueDepth);
            var good = true;
            for (var n = 0; n < batch; n++)
                good &= _packets.TrySend(size);
            for (var n = 0; n < batch; n++)
                good &= _packets.TryReceive(size);
            if (!good)
                throw new BenchFailedException("the channel refused a packet");
            items -= batch;
        }
    }

    public void Dispose() => _packets.Complete();
}
