using RmStack.Cli.Bench.Contexts;
using RmStack.Cli.Bench.Peer;
using RmStack.Transport.Ports.Sockets;

namespace RmStack.Cli.Bench;

/// <summary>What the workloads of one run share: threads, sockets, the server process. Each is made when somebody first needs it.</summary>
internal sealed class BenchSession : IDisposable
{
    private readonly Stack<IDisposable> _made = new();
    private Stage? _oneContext;
    private Stage? _twoThreads;
    private Stage? _threadPool;
    private Stage? _spinning;
    private Stage? _sleeping;
    private BenchDirectory? _directory;
    private string? _oneProcess;
    private string? _twoProcesses;

    public BenchSession(TimeProvider clock, CancellationToken stop)
    {
        Clock = clock;
        Stop = stop;
    }

    /// <summary>The time of what is measured.</summary>
    public TimeProvider Clock { get; }

    /// <summary>Ends the run.</summary>
    public CancellationToken Stop { get; }

    /// <summary>Both sides on one single-threaded context.</summary>
    public Stage OneContext => _oneContext ??= OnOneContext();

    /// <summary>A thread for each side.</summary>
    public Stage TwoThreads => _twoThreads ??= OnTwoThreads();

    /// <summary>Both sides wherever the thread pool has a thread.</summary>
    public Stage ThreadPool => _threadPool ??= Made(new Stage(null, null, Stop));

    /// <summary>Number of the server process, when there is one.</summary>
    public int? ServerProcess { get; private set; }

    private BenchDirectory Directory => _directory ??= Made(BenchDirectory.Create());

    /// <summary>A place for a socket that is there for a moment.</summary>
    public string PairPath => Directory.Pair;

    /// <summary>The client's side of sockets: the thread of a socket loop.</summary>
    public Stage Sockets(bool spins) => spins ? _spinning ??= OnLoop(SocketLoop.DefaultSpins) : _sleeping ??= OnLoop(0);

    /// <summary>Where a server listens, in this process or in one of its own.</summary>
    public string Server(bool ownProcess) => ownProcess ? _twoProcesses ??= StartProcess() : _oneProcess ??= StartServer();

    public void Dispose()
    {
        while (_made.TryPop(out var made))
            made.Dispose();
    }

    private T Made<T>(T what)
        where T : IDisposable
    {
        _made.Push(what);
        return what;
    }

    private Stage OnOneContext()
    {
        var context = new LocalContext();
        return Made(new Stage(context, context, Stop));
    }

    private Stage OnTwoThreads()
    {
        var client = Made(new ThreadContext("rmstack bench client"));
        var server = Made(new ThreadContext("rmstack bench server"));
        var stage = Made(new Stage(client, server, Stop));
        client.CallbackFailed = stage.Fail;
        server.CallbackFailed = stage.Fail;
        return stage;
    }

    private Stage OnLoop(int spins)
    {
        var loop = Made(new SocketLoop("rmstack bench client", spins));
        var stage = Made(new Stage(loop, null, Stop));
        loop.CallbackFailed = stage.Fail;
        return stage;
    }

    private string StartServer()
    {
        Made(new PeerServer(Directory.OneProcess));
        return Directory.OneProcess;
    }

    private string StartProcess()
    {
        var process = Made(PeerProcess.Start(Directory.Path, Stop));
        ServerProcess = process.Id;
        return Directory.TwoProcesses;
    }
}
