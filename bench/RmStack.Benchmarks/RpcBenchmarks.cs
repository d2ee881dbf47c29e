using BenchmarkDotNet.Attributes;
using RmStack.Cli.Bench;
using RmStack.Cli.Bench.Contexts;
using RmStack.Cli.Bench.Workloads;

namespace RmStack.Benchmarks;

/// <summary>
/// RPC round trips by loops that await each reply, client and server on one single-threaded context over loopback queues; beside the same packets
/// through two bounded channels between two loops.
/// </summary>
[MemoryDiagnoser]
public class RpcBenchmarks
{
    private const int Batch = 256;
    private readonly LocalContext _context = new();
    private IWorkload _calls = null!;
    private IWorkload _channels = null!;
    private Stage _stage = null!;

    public static IEnumerable<string> Messages => [RpcShape.OnePacket.Name, RpcShape.FullPacket.Name, RpcShape.LongRequest.Name];

    [ParamsSource(nameof(Messages))]
    public string Message { get; set; } = "";

    [Params(1, 4, 64)]
    public int InFlight { get; set; }

    [Params(true, false)]
    public bool Inline { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var shape = new[] { RpcShape.OnePacket, RpcShape.FullPacket, RpcShape.LongRequest }.Single(shape => shape.Name == Message);
        _stage = new Stage(_context, _context, CancellationToken.None);
        _calls = new RpcLoad(RpcLink.Loopback(_stage, shape, InFlight, Inline), shape, InFlight);
        _channels = new ChannelEcho(_stage, shape, InFlight);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _calls.Dispose();
        _channels.Dispose();
        _stage.Dispose();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Batch)]
    public void Channels() => _channels.Run(Batch);

    [Benchmark(OperationsPerInvoke = Batch)]
    public void RoundTrips() => _calls.Run(Batch);
}
