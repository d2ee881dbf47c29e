using System.Net.Sockets;
using RmStack.Transport.Ports.Sockets;

namespace RmStack.Transport.Tests.Ports.Sockets;

/// <summary>Files, listeners and who is in the way.</summary>
public sealed class SocketPortListenerTests
{
    [Fact]
    public void The_file_goes_with_the_listener()
    {
        using var bench = new SocketBench();
        Assert.True(File.Exists(bench.Listener.Path));
        bench.Listener.Dispose();
        Assert.False(File.Exists(bench.Listener.Path));
    }

    [Fact]
    public async Task Connections_outlive_the_listener()
    {
        using var bench = new SocketBench();
        var (client, server) = await bench.Pair();
        bench.Listener.Dispose();
        client.Send(1);
        await SocketBench.Until(() => server.Statistics.PacketsReceived == 1);
        Assert.False(client.Closed.IsCompleted);
    }

    [Fact]
    public async Task A_file_that_a_server_left_behind_is_replaced()
    {
        using var bench = new SocketBench();
        var path = bench.PathOf("stale");
        MakeStale(path);
        using var listener = new SocketPortListener(path);
        using var client = SocketPort.Connect(path);
        using var server = await listener.AcceptAsync().WaitAsync(SocketBench.Patience);
        // This one and the bench's: nothing is left lying about.
        Assert.Equal(2, Directory.GetFiles(Path.GetDirectoryName(path)!).Length);
    }

    [Fact]
    public async Task Of_many_that_find_a_stale_file_one_gets_it()
    {
        using var bench = new SocketBench();
        for (var round = 0; round < 20; round++)
        {
            var path = bench.PathOf("stale");
            MakeStale(path);
            var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
            {
                try
                {
                    return bench.Own(new SocketPortListener(path));
                }
                catch (IOException)
                {
                    return null;
                }
            })));
            var winner = Assert.Single(outcomes, listener => listener is not null);
            using var client = SocketPort.Connect(path);
            winner!.Dispose();
            Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!));
        }
    }

    [Fact]
    public void A_path_that_is_served_is_left_alone()
    {
        using var bench = new SocketBench();
        var failure = Assert.Throws<IOException>(() => new SocketPortListener(bench.Listener.Path));
        Assert.Equal($"{bench.Listener.Path} is served by a running program: stop it, or choose another path", failure.Message);
        using var client = SocketPort.Connect(bench.Listener.Path);
    }

    [Fact]
    public void A_file_that_is_no_socket_is_left_alone()
    {
        using var bench = new SocketBench();
        var path = bench.PathOf("file");
        File.WriteAllText(path, "mine");
        var failure = Assert.Throws<IOException>(() => new SocketPortListener(path));
        Assert.Equal($"{path} exists and is not a socket: choose another path, or remove it", failure.Message);
        Assert.Equal("mine", File.ReadAllText(path));
        Assert.Equal($"{path} is not a socket", Assert.Throws<IOException>(() => SocketPort.Connect(path)).Message);
    }

    [Fact]
    public void A_link_to_a_socket_is_no_socket()
    {
        using var bench = new SocketBench();
        var path = bench.PathOf("link");
        File.CreateSymbolicLink(path, bench.Listener.Path);
        Assert.Throws<IOException>(() => new SocketPortListener(path));
        Assert.True(File.Exists(bench.Listener.Path));
    }

    [Fact]
    public void What_cannot_be_connected_to_says_why()
    {
        using var bench = new SocketBench();
        var absent = bench.PathOf("absent");
        Assert.Equal($"{absent} does not exist: start the server, or check the path", Assert.Throws<IOException>(() => SocketPort.Connect(absent)).Message);
        var stale = bench.PathOf("stale");
        MakeStale(stale);
        Assert.Equal($"{stale} is a socket that nobody serves: start the server, which replaces it", Assert.Throws<IOException>(() => SocketPort.Connect(stale)).Message);
        var stream = bench.PathOf("stream");
        using var other = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        other.Bind(new UnixDomainSocketEndPoint(stream));
        other.Listen();
        Assert.Equal($"{stream} is a socket of another type than SOCK_SEQPACKET", Assert.Throws<IOException>(() => SocketPort.Connect(stream)).Message);
        Assert.Equal($"{stream} is served by a running program: stop it, or choose another path", Assert.Throws<IOException>(() => new SocketPortListener(stream)).Message);
    }

    [Fact]
    public void Paths_that_cannot_be_sockets_are_refused_in_words()
    {
        using var bench = new SocketBench();
        var nowhere = bench.PathOf("no/where");
        Assert.StartsWith($"{nowhere} cannot be served: ", Assert.Throws<IOException>(() => new SocketPortListener(nowhere)).Message);
        var tooLong = bench.PathOf(new string('x', 120));
        Assert.Equal($"{tooLong} is too long for a socket: at most 107 bytes fit", Assert.Throws<IOException>(() => new SocketPortListener(tooLong)).Message);
        Assert.Throws<IOException>(() => SocketPort.Connect(tooLong));
        Assert.Throws<ArgumentException>(() => SocketPort.Connect(""));
    }

    [Fact]
    public void A_server_that_does_not_accept_is_not_waited_for_for_ever()
    {
        using var bench = new SocketBench();
        var path = bench.PathOf("busy");
        using var listener = new SocketPortListener(path, backlog: 1);
        var options = new SocketPortOptions { ConnectTimeout = TimeSpan.FromMilliseconds(20) };
        var failure = Assert.Throws<IOException>(() =>
        {
            for (var i = 0; i < 10; i++)
                bench.Own(SocketPort.Connect(path, options));
        });
        Assert.Equal($"{path} is served, but the server does not accept connections", failure.Message);
    }

    [Fact]
    public async Task Accepting_can_be_cancelled_and_ends_with_the_listener()
    {
        using var bench = new SocketBench();
        using var stop = new CancellationTokenSource();
        var cancelled = bench.Listener.AcceptAsync(stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.WaitAsync(SocketBench.Patience));
        var waiting = bench.Listener.AcceptAsync();
        bench.Listener.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting.WaitAsync(SocketBench.Patience));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => bench.Listener.AcceptAsync());
    }

    [Fact]
    public async Task A_listener_that_goes_leaves_its_successors_file_alone()
    {
        using var bench = new SocketBench();
        var path = bench.PathOf("handed-over");
        for (var i = 0; i < 300; i++)
        {
            var old = new SocketPortListener(path);
            SocketPortListener? next = null;
            using var go = new Barrier(2);
            var starter = SocketBench.OnThread(() =>
            {
                go.SignalAndWait();
                while (next is null)
                {
                    try
                    {
                        next = new SocketPortListener(path);
                    }
                    catch (IOException)
                    {
                        // Still served.
                    }
                }
            });
            go.SignalAndWait();
            old.Dispose();
            await starter;
            Assert.True(File.Exists(path));
            next!.Dispose();
        }
    }

    private static void MakeStale(string path)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        socket.Listen();
        // The framework removes the file of a socket that it closes; a killed server does not.
        File.Move(path, path + ".kept");
        socket.Dispose();
        File.Move(path + ".kept", path);
    }
}
