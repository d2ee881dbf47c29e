using BenchmarkDotNet.Attributes;
using RmStack.Cli.Bench.Workloads;

namespace RmStack.Benchmarks;

/// <summary>
/// One round trip through the pure state machines of both ends over rings of eight slots. Beside it the least that the rings themselves
/// cost: the same packets copied in and out.
/// </summary>
[MemoryDiagnoser]
public class PureLinkBenchmarks
{
    private readonly PureLink _onePacket = new(RpcShape.OnePacket);
    private readonly PureLink _fullPacket = new(RpcShape.FullPacket);
    private readonly PureLink _longReply = new(RpcShape.LongReply);
    private readonly PureLink _longRequest = new(RpcShape.LongRequest);
    private readonly RingCopies _onePacketCopies = new(RpcShape.OnePacket);
    private readonly RingCopies _fullPacketCopies = new(RpcShape.FullPacket);
    private readonly RingCopies _longCopies = new(RpcShape.LongReply);

    [Benchmark]
    public int OnePacketEachWay() => _onePacket.RoundTrip();

    [Benchmark]
    public int FullPacketEachWay() => _fullPacket.RoundTrip();

    [Benchmark]
    public int LongReply() => _longReply.RoundTrip();

    [Benchmark]
    public int LongRequest() => _longRequest.RoundTrip();

    [Benchmark]
    public void OnePacketCopies() => _onePacketCopies.Run(1);

    [Benchmark]
    public void FullPacketCopies() => _fullPacketCopies.Run(1);

    [Benchmark]
    public void LongCopies() => _longCopies.Run(1);
}
