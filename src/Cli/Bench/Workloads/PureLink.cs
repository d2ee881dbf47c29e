using RmStack.Protocol;
using RmStack.Protocol.Hypercalls;
using RmStack.Transport;
using RmStack.Transport.Rpc;

namespace RmStack.Cli.Bench.Workloads;

/// <summary>Both state machines, joined by two rings, driven by a loop: no port, no lock, no task.</summary>
internal sealed class PureLink : IWorkload
{
    private readonly RpcConnection _client;
    private readonly RpcConnection _server;
    private readonly PacketRing _up = new();
    private readonly PacketRing _down = new();
    private readonly RpcCall _call = new();
    private readonly MessageId _id;
    private readonly byte[] _request;
    private readonly byte[] _reply;

    public PureLink(RpcShape shape)
    {
        _id = shape.Id;
        _request = new byte[shape.RequestBytes];
        _reply = new byte[shape.ReplyBytes];
        var options = new RpcClientOptions { MaxRequestContent = RpcLimits.MaxContent };
        _client = RpcConnection.CreateClient(options, new byte[RpcConnection.ReceiveBufferSize], new byte[RpcLimits.PacketSize]);
        _server = RpcConnection.CreateServer(new byte[RpcConnection.ReceiveBufferSize], new byte[RpcConnection.ServerTransmitBufferSize]);
    }

    public void Run(int items)
    {
        for (; items > 0; items--)
            RoundTrip();
    }

    /// <summary>One call. Returns the length of the reply's payload.</summary>
    public int RoundTrip()
    {
        _client.Start(_call, _id, _request);
        RpcCall? ended;
        do
        {
            Pump(_client, _up);
            Serve();
            Pump(_server, _down);
            Drain();
        }
        while (!_client.TryTakeEnded(out ended));
        using var result = _call.TakeResult();
        if (!ReferenceEquals(ended, _call) || !result.IsOk || result.Payload.Length != _reply.Length)
            throw new BenchFailedException($"a call ended as {result}, with {result.Payload.Length} bytes");
        return result.Payload.Length;
    }

    public void Dispose()
    {
    }

    private static void Pump(RpcConnection from, PacketRing to)
    {
        while (!to.IsFull && from.TryBeginPacket(out ReadOnlySpan<byte> packet, out _))
        {
            to.Send(packet);
            from.PacketSent(new MsgQueueSendResult(GunyahError.Ok, !to.IsFull));
        }
    }

    private void Serve()
    {
        while (!_up.IsEmpty)
        {
            var what = _server.PacketReceived(_up.Receive(_server.ReceiveWindowSpan));
            if (what.Kind == RpcEventKind.Request)
                _server.TryStartReply(what.Header.SequenceId, what.Header.Id, RmError.Ok, _reply);
        }

        _client.QueueNotFull();
    }

    private void Drain()
    {
        while (!_down.IsEmpty)
            _client.PacketReceived(_down.Receive(_client.ReceiveWindowSpan));
        _server.QueueNotFull();
    }
}
