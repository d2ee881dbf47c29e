using BenchmarkDotNet.Attributes;
using Kaitai;
using RmStack.Protocol;
using RmStack.Protocol.Messages;
using RmStack.Spec;

namespace RmStack.Benchmarks;

/// <summary>
/// MEM_LEND with 512 SGL entries, 8216 bytes: written, and read with every entry walked, in one piece and in the 36 pieces in which it
/// arrives; beside a bare copy of its bytes, and beside the parser generated from spec/*.ksy on the same bytes.
/// </summary>
[MemoryDiagnoser]
public class MemLendBenchmarks
{
    private readonly AclEntry[] _acl = [new(0x80, MemRights.ReadWriteExecute)];
    private readonly SglEntry[] _sgl = new SglEntry[RpcLimits.MaxListEntries];
    private readonly byte[] _payload = new byte[MemLend.SizeOf(1, RpcLimits.MaxListEntries, 0)];
    private readonly byte[] _copy = new byte[MemLend.SizeOf(1, RpcLimits.MaxListEntries, 0)];
    private System.Buffers.ReadOnlySequence<byte> _pieces;

    [GlobalSetup]
    public void Setup()
    {
        for (var i = 0; i < _sgl.Length; i++)
            _sgl[i] = new SglEntry(0x9000_0000 + ((ulong)i << 13), 0x1000);
        Write();
        _pieces = Testing.Pieces.Of([.. _payload.Chunk(RpcLimits.ContentPerPacket)]);
    }

    [Benchmark(Baseline = true)]
    public void Copy() => _payload.AsSpan().CopyTo(_copy);

    [Benchmark]
    public int Write() => MemLend.Write(_payload, MemType.Normal, MemCreateFlags.None, 0x99, _acl, _sgl, []);

    [Benchmark]
    public ulong Read()
    {
        MemLend.TryParse(_payload, out var view);
        var sum = 0UL;
        foreach (var entry in view.Sgl)
            sum += entry.Ipa + entry.Size;
        return sum;
    }

    [Benchmark]
    public ulong ReadPieces()
    {
        MemLend.TryParse(in _pieces, out var view);
        var sum = 0UL;
        foreach (var entry in view.Sgl)
            sum += entry.Ipa + entry.Size;
        return sum;
    }

    [Benchmark]
    public ulong Kaitai()
    {
        var lend = (Memparcel.MemCreate)new GunyahRmPayload(MessageNumber.MemLend, false, new KaitaiStream(_payload)).Message;
        var sum = 0UL;
        foreach (var entry in lend.Sgl.Body.Entries)
            sum += entry.Address + entry.Size;
        return sum;
    }
}
