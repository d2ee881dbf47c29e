using System.Threading.Channels;
using RmStack.Protocol;

namespace RmStack.Cli.Bench.Workloads;

/// <summary>
/// A queue of packets made of what the runtime has: a bounded channel of the same depth that carries the numbers of slots, into which packets
/// are copied and out of which they are copied again.
/// </summary>
internal sealed class ChannelPackets
{
    // As many as the channel holds, one that is being written, one that is being read, and the next power of two.
    private readonly int _slots;
    private readonly byte[] _bytes;
    private readonly byte[] _sent = new byte[RpcLimits.PacketSize];
    private readonly byte[] _received = new byte[RpcLimits.PacketSize];
    private readonly Channel<int> _channel;
    private int _next;

    public ChannelPackets(int depth = RpcLimits.QueueDepth)
    {
        _slots = depth + 2;
        _bytes = new byte[_slots * RpcLimits.PacketSize];
        _channel = Channel.CreateBounded<int>(new BoundedChannelOptions(depth) { SingleReader = true, SingleWriter = true });
    }

    /// <summary>No packet will be written any more.</summary>
    public void Complete() => _channel.Writer.TryComplete();

    public bool TrySend(int size)
    {
        var slot = Fill(size);
        if (!_channel.Writer.TryWrite(slot))
            return false;
        Advance();
        return true;
    }

    public bool TryReceive(int size)
    {
        if (!_channel.Reader.TryRead(out var slot))
            return false;
        Drain(slot, size);
        return true;
    }

    public ValueTask SendAsync(int size)
    {
        var slot = Fill(size);
        Advance();
        return _channel.Writer.WriteAsync(slot);
    }

    /// <summary>Waits for a packet; false when there will be none.</summary>
    public ValueTask<bool> WaitAsync() => _channel.Reader.WaitToReadAsync();

    private int Fill(int size)
    {
        _sent.AsSpan(0, size).CopyTo(_bytes.AsSpan(_next * RpcLimits.PacketSize));
        return _next;
    }

    private void Advance()
    {
        if (++_next == _slots)
            _next = 0;
    }

    private void Drain(int slot, int size) => _bytes.AsSpan(slot * RpcLimits.PacketSize, size).CopyTo(_received);
}
