using RmStack.Cli.Bench.Contexts;
using RmStack.Cli.Bench.Peer;
using RmStack.Transport.Ports.Sockets;

namespace RmStack.Cli.Bench.Workloads;

/// <summary>Clients of a <see cref="PeerServer"/>.</summary>
internal static class SocketWorkloads
{
    /// <summary>An RPC client on the thread of its port's loop, its continuations too.</summary>
    public static RpcLink Link(BenchSession session, bool ownProcess, PeerEndpoint endpoint)
    {
        var stage = session.Sockets(endpoint.Spins > 0);
        var port = Connect(session, stage, ownProcess, endpoint);
        return new RpcLink(stage, port, inline: true, port.Dispose);
    }

    /// <summary>Packets in one direction.</summary>
    public static PacketStream Packets(BenchSession session, bool ownProcess, int size)
    {
        var stage = session.Sockets(spins: true);
        var port = Connect(session, stage, ownProcess, PeerEndpoint.Packets);
        PacketStream? stream = null;
        stage.OnClient(() => stream = new PacketStream(stage, port, size, port.Dispose));
        return stream!;
    }

    private static SocketPort Connect(BenchSession session, Stage stage, bool ownProcess, PeerEndpoint endpoint)
    {
        SocketPort port;
        try
        {
            port = SocketPort.Connect(endpoint.In(session.Server(ownProcess)), endpoint.On((SocketLoop)stage.ClientContext!));
        }
        catch (IOException failure)
        {
            throw new BenchFailedException(failure.Message, failure);
        }

        _ = port.Closed.ContinueWith(
            ended =>
            {
                if (ended.Result.Reason != SocketPortEndReason.Disposed)
                    stage.Fail(new BenchFailedException($"the connection to the server ended: {ended.Result}"));
            },
            TaskScheduler.Default);
        return port;
    }
}
