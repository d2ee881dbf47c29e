using RmStack.Cli.Serve;
using RmStack.Cli.Simulation;
using RmStack.Transport;
using RmStack.Transport.Ports;

namespace RmStack.Cli.Tests.Serve;

/// <summary>A connection whose client is in this process: the other end of two loopback queues.</summary>
internal sealed class Bench : IAsyncDisposable
{
    /// <summary>Longer than anything takes; a test that waits so long has failed.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Client _client;
    private readonly string? _folder;
    private readonly RamFile? _ram;

    /// <summary>Opens a connection.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="withRam">Whether HLOS's RAM is in a file, which <see cref="Memory"/> maps.</param>
    /// <param name="system">What the machine is made of.</param>
    /// <param name="queue">How the queues to the client are made.</param>
    public Bench(int number = 1, bool withRam = false, GunyahSystemOptions? system = null, LoopbackQueueOptions? queue = null)
    {
        var (port, server) = LoopbackPort.CreatePair(queue);
        Port = port;
        if (withRam)
        {
            _folder = Directory.CreateTempSubdirectory("rmstack-serve").FullName;
            _ram = RamFile.TryOpen(Path.Combine(_folder, "ram"), GuestMemoryFile.Size, out var problem);
            Assert.Equal("", problem);
            Memory = new GuestMemoryFile(_ram!.Path);
        }

        _client = new Client(server);
        var options = new ServeOptions { Path = "", Ram = _ram };
        if (system is not null) options = options with { System = system with { MemorySize = ServeOptions.MachineSize } };
        Connection = new ServedConnection(number, _client, options, Output);
        Connection.Start();
    }

    /// <summary>The client's end.</summary>
    public LoopbackPort Port { get; }

    /// <summary>The client's view of HLOS's RAM.</summary>
    public GuestMemoryFile? Memory { get; }

    public ServeRecorder Output { get; } = new();

    public ServedConnection Connection { get; }

    /// <summary>The client goes away; what became of the connection.</summary>
    public async Task<ConnectionReport> CloseAsync()
    {
        _client.Closing.TrySetResult("the client closed it");
        await Connection.Ended.WaitAsync(Patience);
        return Output.Reports.Single();
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        Memory?.Dispose();
        _ram?.Dispose();
        if (_folder is not null) Directory.Delete(_folder, recursive: true);
    }

    private sealed class Client(LoopbackPort port) : IClientEnd
    {
        public TaskCompletionSource<string> Closing { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IMsgQueuePort Port => port;

        public Task<string> Closed => Closing.Task;

        public long DroppedEmpty => 0;

        public long DroppedOversize => 0;

        public void Dispose()
        {
        }
    }
}
