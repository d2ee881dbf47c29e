using BenchmarkDotNet.Attributes;
using RmStack.Protocol;

namespace RmStack.Benchmarks;

/// <summary>
/// One round trip through the pure state machines of both ends over rings of eight slots. Beside it the least that the rings themselves
/// cost: the same packets copied in and out.
/// </summary>
[MemoryDiagnoser]
public class PureLinkBenchmarks
{
    private readonly PureLink _small = new(4);
    private readonly PureLink _full = new(RpcLimits.ContentPerPacket - RpcLimits.ErrorSize);
    private readonly PureLink _long = new(RpcLimits.MaxReplyPayload);
    private readonly byte[] _fullRequest = new byte[RpcLimits.ContentPerPacket];
    private readonly byte[] _longRequest = new byte[RpcLimits.MaxLinuxRequestContent];
    private readonly byte[] _packet = new byte[RpcLimits.PacketSize];
    private readonly PacketRing _ring = new();

    [Benchmark]
    public int OnePacketEachWay() => _small.RoundTrip(ReadOnlyMemory<byte>.Empty);

    [Benchmark]
    public int FullPacketEachWay() => _full.RoundTrip(_fullRequest);

    [Benchmark]
    public int LongReply() => _long.RoundTrip(ReadOnlyMemory<byte>.Empty);

    [Benchmark]
    public int LongRequest() => _small.RoundTrip(_longRequest);

    [Benchmark]
    public int RingOfTwoFullPackets()
    {
        _ring.Send(_packet);
        _ring.Receive(_packet);
        _ring.Send(_packet);
        return _ring.Receive(_packet);
    }

    [Benchmark]
    public int RingOf63FullPackets()
    {
        for (var i = 0; i < RpcLimits.MaxPackets; i++)
        {
            _ring.Send(_packet);
            _ring.Receive(_packet);
        }

        return _ring.IsEmpty ? 1 : 0;
    }
}
