using System.Buffers;
using System.Buffers.Binary;
using RmStack.Cli.Bench.Contexts;
using RmStack.Protocol.Hypercalls;
using RmStack.Transport;

namespace RmStack.Cli.Bench.Workloads;

/// <summary>Packets through a port to a <see cref="PacketSink"/> at its other end: as many as the queue takes, then on its interrupt the next.</summary>
internal sealed class PacketStream : IWorkload
{
    private readonly Stage _stage;
    private readonly IMsgQueuePort _port;
    private readonly IMemoryOwner<byte> _slab;
    private readonly Memory<byte> _packet;
    private readonly Memory<byte> _answer;
    private readonly Func<Task> _body;
    private readonly Action? _dispose;
    private TaskCompletionSource _answered = new();
    private int _items;
    private int _left;

    /// <summary>Made on the client's side of the stage.</summary>
    public PacketStream(Stage stage, IMsgQueuePort port, int size, Action? dispose = null)
    {
        _stage = stage;
        _port = port;
        _dispose = dispose;
        _slab = port.Buffers.Rent();
        _packet = _slab.Memory[..size];
        _answer = _slab.Memory.Slice(Protocol.RpcLimits.PacketSize, PacketSink.AnswerSize);
        _body = SendAsync;
        port.NotFull = Send;
        port.NotEmpty = Receive;
    }

    public void Run(int items)
    {
        _answered = new TaskCompletionSource();
        _items = items;
        _stage.Run(_body);
    }

    public void Dispose()
    {
        _port.NotFull = null;
        _port.NotEmpty = null;
        _dispose?.Invoke();
        _slab.Dispose();
    }

    private Task SendAsync()
    {
        _left = _items;
        BinaryPrimitives.WriteInt32LittleEndian(_packet.Span, _left);
        Send();
        return _answered.Task;
    }

    private void Send()
    {
        while (_left > 0)
        {
            var sent = _port.Send(_packet, MsgQueueFlags.None);
            if (sent.Error == GunyahError.MsgQueueFull)
                return;
            if (sent.Error != GunyahError.Ok)
            {
                _left = 0;
                _answered.TrySetException(new BenchFailedException($"a packet was refused: {sent.Error}"));
                return;
            }

            _left--;
            if (!sent.NotFull)
                return;
        }
    }

    private void Receive()
    {
        while (_port.Receive(_answer).Error == GunyahError.Ok)
            _answered.TrySetResult();
    }
}
