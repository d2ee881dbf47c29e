using RmStack.Protocol.Hypercalls;

namespace RmStack.Transport.Ports.Sockets;

/// <summary>
/// Packets between the thread that reads a socket and the one that receives. Not thread-safe, but for <see cref="Free"/>: only the reader uses
/// it, and nobody else touches those bytes before <see cref="Add"/>.
/// </summary>
internal sealed class PacketRing
{
    private readonly byte[] _bytes;
    private readonly int[] _sizes;
    private int _head;

    public PacketRing(int depth, int packetSize)
    {
        Depth = depth;
        PacketSize = packetSize;
        _bytes = new byte[depth * packetSize];
        _sizes = new int[depth];
    }

    public int Depth { get; }

    public int PacketSize { get; }

    public int Count { get; private set; }

    /// <summary>Where the next packet is to be put, when there is room.</summary>
    public Span<byte> Free => _bytes.AsSpan(Index(Count) * PacketSize, PacketSize);

    /// <summary>A packet lies in <see cref="Free"/>. True when it is the only one.</summary>
    public bool Add(int size)
    {
        _sizes[Index(Count)] = size;
        return Count++ == 0;
    }

    /// <summary>Takes the oldest packet; one that does not fit stays.</summary>
    public MsgQueueReceiveResult Take(Span<byte> buffer)
    {
        if (Count == 0)
            return new MsgQueueReceiveResult(GunyahError.MsgQueueEmpty, 0, NotEmpty: false);
        var size = _sizes[_head];
        if (size > buffer.Length)
            return new MsgQueueReceiveResult(GunyahError.AddrOverflow, 0, NotEmpty: false);
        _bytes.AsSpan(_head * PacketSize, size).CopyTo(buffer);
        _head = _head + 1 == Depth ? 0 : _head + 1;
        Count--;
        return new MsgQueueReceiveResult(GunyahError.Ok, size, Count != 0);
    }

    private int Index(int offset)
    {
        var index = _head + offset;
        return index >= Depth ? index - Depth : index;
    }
}
