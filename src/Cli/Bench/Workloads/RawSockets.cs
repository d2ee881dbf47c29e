using System.Net.Sockets;
using RmStack.Protocol;

namespace RmStack.Cli.Bench.Workloads;

/// <summary>Unix SEQPACKET sockets as the runtime gives them: blocking, with the send buffer of a socket port of eight packets.</summary>
internal static class RawSockets
{
    // What the kernel charges a packet of up to 240 bytes with is twice this, and it doubles what is asked for.
    private const int BufferPerPacket = 576;

    /// <summary>Connects to a path.</summary>
    /// <exception cref="BenchFailedException">Nobody serves it.</exception>
    public static Socket Connect(string path)
    {
        var socket = Create();
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return socket;
        }
        catch (SocketException failure)
        {
            socket.Dispose();
            throw new BenchFailedException($"{path} cannot be connected to: {failure.Message}", failure);
        }
    }

    /// <summary>Listens on a path.</summary>
    public static Socket Listen(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        socket.Listen();
        return socket;
    }

    /// <summary>Makes an accepted socket what the others are.</summary>
    public static Socket Prepare(Socket accepted)
    {
        accepted.SendBufferSize = RpcLimits.QueueDepth * BufferPerPacket;
        return accepted;
    }

    /// <summary>Two connected sockets, by a file that is gone when this returns.</summary>
    public static (Socket One, Socket Other) CreatePair(string path)
    {
        using var listener = Listen(path);
        var one = Connect(path);
        return (one, Prepare(listener.Accept()));
    }

    private static Socket Create() => new(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified) { SendBufferSize = RpcLimits.QueueDepth * BufferPerPacket };
}
