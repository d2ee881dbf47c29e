using BenchmarkDotNet.Attributes;
using RmStack.Cli.Bench.Contexts;
using RmStack.Cli.Bench.Workloads;

namespace RmStack.Benchmarks;

/// <summary>The same with the longest reply, which the server sends in pieces as the queue has room: one call at a time.</summary>
[MemoryDiagnoser]
public class RpcLongReplyBenchmarks
{
    private const int Batch = 64;
    private readonly LocalContext _context = new();
    private Stage _stage = null!;
    private RpcLoad _calls = null!;

    [Params(true, false)]
    public bool Inline { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _stage = new Stage(_context, _context, CancellationToken.None);
        _calls = new RpcLoad(RpcLink.Loopback(_stage, RpcShape.LongReply, 1, Inline), RpcShape.LongReply, 1);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _calls.Dispose();
        _stage.Dispose();
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public void RoundTrips() => _calls.Run(Batch);
}
