using System.Runtime.CompilerServices;
using RmStack.Cli.Bench.Contexts;

namespace RmStack.Cli.Bench.Workloads;

/// <summary>
/// The floor of asynchronous round trips: the same packets through two bounded channels of the same depths, between two loops that await
/// them. No headers, no sequence ids, no calls.
/// </summary>
internal sealed class ChannelEcho : IWorkload
{
    private readonly Stage _stage;
    private readonly int[] _request;
    private readonly int[] _reply;
    private readonly int _inFlight;
    private readonly ChannelPackets _up = new();
    private readonly ChannelPackets _down;
    private readonly Func<Task> _body;
    private int _items;

    public ChannelEcho(Stage stage, RpcShape shape, int inFlight)
    {
        _stage = stage;
        _request = [.. shape.RequestPacketSizes];
        _reply = [.. shape.ReplyPacketSizes];
        _inFlight = inFlight;
        _down = new ChannelPackets(shape.ReplyDepth(inFlight));
        _body = ClientAsync;
        stage.OnServer(() => _ = ServeAsync());
    }

    public void Run(int items)
    {
        _items = items;
        _stage.Run(_body);
    }

    public void Dispose()
    {
        _up.Complete();
        _down.Complete();
    }

    private async Task ClientAsync()
    {
        var (started, ended) = (0, 0);
        while (ended < _items)
        {
            for (; started < _items && started - ended < _inFlight; started++)
            {
                foreach (var size in _request)
                    await _up.SendAsync(size);
            }

            await ReceiveAsync(_down, _reply);
            ended++;
        }
    }

    private async Task ServeAsync()
    {
        while (await ReceiveAsync(_up, _request))
        {
            foreach (var size in _reply)
                await _down.SendAsync(size);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<bool> ReceiveAsync(ChannelPackets from, int[] sizes)
    {
        for (var packet = 0; packet < sizes.Length;)
        {
            if (from.TryReceive(sizes[packet]))
                packet++;
            else if (!await from.WaitAsync())
                return false;
        }

        return true;
    }
}
