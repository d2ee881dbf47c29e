using System.Buffers.Binary;
using System.Net.Sockets;

namespace RmStack.Transport.Ports.Sockets;

/// <summary>What a path is, to someone who wants to listen on it.</summary>
internal enum SocketFileState
{
    Absent,
    Stale,
    Live,
    NotASocket,
}

/// <summary>Sockets that are files: connect, bind, and what is in the way. Every failure says what, where, and what to do.</summary>
internal static class SocketFiles
{
    private const int ClaimAttempts = 500;
    private const int CurrentDirectory = -100;
    private const int NoFollow = 0x100;
    private const uint TypeMask = 1;
    private const int StatXSize = 256;
    private const int ModeOffset = 28;
    private const int FileTypeMask = 0xF000;
    private const int SocketFileType = 0xC000;

    public static Socket Connect(string path, TimeSpan timeout)
    {
        var (socket, error) = TryConnect(path, timeout);
        return socket ?? throw new IOException(error switch
        {
            SocketError.ConnectionRefused when Inspect(path) == SocketFileState.NotASocket => $"{path} is not a socket",
            SocketError.ConnectionRefused => $"{path} is a socket that nobody serves: start the server, which replaces it",
            SocketError.AddressNotAvailable => $"{path} does not exist: start the server, or check the path",
            SocketError.AccessDenied => $"{path} may not be connected to by this user",
            SocketError.WouldBlock or SocketError.TimedOut => $"{path} is served, but the server does not accept connections",
            SocketError.ProtocolType or SocketError.ProtocolNotSupported => $"{path} is a socket of another type than SOCK_SEQPACKET",
            _ => $"{path} cannot be connected to: {new SocketException((int)error).Message}",
        });
    }

    /// <summary>Binds and listens. A socket file whose server is gone is replaced.</summary>
    public static Socket Listen(string path, int backlog)
    {
        var address = Address(path);
        using var start = Claim(path);
        switch (Inspect(path))
        {
            case SocketFileState.Live:
                throw new IOException($"{path} is served by a running program: stop it, or choose another path");
            case SocketFileState.NotASocket:
                throw new IOException($"{path} exists and is not a socket: choose another path, or remove it");
            case SocketFileState.Stale:
                File.Delete(path);
                break;
            default:
                break;
        }

        var socket = Create();
        try
        {
            socket.Bind(address);
            socket.Listen(backlog);
            return socket;
        }
        catch (SocketException failure)
        {
            socket.Dispose();
            throw new IOException($"{path} cannot be served: {failure.Message}", failure);
        }
    }

    /// <summary>
    /// Closes a listening socket, which removes its file: under the lock, so that the file of a successor, who finds the path free
    /// between the two, stays.
    /// </summary>
    public static void Close(Socket socket, string path)
    {
        FileStream? claim = null;
        for (var attempt = 0; claim is null && attempt < ClaimAttempts; attempt++)
        {
            try
            {
                claim = Claim(path);
            }
            catch (IOException)
            {
                // A program that starts has it for a moment, and finds this socket alive.
                Thread.Yield();
            }
        }

        socket.Dispose();
        claim?.Dispose();
    }

    public static SocketFileState Inspect(string path)
    {
        if (!TryReadMode(path, out var mode))
            return SocketFileState.Absent;
        if ((mode & FileTypeMask) != SocketFileType)
            return SocketFileState.NotASocket;
        var (socket, error) = TryConnect(path, TimeSpan.Zero);
        socket?.Dispose();
        return error == SocketError.ConnectionRefused ? SocketFileState.Stale : SocketFileState.Live;
    }

    private static (Socket? Socket, SocketError Error) TryConnect(string path, TimeSpan timeout)
    {
        var address = Address(path);
        var socket = Create();
        try
        {
            // Only a full backlog makes connect wait.
            if (timeout == TimeSpan.Zero)
                socket.Blocking = false;
            else
                socket.SendTimeout = (int)Math.Clamp(timeout.TotalMilliseconds, 1, int.MaxValue);
            socket.Connect(address);
            return (socket, SocketError.Success);
        }
        catch (SocketException failure)
        {
            socket.Dispose();
            return (null, failure.SocketErrorCode);
        }
    }

    private static Socket Create()
    {
        if (!OperatingSystem.IsLinux())
            throw new PlatformNotSupportedException("Unix sockets of type SOCK_SEQPACKET are Linux's.");
        return new Socket(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
    }

    private static UnixDomainSocketEndPoint Address(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            return new UnixDomainSocketEndPoint(path);
        }
        catch (ArgumentOutOfRangeException tooLong)
        {
            throw new IOException($"{path} is too long for a socket: at most 107 bytes fit", tooLong);
        }
    }

    /// <summary>
    /// A lock beside the socket, which goes when it is given back: a socket that is bound and does not listen yet looks like one that was left
    /// behind, so of several programs that start at the same moment one goes on.
    /// </summary>
    private static FileStream Claim(string path)
    {
        const int SharingViolation = Libc.EAGAIN;
        try
        {
            return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException failure) when (failure.HResult == SharingViolation)
        {
            throw new IOException($"{path} is being taken by another program at this moment", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{path} cannot be served: {failure.Message}", failure);
        }
    }

    private static unsafe bool TryReadMode(string path, out int mode)
    {
        var result = stackalloc byte[StatXSize];
        mode = 0;
        if (Libc.StatX(CurrentDirectory, path, NoFollow, TypeMask, result) != 0)
            return false;
        mode = BinaryPrimitives.ReadUInt16LittleEndian(new ReadOnlySpan<byte>(result + ModeOffset, sizeof(ushort)));
        return true;
    }
}
