using BenchmarkDotNet.Attributes;
using RmStack.Cli.Bench.Workloads;

namespace RmStack.Benchmarks;

/// <summary>A packet through a queue of eight on one thread, eight in and eight out: beside the two copies alone, and a bounded channel.</summary>
[MemoryDiagnoser]
public class QueueBenchmarks
{
    private const int Batch = 1024;
    private PacketCopies _copies = null!;
    private ChannelBatches _channel = null!;
    private QueueBatches _loopback = null!;
    private HypercallBatches _hypercalls = null!;

    [Params(8, 64, 240)]
    public int Size { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _copies = new PacketCopies(Size);
        _channel = new ChannelBatches(Size);
        _loopback = new QueueBatches(Size);
        _hypercalls = new HypercallBatches(Size);
    }

    [GlobalCleanup]
    public void Cleanup() => _hypercalls.Dispose();

    [Benchmark(Baseline = true, OperationsPerInvoke = Batch)]
    public void Copies() => _copies.Run(Batch);

    [Benchmark(OperationsPerInvoke = Batch)]
    public void Channel() => _channel.Run(Batch);

    [Benchmark(OperationsPerInvoke = Batch)]
    public void Loopback() => _loopback.Run(Batch);

    [Benchmark(OperationsPerInvoke = Batch)]
    public void Hypercalls() => _hypercalls.Run(Batch);
}
