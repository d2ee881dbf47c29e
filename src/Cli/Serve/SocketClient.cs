using RmStack.Transport;
using RmStack.Transport.Ports.Sockets;

namespace RmStack.Cli.Serve;

/// <summary>A client on the socket.</summary>
internal sealed class SocketClient : IClientEnd
{
    private readonly SocketPort _port;

    public SocketClient(SocketPort port)
    {
        _port = port;
        Closed = DescribeAsync(port.Closed);
    }

    /// <inheritdoc/>
    public IMsgQueuePort Port => _port;

    /// <inheritdoc/>
    public Task<string> Closed { get; }

    /// <inheritdoc/>
    public long DroppedEmpty => _port.Statistics.DroppedEmpty;

    /// <inheritdoc/>
    public long DroppedOversize => _port.Statistics.DroppedTooLong;

    /// <inheritdoc/>
    public void Dispose() => _port.Dispose();

    private static async Task<string> DescribeAsync(Task<SocketPortEnd> closed)
    {
        var end = await closed.ConfigureAwait(false);
        return end.Reason switch
        {
            SocketPortEndReason.PeerClosed => "the client closed it",
            SocketPortEndReason.PeerReset => "the client closed it without reading everything",
            _ => end.ToString(),
        };
    }
}
