using RmStack.Protocol;
using RmStack.Protocol.Hypercalls;
using RmStack.Transport;

namespace RmStack.Cli.Tests.Serve;

/// <summary>A client that knows packets and nothing else, so that it can send what no driver would.</summary>
internal sealed class PacketClient
{
    private readonly IMsgQueuePort _port;
    private readonly Memory<byte> _slab;
    private readonly List<byte[]> _received = [];
    private TaskCompletionSource _edge = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public PacketClient(IMsgQueuePort port)
    {
        _port = port;
        _slab = port.Buffers.Rent().Memory;
        port.NotEmpty = port.NotFull = () => Volatile.Read(ref _edge).TrySetResult();
    }

    public async Task SendAsync(byte[] packet)
    {
        while (!TrySend(packet)) await EdgeAsync(() => false);
    }

    /// <summary>Sends if there is room.</summary>
    public bool TrySend(byte[] packet)
    {
        packet.CopyTo(_slab);
        var error = _port.Send(_slab[..packet.Length], MsgQueueFlags.None).Error;
        Assert.True(error is GunyahError.Ok or GunyahError.MsgQueueFull, error.ToString());
        return error == GunyahError.Ok;
    }

    /// <summary>Reads until so many packets have come in all.</summary>
    public async Task<IReadOnlyList<byte[]>> ReceiveAsync(int count)
    {
        while (true)
        {
            Drain();
            if (_received.Count >= count) return _received;
            await EdgeAsync(() => Drain() && _received.Count >= count);
        }
    }

    /// <summary>Reads until a packet of this kind has come.</summary>
    public async Task<byte[]> ReceiveAsync(RpcMessageType type, MessageId id, int since = 0)
    {
        while (true)
        {
            Drain();
            for (var n = since; n < _received.Count; n++)
                if (RpcHeader.TryRead(_received[n], out var header) == DecodeStatus.Ok && header.Type == type && header.Id == id)
                    return _received[n];
            await EdgeAsync(Drain);
        }
    }

    public IReadOnlyList<byte[]> Received => _received;

    private bool Drain()
    {
        var any = false;
        for (; _port.Receive(_slab[..RpcLimits.PacketSize]) is { Error: GunyahError.Ok, Size: > 0 } received; any = true)
            _received.Add(_slab[..received.Size].ToArray());
        return any;
    }

    // An edge may come between the look and the wait, so there is another look after the wait is armed.
    private async Task EdgeAsync(Func<bool> done)
    {
        var edge = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _edge, edge);
        if (done()) return;
        await Task.WhenAny(edge.Task, Task.Delay(20)).WaitAsync(Bench.Patience);
    }
}
