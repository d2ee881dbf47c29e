using System.Buffers;
using System.Buffers.Binary;
using RmStack.Cli.Bench.Workloads;
using RmStack.Protocol;

namespace RmStack.Benchmarks.Copies;

/// <summary>
/// Packets stay in the pooled buffers that they were received into and are never joined: three copies, and a reader that walks pieces. The
/// receiver may give a message away as it is. The pool is a stack without a lock, which is the least that a pool can cost.
/// </summary>
internal sealed class PooledPacketsWay : IMessageWay
{
    private readonly PacketRing _ring = new();
    private readonly Stack<PooledPacket> _free = new();
    private readonly byte[] _packet = new byte[RpcLimits.PacketSize];
    private PooledPacket? _first;
    private PooledPacket? _last;
    private ulong _expected;
    private int _missing;

    public void Move(Span<byte> roomAndContent)
    {
        var content = roomAndContent[RpcLimits.HeaderSize..];
        var fragmenter = new Fragmenter(RpcMessageType.Request, 7, MessageId.MemLend, content.Length);
        Release();
        while (!fragmenter.Done)
        {
            while (!_ring.IsFull && fragmenter.TryWriteNext(content, _packet, out var length, out _))
                _ring.Send(_packet.AsSpan(0, length));
            while (!_ring.IsEmpty)
                Receive();
        }
    }

    public ulong Read(int listBytes)
    {
        var content = Content().Slice(0, listBytes);
        return IMessageWay.Sum(in content);
    }

    public ulong KeepAndRead(int listBytes)
    {
        // The packets are the reader's: nothing has to be copied.
        var sum = Read(listBytes);
        Release();
        return sum;
    }

    private ReadOnlySequence<byte> Content() =>
        _missing == 0 && _first is { } first ? new(first, 0, _last!, _last!.Memory.Length) : throw new InvalidOperationException("The message did not come through.");

    private void Receive()
    {
        if (!_free.TryPop(out var packet))
            packet = new PooledPacket();
        var length = _ring.Receive(packet.Bytes);
        if (_missing > 0 && length >= RpcLimits.HeaderSize && BinaryPrimitives.ReadUInt64LittleEndian(packet.Bytes) == _expected)
        {
            packet.Append(_last, length);
            _last = packet;
            _missing--;
            return;
        }

        if (RpcPacket.TryParse(packet.Bytes[..length], out var parsed) != DecodeStatus.Ok || parsed.Header.Type == RpcMessageType.Continuation)
        {
            _free.Push(packet);
            return;
        }

        var header = parsed.Header;
        Release();
        packet.Append(null, length);
        (_first, _last, _missing) = (packet, packet, header.Fragments);
        Span<byte> continuation = stackalloc byte[RpcLimits.HeaderSize];
        new RpcHeader(RpcMessageType.Continuation, header.Fragments, header.SequenceId, header.Id).Write(continuation);
        _expected = BinaryPrimitives.ReadUInt64LittleEndian(continuation);
    }

    private void Release()
    {
        for (var packet = _first; packet is not null; packet = packet.Following)
            _free.Push(packet);
        (_first, _last, _missing) = (null, null, 0);
    }
}
