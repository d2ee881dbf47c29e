using System.Buffers;
using RmStack.Cli.Bench.Workloads;
using RmStack.Protocol;

namespace RmStack.Benchmarks.Copies;

/// <summary>The three ways that join a message in the receiver's buffer. Who wants to keep it copies it into memory of its own, as a client does with a reply.</summary>
internal abstract class JoinedWay : IMessageWay
{
    protected PacketRing Ring { get; } = new();

    protected Reassembler Reassembler { get; } = new(ReassemblyRules.ResourceManager, new byte[RpcLimits.ReassemblyBufferSize]);

    public abstract void Move(Span<byte> roomAndContent);

    public ulong Read(int listBytes) => IMessageWay.Sum(Reassembler.Content[..listBytes]);

    public ulong KeepAndRead(int listBytes)
    {
        var content = Reassembler.Content;
        var kept = ArrayPool<byte>.Shared.Rent(content.Length);
        content.CopyTo(kept);
        var sum = IMessageWay.Sum(kept.AsSpan(0, listBytes));
        ArrayPool<byte>.Shared.Return(kept);
        return sum;
    }

    protected static Fragmenter Cut(int length) => new(RpcMessageType.Request, 7, MessageId.MemLend, length);

    /// <summary>Each packet is received where it belongs.</summary>
    protected void ReceiveInPlace()
    {
        while (!Ring.IsEmpty)
        {
            var length = Ring.Receive(Reassembler.ReceiveWindowSpan);
            if (!Reassembler.TryAcceptMiddle(length))
                Reassembler.AcceptReceived(length);
        }
    }
}
