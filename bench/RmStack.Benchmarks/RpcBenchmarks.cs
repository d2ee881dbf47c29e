using BenchmarkDotNet.Attributes;
using RmStack.Protocol;
using RmStack.Transport.Ports;
using RmStack.Transport.Rpc;

namespace RmStack.Benchmarks;

/// <summary>One RPC round trip through the asynchronous client and server over an in-process pair of queues, on one thread.</summary>
[MemoryDiagnoser]
public class RpcBenchmarks
{
    private readonly byte[] _empty = [];
    private InlineContext _context = null!;
    private RpcClient _client = null!;
    private RpcServer _server = null!;

    [GlobalSetup]
    public void Setup()
    {
        _context = new InlineContext();
        SynchronizationContext.SetSynchronizationContext(_context);
        var (client, server) = LoopbackPort.CreatePair(clientContext: _context, serverContext: _context);
        _server = new RpcServer(new Echo());
        _server.AddLink(3, server);
        _client = new RpcClient(client);
    }

    [Benchmark]
    public RpcCallStatus RoundTrip()
    {
        var call = _client.CallAsync(MessageId.VmGetVmid, _empty);
        while (!call.IsCompleted) _context.RunOne();
        using var result = call.Result;
        return result.Status;
    }

    private sealed class Echo : IRpcHandler
    {
        public void Handle(in RpcRequest request, RpcResponder responder) => responder.Reply(RmError.Ok, [3, 0, 0, 0]);
    }

    private sealed class InlineContext : SynchronizationContext
    {
        private readonly Queue<(SendOrPostCallback, object?)> _queue = new();

        public override void Post(SendOrPostCallback d, object? state) => _queue.Enqueue((d, state));

        public void RunOne()
        {
            var (callback, state) = _queue.Dequeue();
            callback(state);
        }
    }
}
