using BenchmarkDotNet.Attributes;
using RmStack.Benchmarks.Copies;
using RmStack.Protocol;
using RmStack.Protocol.Messages;

namespace RmStack.Benchmarks;

/// <summary>
/// Ways of moving a message through a queue of eight packets, with what its reader does afterwards: nothing, reading a MEM_LEND list in it, or
/// taking the message away first, as the caller of a client does. docs/decisions/0011.
/// </summary>
[MemoryDiagnoser]
public class CopyBenchmarks
{
    private readonly PlainWay _plain = new();
    private readonly PooledPacketsWay _pooled = new();
    private readonly OverlayWay _overlay = new();
    private readonly PacketInPlaceWay _packet = new();
    private readonly TrainWay _train = new();
    private byte[] _message = [];
    private int _listBytes;

    public enum Use
    {
        Move,
        Read,
        KeepAndRead,
    }

    /// <summary>36 packets are a MEM_LEND of 512 entries; 63 carry the same list, and more behind it.</summary>
    [Params(1, 8, 36, 63)]
    public int Packets { get; set; }

    [ParamsAllValues]
    public Use Then { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var room = Packets * RpcLimits.ContentPerPacket;
        var sgl = new SglEntry[Math.Min(RpcLimits.MaxListEntries, (room - MemLend.SizeOf(1, 0, 0)) / SglEntry.WireSize)];
        for (var i = 0; i < sgl.Length; i++)
            sgl[i] = new SglEntry(0x9000_0000 + ((ulong)i << 13), 0x1000);
        _listBytes = MemLend.SizeOf(1, sgl.Length, 0);
        _message = new byte[RpcLimits.HeaderSize + (Packets > 36 ? room : _listBytes)];
        MemLend.Write(_message.AsSpan(RpcLimits.HeaderSize, _listBytes), MemType.Normal, MemCreateFlags.None, 0x99, [new AclEntry(0x80, MemRights.ReadWriteExecute)], sgl, []);
        if (RpcLimits.PacketsFor(_message.Length - RpcLimits.HeaderSize) != Packets)
            throw new InvalidOperationException("The message has another number of packets.");
    }

    [Benchmark(Baseline = true)]
    public ulong PlainCopies() => Do(_plain);

    [Benchmark]
    public ulong PooledPackets() => Do(_pooled);

    [Benchmark]
    public ulong Overlay() => Do(_overlay);

    [Benchmark]
    public ulong PacketByPacket() => Do(_packet);

    [Benchmark]
    public ulong Train() => Do(_train);

    private ulong Do<TWay>(TWay way)
        where TWay : class, IMessageWay
    {
        way.Move(_message);
        return Then switch
        {
            Use.Read => way.Read(_listBytes),
            Use.KeepAndRead => way.KeepAndRead(_listBytes),
            _ => 0,
        };
    }
}
