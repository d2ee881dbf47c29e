using System.Net.Sockets;
using RmStack.Protocol.Hypercalls;
using RmStack.Transport.Ports.Sockets;

namespace RmStack.Transport.Tests.Ports.Sockets;

/// <summary>A listener in a directory of its own, and everything that attaches to it. All of it is gone with the test.</summary>
internal sealed class SocketBench : IDisposable
{
    /// <summary>For what must come. A test that passes never waits so long.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("rmstack-socket-");
    private readonly List<IDisposable> _owned = [];
    private readonly SocketPortOptions _options;

    public SocketBench(SocketPortOptions? options = null)
    {
        _options = options ?? new SocketPortOptions();
        Listener = Own(new SocketPortListener(PathOf("rm"), _options));
    }

    public SocketPortListener Listener { get; }

    public string PathOf(string name) => Path.Combine(_directory.FullName, name);

    public T Own<T>(T owned)
        where T : IDisposable
    {
        lock (_owned)
            _owned.Add(owned);
        return owned;
    }

    /// <summary>A loop that ends with the test.</summary>
    public SocketLoop Loop(int spins = 0) => Own(new SocketLoop("test loop", spins));

    /// <summary>Two ports that are connected.</summary>
    public async Task<(SocketPort Client, SocketPort Server)> Pair(SocketPortOptions? client = null)
    {
        var accept = Listener.AcceptAsync();
        var port = Own(SocketPort.Connect(Listener.Path, client ?? _options));
        return (port, Own(await accept.WaitAsync(Patience)));
    }

    /// <summary>A port and the bare socket at its other end.</summary>
    public async Task<(Socket Raw, SocketPort Server)> RawPair()
    {
        var accept = Listener.AcceptAsync();
        var raw = Own(new Socket(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified));
        raw.Connect(new UnixDomainSocketEndPoint(Listener.Path));
        return (raw, Own(await accept.WaitAsync(Patience)));
    }

    public void Dispose()
    {
        for (var i = _owned.Count - 1; i >= 0; i--)
            _owned[i].Dispose();
        _directory.Delete(recursive: true);
    }

    /// <summary>Waits until something holds that another thread brings about.</summary>
    public static async Task Until(Func<bool> holds)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!holds())
            await Task.Delay(1, patience.Token);
    }

    /// <summary>Work that does not give its thread back: on one of its own, so that the pool keeps its few for those who do.</summary>
    public static Task OnThread(Action work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Sends until the socket takes no more; returns how many it took.</summary>
    public static int Fill(Socket raw, byte[] packet, int most = 100_000)
    {
        raw.Blocking = false;
        for (var sent = 0; sent < most; sent++)
        {
            raw.Send(packet, SocketFlags.None, out var error);
            if (error == SocketError.WouldBlock)
                return sent;
            Assert.Equal(SocketError.Success, error);
        }

        return most;
    }
}

/// <summary>Counts an interrupt and waits for it.</summary>
internal sealed class Edges
{
    private readonly SemaphoreSlim _seen = new(0);
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public void Raise()
    {
        Interlocked.Increment(ref _count);
        _seen.Release();
    }

    public async Task Next() => Assert.True(await _seen.WaitAsync(SocketBench.Patience), "the interrupt did not come");
}

/// <summary>The hypercalls with arrays.</summary>
internal static class PortCalls
{
    public static MsgQueueSendResult Send(this IMsgQueuePort port, params byte[] packet) => port.Send(packet, MsgQueueFlags.None);

    public static byte[] Take(this IMsgQueuePort port)
    {
        var buffer = new byte[1024];
        var result = port.Receive(buffer);
        Assert.Equal(GunyahError.Ok, result.Error);
        return buffer[..result.Size];
    }

    public static GunyahError ReceiveError(this IMsgQueuePort port) => port.Receive(new byte[1024]).Error;
}
