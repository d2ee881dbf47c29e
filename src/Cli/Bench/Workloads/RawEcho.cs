using System.Net.Sockets;
using RmStack.Protocol;

namespace RmStack.Cli.Bench.Workloads;

/// <summary>The other end of raw sockets: a thread that blocks in receive, and answers what the message asks for.</summary>
internal sealed class RawEcho
{
    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[RpcLimits.PacketSize];

    private RawEcho(Socket socket) => _socket = socket;

    /// <summary>Serves a socket on a thread of its own until the other side closes.</summary>
    public static void Start(Socket socket) => new Thread(new RawEcho(socket).Work) { IsBackground = true, Name = "rmstack bench echo" }.Start();

    /// <summary>Answers one message. False when the other side has closed.</summary>
    public static bool Answer(Socket socket, Span<byte> buffer)
    {
        if (socket.Receive(buffer) < sizeof(ulong))
            return false;
        var message = RawMessage.Read(buffer);
        for (var left = message.Datagrams - 1; left > 0; left--)
        {
            if (socket.Receive(buffer) == 0)
                return false;
        }

        var reply = buffer[..Math.Min(message.ReplySize, buffer.Length)];
        for (var left = message.Replies; left > 0; left--)
            socket.Send(reply);
        return true;
    }

    private void Work()
    {
        try
        {
            using (_socket)
            {
                while (Answer(_socket, _buffer))
                {
                }
            }
        }
        catch (SocketException)
        {
            // The other side is gone.
        }
    }
}
