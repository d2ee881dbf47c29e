using RmStack.Protocol;
using RmStack.Transport.Rpc;

namespace RmStack.Cli.Bench.Workloads;

/// <summary>Callers that call, await the reply, check it and call again.</summary>
internal sealed class RpcLoad : IWorkload
{
    private readonly RpcLink _link;
    private readonly RpcClient _client;
    private readonly MessageId _id;
    private readonly int _replyBytes;
    private readonly byte[] _request;
    private readonly Task[] _callers;
    private readonly Func<Task> _body;
    private readonly TimeProvider? _clock;
    private readonly LatencyHistogram? _latencies;
    private int _items;

    /// <summary>So many calls in flight.</summary>
    public RpcLoad(RpcLink link, RpcShape shape, int inFlight)
    {
        _link = link;
        _client = link.Client;
        _id = shape.Id;
        _replyBytes = shape.ReplyBytes;
        _request = new byte[shape.RequestBytes];
        _callers = new Task[inFlight];
        _body = CallAsync;
    }

    /// <summary>One call at a time, each timed.</summary>
    public RpcLoad(RpcLink link, RpcShape shape, TimeProvider clock, LatencyHistogram latencies)
        : this(link, shape, 1)
    {
        _clock = clock;
        _latencies = latencies;
    }

    public void Run(int items)
    {
        _items = items;
        _link.Stage.Run(_body);
    }

    public void Dispose() => _link.Dispose();

    private Task CallAsync()
    {
        if (_clock is { } clock)
            return TimedCallerAsync(_items, clock, _latencies!);
        if (_callers.Length == 1)
            return CallerAsync(_items);
        for (var caller = 0; caller < _callers.Length; caller++)
            _callers[caller] = CallerAsync((_items / _callers.Length) + (caller < _items % _callers.Length ? 1 : 0));
        return Task.WhenAll(_callers);
    }

    private async Task CallerAsync(int calls)
    {
        for (; calls > 0; calls--)
        {
            using var result = await _client.CallAsync(_id, _request);
            Check(result);
        }
    }

    private async Task TimedCallerAsync(int calls, TimeProvider clock, LatencyHistogram latencies)
    {
        for (; calls > 0; calls--)
        {
            var start = clock.GetTimestamp();
            using var result = await _client.CallAsync(_id, _request);
            latencies.Add(clock.GetTimestamp() - start);
            Check(result);
        }
    }

    private void Check(RpcCallResult result)
    {
        if (!result.IsOk || result.Payload.Length != _replyBytes)
            throw new BenchFailedException($"a call ended as {result}, with {result.Payload.Length} bytes");
    }
}
