using System.Net.Sockets;

namespace RmStack.Transport.Ports.Sockets;

/// <summary>
/// Listens on a Unix-domain SOCK_SEQPACKET socket; every client that connects becomes a <see cref="SocketPort"/>. The file goes with the
/// listener; connections that were accepted stay.
/// </summary>
public sealed class SocketPortListener : IDisposable
{
    /// <summary>Connections that wait to be accepted, when nothing else is said. The system may allow fewer: net.core.somaxconn.</summary>
    public const int DefaultBacklog = 512;

    private readonly Socket _socket;
    private readonly SocketPortOptions _options;

    /// <summary>Binds and listens.</summary>
    /// <param name="path">Where the file is made. One that a server left behind is replaced.</param>
    /// <param name="options">How ports of accepted connections are made.</param>
    /// <param name="backlog">Connections that wait to be accepted; one more makes its client wait.</param>
    /// <exception cref="IOException">The path is served, is no socket, or cannot be made; the message says which.</exception>
    public SocketPortListener(string path, SocketPortOptions? options = null, int backlog = DefaultBacklog)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(backlog);
        _options = options ?? new SocketPortOptions();
        Path = path;
        _socket = SocketFiles.Listen(path, backlog);
    }

    /// <summary>The socket's file.</summary>
    public string Path { get; }

    /// <summary>Waits for the next client.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The listener was disposed of.</exception>
    public Task<SocketPort> AcceptAsync(CancellationToken cancellationToken = default) => AcceptAsync(_options, cancellationToken);

    /// <summary>Waits for the next client, whose port is made in a way of its own.</summary>
    public async Task<SocketPort> AcceptAsync(SocketPortOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        try
        {
            return SocketPort.Over(await _socket.AcceptAsync(cancellationToken).ConfigureAwait(false), options);
        }
        catch (SocketException failure) when (failure.SocketErrorCode is SocketError.OperationAborted or SocketError.Interrupted)
        {
            throw new ObjectDisposedException(nameof(SocketPortListener), failure);
        }
    }

    /// <summary>Listens no more; the file is gone.</summary>
    public void Dispose() => SocketFiles.Close(_socket, Path);
}
