using System.Net.Sockets;
using RmStack.Protocol;

namespace RmStack.Cli.Tests.Serve;

/// <summary>A client that has a socket and nothing else.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);

    public RawClient(string path)
    {
        _socket.Connect(new UnixDomainSocketEndPoint(path));
        _socket.ReceiveTimeout = _socket.SendTimeout = (int)Bench.Patience.TotalMilliseconds;
    }

    public void Send(params byte[] datagram) => _socket.Send(datagram);

    /// <summary>Sends; false when the server has closed.</summary>
    public bool TrySend(params byte[] datagram)
    {
        _socket.Send(datagram, SocketFlags.None, out var error);
        return error == SocketError.Success;
    }

    /// <summary>The next datagram; empty when the server has closed.</summary>
    public byte[] Receive()
    {
        var buffer = new byte[4096];
        var size = _socket.Receive(buffer, SocketFlags.None, out var error);

        // Reset: the server closed without having taken everything.
        Assert.True(error is SocketError.Success or SocketError.ConnectionReset, error.ToString());
        return buffer[..size];
    }

    /// <summary>Sends a request and reads until its reply.</summary>
    public byte[] Call(MessageId id, ushort sequence, params byte[] payload)
    {
        Send(ConnectionTests.Packet(id, sequence, payload));
        while (true)
        {
            var packet = Receive();
            Assert.NotEmpty(packet);
            if (RpcHeader.Read(packet) is { Type: RpcMessageType.Reply } header && header.SequenceId == sequence) return packet;
        }
    }

    public void Dispose() => _socket.Dispose();
}
