using RmStack.Cli.Bench.Contexts;

namespace RmStack.Cli.Bench.Workloads;

/// <summary>Packets through a bounded channel from one side of a stage to the other, by loops that await it.</summary>
internal sealed class ChannelStream : IWorkload
{
    private readonly Stage _stage;
    private readonly int _size;
    private readonly ChannelPackets _packets = new();
    private readonly Func<Task> _body;
    private TaskCompletionSource _received = new();
    private int _items;
    private int _left;

    public ChannelStream(Stage stage, int size)
    {
        _stage = stage;
        _size = size;
        _body = SendAsync;
        stage.OnServer(() => _ = ReceiveAsync());
    }

    public void Run(int items)
    {
        _received = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _items = items;
        Volatile.Write(ref _left, items);
        _stage.Run(_body);
    }

    public void Dispose() => _packets.Complete();

    private async Task SendAsync()
    {
        for (var left = _items; left > 0; left--)
            await _packets.SendAsync(_size);
        await _received.Task;
    }

    private async Task ReceiveAsync()
    {
        while (await _packets.WaitAsync())
        {
            while (_packets.TryReceive(_size))
            {
                if (--_left == 0)
                    _received.SetResult();
            }
        }
    }
}
