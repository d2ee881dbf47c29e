using System.Net.Sockets;
using RmStack.Protocol;

namespace RmStack.Cli.Bench.Workloads;

/// <summary>
/// The floor of sockets: datagrams there and back through blocking sends and receives, as many and as large as the packets of a call, and nothing
/// else.
/// </summary>
internal sealed class RawExchange : IWorkload
{
    private readonly Socket _socket;
    private readonly Socket? _sameThread;
    private readonly int[] _request;
    private readonly int[] _reply;
    private readonly byte[] _sent = new byte[RpcLimits.PacketSize];
    private readonly byte[] _received = new byte[RpcLimits.PacketSize];
    private readonly TimeProvider? _clock;
    private readonly LatencyHistogram? _latencies;

    /// <summary>Over a socket that a <see cref="RawEcho"/> serves.</summary>
    public RawExchange(Socket socket, RpcShape shape, TimeProvider? clock = null, LatencyHistogram? latencies = null)
    {
        _socket = socket;
        _request = [.. shape.RequestPacketSizes];
        _reply = [.. shape.ReplyPacketSizes];
        _clock = clock;
        _latencies = latencies;
        new RawMessage((ushort)shape.RequestPackets, (ushort)shape.ReplyPackets, (ushort)_reply[0]).Write(_sent);
    }

    /// <summary>Over a pair of sockets, both sides on one thread: the system calls alone, without a change of threads.</summary>
    public RawExchange((Socket One, Socket Other) pair, RpcShape shape)
        : this(pair.One, shape) => _sameThread = pair.Other;

    public void Run(int items)
    {
        try
        {
            for (; items > 0; items--)
            {
                if (_sameThread is { } other)
                    ExchangeAlone(other);
                else if (_clock is { } clock)
                    TimedExchange(clock);
                else
                    Exchange();
            }
        }
        catch (SocketException failure)
        {
            throw new BenchFailedException(failure.Message, failure);
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        _sameThread?.Dispose();
    }

    private void Exchange()
    {
        foreach (var size in _request)
            _socket.Send(_sent.AsSpan(0, size));
        for (var left = _reply.Length; left > 0; left--)
            Receive(_socket);
    }

    // Never more on the way than the send buffer holds, or nobody would be left to receive.
    private void ExchangeAlone(Socket other)
    {
        foreach (var size in _request)
        {
            _socket.Send(_sent.AsSpan(0, size));
            Receive(other);
        }

        foreach (var size in _reply)
        {
            other.Send(_sent.AsSpan(0, size));
            Receive(_socket);
        }
    }

    private void TimedExchange(TimeProvider clock)
    {
        var start = clock.GetTimestamp();
        Exchange();
        _latencies!.Add(clock.GetTimestamp() - start);
    }

    private void Receive(Socket socket)
    {
        if (socket.Receive(_received) == 0)
            throw new BenchFailedException("the other side closed the socket");
    }
}
