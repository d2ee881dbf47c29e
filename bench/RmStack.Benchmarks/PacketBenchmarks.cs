using BenchmarkDotNet.Attributes;
using RmStack.Protocol;

namespace RmStack.Benchmarks;

/// <summary>Parse and write one full packet, beside the bare copy of the same 240 bytes.</summary>
[MemoryDiagnoser]
public class PacketBenchmarks
{
    private readonly byte[] _packet = new byte[RpcLimits.PacketSize];
    private readonly byte[] _content = new byte[RpcLimits.ContentPerPacket];
    private readonly byte[] _copy = new byte[RpcLimits.PacketSize];

    [GlobalSetup]
    public void Setup()
    {
        var fragmenter = new Fragmenter(RpcMessageType.Request, 7, MessageId.MemLend, _content.Length);
        fragmenter.TryWriteNext(_content, _packet, out _, out _);
    }

    [Benchmark(Baseline = true)]
    public void Copy() => _packet.AsSpan().CopyTo(_copy);

    [Benchmark]
    public int Parse()
    {
        RpcPacket.TryParse(_packet, out var packet);
        return packet.Content.Length + packet.Header.SequenceId;
    }

    [Benchmark]
    public int Write()
    {
        var fragmenter = new Fragmenter(RpcMessageType.Request, 7, MessageId.MemLend, _content.Length);
        fragmenter.TryWriteNext(_content, _copy, out var length, out _);
        return length;
    }
}
