using BenchmarkDotNet.Attributes;
using RmStack.Cli.Serve;
using RmStack.Cli.Simulation;
using RmStack.Host;
using RmStack.Protocol;
using RmStack.Protocol.Hypercalls;
using RmStack.Transport.Ports.Sockets;

namespace RmStack.Benchmarks;

/// <summary>
/// A call of one packet each way (VM_GET_VMID) through the whole machine that `rmstack serve` has behind a connection: the machine alone, from
/// the packet in its device to the packet at its transmitter, and the same with a client on the socket.
/// </summary>
[MemoryDiagnoser]
public class ServeBenchmarks
{
    private static readonly byte[] s_request = [0x21, 1, 0, 0, 0x24, 0, 0, 0x56];

    private readonly SemaphoreSlim _arrived = new(0);
    private readonly CancellationTokenSource _stop = new();
    private string _folder = "";
    private ServedMachine _machine = null!;
    private Task<string> _server = null!;
    private SocketPort _client = null!;
    private Memory<byte> _slab;
    private int _answers;

    [GlobalSetup]
    public void Setup()
    {
        _machine = new ServedMachine(new GunyahSystemOptions { MemorySize = ServeOptions.MachineSize }, _ => ++_answers > 0, new Silence());
        while (_machine.Step()) continue;

        _folder = Directory.CreateTempSubdirectory("rmstack-bench").FullName;
        var options = new ServeOptions { Path = Path.Combine(_folder, "s") };
        var listening = new TaskCompletionSource();
        _server = new Server(options, new ServeText(new Said(listening), quiet: false, () => { })).RunAsync(_stop.Token);
        listening.Task.GetAwaiter().GetResult();
        _client = SocketPort.Connect(options.Path);
        _slab = _client.Buffers.Rent().Memory;
        _client.NotEmpty = () => _arrived.Release();
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _client.Dispose();
        _stop.Cancel();
        _server.GetAwaiter().GetResult();
        _machine.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Benchmark]
    public int Machine()
    {
        _machine.Device.Put(s_request);
        _machine.RaiseLine();
        while (_machine.Step()) continue;
        return _answers;
    }

    [Benchmark]
    public int Socket()
    {
        s_request.CopyTo(_slab);
        _client.Send(_slab[..s_request.Length], MsgQueueFlags.Push);
        while (true)
        {
            var received = _client.Receive(_slab[..RpcLimits.PacketSize]);
            if (received.Error == GunyahError.Ok) return received.Size;
            _arrived.Wait();
        }
    }

    private sealed class Silence : IMachineObserver
    {
        public void ConsoleLine(ushort vmid, string text)
        {
        }

        public void GuestEnded(ushort vmid, VmExitInfo exit)
        {
        }

        public void NoDevice(ushort vmid, ulong address)
        {
        }

        public void Log(string text)
        {
        }
    }

    /// <summary>Completes when the server says anything: that it listens.</summary>
    private sealed class Said(TaskCompletionSource said) : StringWriter
    {
        public override void Write(string? value) => said.TrySetResult();
    }
}
