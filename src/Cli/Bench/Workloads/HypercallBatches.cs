using RmStack.Cli.Bench.Model;
using RmStack.Protocol;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Cli.Bench.Workloads;

/// <summary>A queue of the model and one VM that sends to itself by hypercalls: eight packets in, eight out.</summary>
internal sealed class HypercallBatches : IWorkload
{
    private const ulong ReceiveOffset = 0x1000;
    private readonly BenchMachine _machine = new();
    private readonly CapId _queue;
    private readonly ulong _size;

    public HypercallBatches(int size)
    {
        _size = (ulong)size;
        _queue = _machine.CreateQueue();
    }

    public void Run(int items)
    {
        var calls = _machine.Context.Native;
        var from = _machine.Scratch;
        while (items > 0)
        {
            var batch = Math.Min(items, RpcLimits.QueueDepth);
            var good = true;
            for (var n = 0; n < batch; n++)
                good &= calls.MsgQueueSend(_queue, _size, from, MsgQueueFlags.None).Error == GunyahError.Ok;
            for (var n = 0; n < batch; n++)
                good &= calls.MsgQueueReceive(_queue, from + ReceiveOffset, RpcLimits.PacketSize).Size == _size;
            if (!good)
                throw new BenchFailedException("the queue refused a packet");
            items -= batch;
        }
    }

    public void Dispose() => _machine.Dispose();
}
