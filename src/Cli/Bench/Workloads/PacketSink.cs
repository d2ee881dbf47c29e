using System.Buffers;
using System.Buffers.Binary;
using RmStack.Protocol.Hypercalls;
using RmStack.Transport;

namespace RmStack.Cli.Bench.Workloads;

/// <summary>
/// Takes packets from a port, each time its interrupt comes until the queue is empty. The first packet says in its first four bytes how many there
/// will be, itself included; behind the last one goes one packet back.
/// </summary>
internal sealed class PacketSink : IDisposable
{
    /// <summary>Bytes of the packet that goes back.</summary>
    public const int AnswerSize = 8;

    private readonly IMsgQueuePort _port;
    private readonly IMemoryOwner<byte> _slab;
    private readonly Memory<byte> _packet;
    private uint _left;

    public PacketSink(IMsgQueuePort port)
    {
        _port = port;
        _slab = port.Buffers.Rent();
        _packet = _slab.Memory[..Protocol.RpcLimits.PacketSize];
        port.NotEmpty = Drain;
    }

    public void Dispose()
    {
        _port.NotEmpty = null;
        _slab.Dispose();
    }

    private void Drain()
    {
        MsgQueueReceiveResult received;
        do
        {
            received = _port.Receive(_packet);
            if (received.Error != GunyahError.Ok)
                return;
            if (_left == 0)
                _left = BinaryPrimitives.ReadUInt32LittleEndian(_packet.Span);
            if (--_left == 0)
                _port.Send(_packet[..AnswerSize], MsgQueueFlags.Push);
        }
        while (received.NotEmpty);
    }
}
