using System.Net.Sockets;
using RmStack.Cli.Bench.Workloads;
using RmStack.Transport.Ports.Sockets;
using RmStack.Transport.Rpc;

namespace RmStack.Cli.Bench.Peer;

/// <summary>The server side of everything that goes over sockets, in the bench's own process or in one of its own.</summary>
internal sealed class PeerServer : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly SocketLoop _spinning = new("rmstack bench server", SocketLoop.DefaultSpins);
    private readonly SocketLoop _sleeping = new("rmstack bench server, asleep");
    private readonly List<IDisposable> _listeners = [];

    /// <summary>Listens on all endpoints.</summary>
    /// <exception cref="BenchFailedException">A socket cannot be made; the message says which.</exception>
    public PeerServer(string directory)
    {
        try
        {
            foreach (var endpoint in new[] { PeerEndpoint.Rpc, PeerEndpoint.DeepRpc, PeerEndpoint.SleepingRpc })
                Listen(directory, endpoint, Serve);
            Listen(directory, PeerEndpoint.Packets, static port => _ = new PacketSink(port));
            var raw = RawSockets.Listen(PeerEndpoint.Raw.In(directory));
            _listeners.Add(raw);
            _ = AcceptRawAsync(raw);
        }
        catch (Exception failure) when (failure is IOException or SocketException)
        {
            Dispose();
            throw new BenchFailedException(failure.Message, failure);
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        foreach (var listener in _listeners)
            listener.Dispose();
        _spinning.Dispose();
        _sleeping.Dispose();
        _stop.Dispose();
    }

    private static void Serve(SocketPort port)
    {
        var server = new RpcServer(new SizedReplyHandler());
        server.AddLink(RpcLink.Vmid, port);
    }

    private void Listen(string directory, PeerEndpoint endpoint, Action<SocketPort> connected)
    {
        var loop = endpoint.Spins > 0 ? _spinning : _sleeping;
        var listener = new SocketPortListener(endpoint.In(directory), endpoint.On(loop));
        _listeners.Add(listener);
        _ = AcceptAsync(listener, loop, connected);
    }

    private async Task AcceptAsync(SocketPortListener listener, SocketLoop loop, Action<SocketPort> connected)
    {
        try
        {
            while (true)
            {
                var port = await listener.AcceptAsync(_stop.Token).ConfigureAwait(false);
                loop.Post(_ => connected(port), null);
                _ = port.Closed.ContinueWith(_ => port.Dispose(), TaskScheduler.Default);
            }
        }
        catch (Exception end) when (end is OperationCanceledException or ObjectDisposedException)
        {
            // The bench is over.
        }
    }

    private async Task AcceptRawAsync(Socket listener)
    {
        try
        {
            while (true)
                RawEcho.Start(RawSockets.Prepare(await listener.AcceptAsync(_stop.Token).ConfigureAwait(false)));
        }
        catch (Exception end) when (end is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The bench is over.
        }
    }
}
