using System.Buffers;
using RmStack.Protocol;

namespace RmStack.Benchmarks.Copies;

/// <summary>A packet that stays where it was received: a piece of a message.</summary>
internal sealed class PooledPacket : ReadOnlySequenceSegment<byte>
{
    private readonly byte[] _bytes = new byte[RpcLimits.PacketSize];

    public Span<byte> Bytes => _bytes;

    public PooledPacket? Following { get; private set; }

    /// <summary>Becomes the piece behind another, or the first one.</summary>
    public void Append(PooledPacket? before, int length)
    {
        Memory = _bytes.AsMemory(RpcLimits.HeaderSize, length - RpcLimits.HeaderSize);
        RunningIndex = before is null ? 0 : before.RunningIndex + before.Memory.Length;
        Following = null;
        Next = null;
        if (before is null)
            return;
        before.Following = this;
        before.Next = this;
    }
}
