using BenchmarkDotNet.Attributes;
using RmStack.Protocol;

namespace RmStack.Benchmarks;

/// <summary>
/// The longest message, 14616 bytes in 63 packets, cut, put into queue slots, taken out and joined: beside the same 126 copies of 240 bytes
/// without a header, a check or a counter.
/// </summary>
[MemoryDiagnoser]
public class MessageBenchmarks
{
    private readonly byte[] _sent = new byte[RpcLimits.HeaderSize + RpcLimits.MaxContent];
    private readonly byte[] _queue = new byte[RpcLimits.MaxPackets * RpcLimits.PacketSize];
    private readonly byte[] _packet = new byte[RpcLimits.PacketSize];
    private readonly byte[] _received = new byte[RpcLimits.ReassemblyBufferSize];
    private readonly Reassembler _reassembler = new(ReassemblyRules.ResourceManager);

    [GlobalSetup]
    public void Setup() => new Random(1).NextBytes(_sent);

    /// <summary>The copies that a queue makes, and nothing else.</summary>
    [Benchmark(Baseline = true)]
    public void Copies()
    {
        for (var i = 0; i < RpcLimits.MaxPackets; i++)
            _sent.AsSpan(i * RpcLimits.ContentPerPacket, RpcLimits.PacketSize).CopyTo(_queue.AsSpan(i * RpcLimits.PacketSize));
        for (var i = 0; i < RpcLimits.MaxPackets; i++)
            _queue.AsSpan(i * RpcLimits.PacketSize, RpcLimits.PacketSize).CopyTo(_received.AsSpan(i * RpcLimits.ContentPerPacket));
    }

    /// <summary>Packets written where a queue would have them, and their content joined out of there: the same 126 copies, with everything.</summary>
    [Benchmark]
    public int FragmentAndReassemble()
    {
        var fragmenter = new Fragmenter(RpcMessageType.Request, 7, MessageId.MemLend, RpcLimits.MaxContent);
        var content = _sent.AsSpan(RpcLimits.HeaderSize);
        for (var slot = 0; !fragmenter.Done; slot += RpcLimits.PacketSize)
            fragmenter.TryWriteNext(content, _queue.AsSpan(slot, RpcLimits.PacketSize), out _, out _);
        for (var slot = 0; slot < _queue.Length; slot += RpcLimits.PacketSize)
            _reassembler.Accept(_queue.AsSpan(slot, RpcLimits.PacketSize));
        return _reassembler.Content.Length;
    }

    /// <summary>For queues that copy themselves: headers laid over the sender's content, each packet received where it belongs.</summary>
    [Benchmark]
    public int InPlace()
    {
        var fragmenter = new Fragmenter(RpcMessageType.Request, 7, MessageId.MemLend, RpcLimits.MaxContent);
        for (var slot = 0; fragmenter.TryOverlayNext(_sent, out var offset, out var length, out _); slot += RpcLimits.PacketSize)
        {
            _sent.AsSpan(offset, length).CopyTo(_queue.AsSpan(slot));
            fragmenter.LiftOverlay(_sent);
        }

        for (var slot = 0; slot < _queue.Length; slot += RpcLimits.PacketSize)
        {
            _queue.AsSpan(slot, RpcLimits.PacketSize).CopyTo(_reassembler.ReceiveWindowSpan);
            _reassembler.AcceptReceived(RpcLimits.PacketSize);
        }

        return _reassembler.Content.Length;
    }

    /// <summary>What <see cref="InPlace"/> spares: packets in a buffer of their own, copied into the queue and out of it.</summary>
    [Benchmark]
    public int ThroughBuffers()
    {
        var fragmenter = new Fragmenter(RpcMessageType.Request, 7, MessageId.MemLend, RpcLimits.MaxContent);
        var content = _sent.AsSpan(RpcLimits.HeaderSize);
        for (var slot = 0; !fragmenter.Done; slot += RpcLimits.PacketSize)
        {
            fragmenter.TryWriteNext(content, _packet, out var length, out _);
            _packet.AsSpan(0, length).CopyTo(_queue.AsSpan(slot));
        }

        for (var slot = 0; slot < _queue.Length; slot += RpcLimits.PacketSize)
        {
            _queue.AsSpan(slot, RpcLimits.PacketSize).CopyTo(_packet);
            _reassembler.Accept(_packet);
        }

        return _reassembler.Content.Length;
    }
}
