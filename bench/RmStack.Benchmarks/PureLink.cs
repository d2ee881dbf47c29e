using System.Diagnostics;
using RmStack.Protocol;
using RmStack.Protocol.Hypercalls;
using RmStack.Transport;
using RmStack.Transport.Rpc;

namespace RmStack.Benchmarks;

/// <summary>Both state machines, joined by two rings, driven by a loop: no port, no lock, no task.</summary>
internal sealed class PureLink
{
    private readonly RpcConnection _client;
    private readonly RpcConnection _server;
    private readonly PacketRing _up = new();
    private readonly PacketRing _down = new();
    private readonly RpcCall _call = new();
    private readonly byte[] _reply;

    public PureLink(int replyLength)
    {
        _reply = new byte[replyLength];
        _client = RpcConnection.CreateClient(new RpcClientOptions(), new byte[RpcConnection.ReceiveBufferSize], new byte[RpcLimits.PacketSize]);
        _server = RpcConnection.CreateServer(new byte[RpcConnection.ReceiveBufferSize], new byte[RpcConnection.ServerTransmitBufferSize]);
    }

    public int RoundTrip(ReadOnlyMemory<byte> request)
    {
        _client.Start(_call, MessageId.VmGetVmid, request);
        RpcCall? ended;
        do
        {
            Pump(_client, _up);
            Serve();
            Pump(_server, _down);
            Drain();
        }
        while (!_client.TryTakeEnded(out ended));
        Debug.Assert(ReferenceEquals(ended, _call), "another call ended");
        using var result = _call.TakeResult();
        return result.Payload.Length;
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
