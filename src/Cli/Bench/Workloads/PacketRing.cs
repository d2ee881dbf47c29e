using RmStack.Protocol;

namespace RmStack.Cli.Bench.Workloads;

/// <summary>The least that a queue can be: eight slots, one thread, no checks but full and empty.</summary>
internal sealed class PacketRing
{
    private const int Slots = RpcLimits.QueueDepth;
    private readonly byte[] _bytes = new byte[Slots * RpcLimits.PacketSize];
    private readonly int[] _sizes = new int[Slots];
    private uint _written;
    private uint _read;

    public bool IsFull => _written - _read == Slots;

    public bool IsEmpty => _written == _read;

    public void Send(ReadOnlySpan<byte> packet)
    {
        var slot = (int)(_written++ % Slots);
        packet.CopyTo(_bytes.AsSpan(slot * RpcLimits.PacketSize));
        _sizes[slot] = packet.Length;
    }

    public int Receive(Span<byte> buffer)
    {
        var slot = (int)(_read++ % Slots);
        var size = _sizes[slot];
        _bytes.AsSpan(slot * RpcLimits.PacketSize, size).CopyTo(buffer);
        return size;
    }
}
