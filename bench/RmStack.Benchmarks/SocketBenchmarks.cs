using BenchmarkDotNet.Attributes;
using RmStack.Cli.Bench;
using RmStack.Cli.Bench.Peer;
using RmStack.Cli.Bench.Workloads;

namespace RmStack.Benchmarks;

/// <summary>
/// A round trip of one packet each way over a Unix SEQPACKET socket: beside the four system calls alone, and blocking calls between two threads
/// or processes. Linux only.
/// </summary>
[MemoryDiagnoser]
public class SocketBenchmarks
{
    private const int Batch = 256;
    private BenchSession _session = null!;
    private IWorkload _systemCalls = null!;
    private IWorkload _blocking = null!;
    private IWorkload _looking = null!;
    private IWorkload _sleeping = null!;

    /// <summary>The server is a process of its own.</summary>
    [Params(false, true)]
    public bool TwoProcesses { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var shape = RpcShape.OnePacket;
        _session = new BenchSession(TimeProvider.System, CancellationToken.None);
        _systemCalls = new RawExchange(RawSockets.CreatePair(_session.PairPath), shape);
        _blocking = new RawExchange(RawSockets.Connect(PeerEndpoint.Raw.In(_session.Server(TwoProcesses))), shape);
        _looking = new RpcLoad(SocketWorkloads.Link(_session, TwoProcesses, PeerEndpoint.Rpc), shape, 1);
        _sleeping = new RpcLoad(SocketWorkloads.Link(_session, TwoProcesses, PeerEndpoint.SleepingRpc), shape, 1);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        foreach (var workload in new[] { _systemCalls, _blocking, _looking, _sleeping })
            workload.Dispose();
        _session.Dispose();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Batch)]
    public void SystemCalls() => _systemCalls.Run(Batch);

    [Benchmark(OperationsPerInvoke = Batch)]
    public void Blocking() => _blocking.Run(Batch);

    [Benchmark(OperationsPerInvoke = Batch)]
    public void Looking() => _looking.Run(Batch);

    [Benchmark(OperationsPerInvoke = Batch)]
    public void Sleeping() => _sleeping.Run(Batch);
}
