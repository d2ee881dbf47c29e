using RmStack.Protocol;
using RmStack.Protocol.Hypercalls;
using RmStack.Transport.Ports;

namespace RmStack.Cli.Bench.Workloads;

/// <summary>A loopback queue on one thread: eight packets in, eight out. Nobody takes its interrupts.</summary>
internal sealed class QueueBatches : IWorkload
{
    private readonly LoopbackQueue _queue = new();
    private readonly byte[] _sent;
    private readonly byte[] _received = new byte[RpcLimits.PacketSize];

    public QueueBatches(int size) => _sent = new byte[size];

    public void Run(int items)
    {
        while (items > 0)
        {
            var batch = Math.Min(items, RpcLimits.QueueDepth);
            var good = true;
            for (var n = 0; n < batch; n++)
                good &= _queue.Send(_sent, MsgQueueFlags.None).Error == GunyahError.Ok;
            for (var n = 0; n < batch; n++)
                good &= _queue.Receive(_received).Size == _sent.Length;
            if (!good)
                throw new BenchFailedException("the queue refused a packet");
            items -= batch;
        }
    }

    public void Dispose()
    {
    }
}
