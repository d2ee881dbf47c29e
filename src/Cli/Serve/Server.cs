using System.ComponentModel;
using System.Net.Sockets;
using RmStack.Transport.Ports.Sockets;

namespace RmStack.Cli.Serve;

/// <summary>Listens on the socket; every client gets a machine of its own.</summary>
/// <param name="options">What to serve.</param>
/// <param name="output">Shows what happens.</param>
internal sealed class Server(ServeOptions options, IServeOutput output)
{
    private const string Stopped = "the server stops";

    private readonly Lock _gate = new();
    private readonly HashSet<ServedConnection> _connections = [];
    private readonly SemaphoreSlim _places = new(options.MaxConnections);

    /// <summary>Connections so far.</summary>
    public int Connections { get; private set; }

    /// <summary>Serves until it is told to stop; every connection has ended then, and the socket's file is gone.</summary>
    /// <returns>Why it could not go on; empty when it was stopped.</returns>
    public async Task<string> RunAsync(CancellationToken stop)
    {
        using var loop = new SocketLoop("rmstack serve");
        var ports = new SocketPortOptions { Loop = loop };
        SocketPortListener listener;
        try
        {
            listener = new SocketPortListener(options.Path, ports);
        }
        catch (Exception failure) when (failure is IOException or PlatformNotSupportedException or ArgumentException)
        {
            return failure.Message;
        }

        var problem = "";
        using (listener)
        {
            output.Listening(options);
            try
            {
                while (problem.Length == 0) problem = await AcceptAsync(listener, stop).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                // Whoever cancelled wants it to end.
            }
        }

        await EndAllAsync().ConfigureAwait(false);
        output.Stopped(Connections);
        return problem;
    }

    // Whoever connects while all places are taken waits, as the packets that it sends do.
    private async Task<string> AcceptAsync(SocketPortListener listener, CancellationToken stop)
    {
        await _places.WaitAsync(stop).ConfigureAwait(false);
        SocketPort port;
        try
        {
            port = await listener.AcceptAsync(stop).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is SocketException or Win32Exception)
        {
            _places.Release();
            return await OutOfSocketsAsync(failure, stop).ConfigureAwait(false);
        }

        Open(new SocketClient(port));
        return "";
    }

    // No descriptors left, most likely: when a connection has ended there is one again.
    private async Task<string> OutOfSocketsAsync(Exception failure, CancellationToken stop)
    {
        Task[] ends;
        lock (_gate)
            ends = [.. _connections.Select(static connection => connection.Ended)];
        if (ends.Length == 0) return $"{options.Path}: a connection cannot be accepted: {failure.Message}";
        output.Problem($"a connection cannot be accepted before another has ended: {failure.Message}");
        await Task.WhenAny(ends).WaitAsync(stop).ConfigureAwait(false);
        return "";
    }

    private void Open(SocketClient client)
    {
        var connection = new ServedConnection(++Connections, client, options, output);
        lock (_gate)
            _connections.Add(connection);
        _ = connection.Ended.ContinueWith(_ => Forget(connection), TaskScheduler.Default);
        connection.Start();
    }

    private void Forget(ServedConnection connection)
    {
        lock (_gate)
            _connections.Remove(connection);
        _places.Release();
    }

    private async Task EndAllAsync()
    {
        ServedConnection[] left;
        lock (_gate)
            left = [.. _connections];
        foreach (var connection in left) connection.Stop(Stopped);
        await Task.WhenAll(left.Select(static connection => connection.Ended)).ConfigureAwait(false);
    }
}
