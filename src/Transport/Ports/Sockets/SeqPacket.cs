using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace RmStack.Transport.Ports.Sockets;

/// <summary>What one attempt to take a datagram found.</summary>
internal enum DatagramKind : byte
{
    /// <summary>A datagram, perhaps without a byte, perhaps longer than the buffer.</summary>
    Datagram,

    /// <summary>None waits.</summary>
    None,

    /// <summary>The peer has closed, and everything it sent was taken.</summary>
    End,

    /// <summary>The peer closed without having read everything. What it sent before can still be taken.</summary>
    Reset,

    /// <summary>The socket does not work any more.</summary>
    Failed,
}

/// <summary>A datagram, or why there is none.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Length">Its true length, bytes, also when the buffer is shorter.</param>
/// <param name="Errno">Why it failed.</param>
internal readonly record struct Datagram(DatagramKind Kind, int Length = 0, int Errno = 0);

/// <summary>Non-blocking datagrams over SOCK_SEQPACKET, without exceptions and allocations.</summary>
internal static unsafe class SeqPacket
{
    // CMSG_SPACE(sizeof(struct ucred)): room for credentials and for nothing behind them, so that no descriptor that a peer passes is ever installed.
    private const int ControlSize = 32;

    /// <summary>
    /// Has the kernel attach credentials to every datagram. They tell an empty datagram from the end, for which recvmsg answers 0 as well.
    /// </summary>
    public static void MarkDatagrams(Socket socket)
    {
        Span<byte> on = stackalloc byte[sizeof(int)];
        on.Clear();
        on[0] = 1;
        socket.SetRawSocketOption(Libc.SOL_SOCKET, Libc.SO_PASSCRED, on);
    }

    /// <summary>Sends one datagram. Returns 0 or the errno.</summary>
    public static int Send(SafeHandle socket, ReadOnlySpan<byte> bytes)
    {
        try
        {
            fixed (byte* start = bytes)
            {
                while (Libc.Send(socket, start, (nuint)bytes.Length, Libc.MSG_DONTWAIT | Libc.MSG_NOSIGNAL) < 0)
                {
                    var errno = Marshal.GetLastPInvokeError();
                    if (errno != Libc.EINTR)
                        return errno;
                }
            }

            return 0;
        }
        catch (ObjectDisposedException)
        {
            return Libc.EBADF;
        }
    }

    /// <summary>Takes one datagram if one waits.</summary>
    public static Datagram Receive(SafeHandle socket, Span<byte> buffer)
    {
        var control = stackalloc byte[ControlSize];
        try
        {
            fixed (byte* start = buffer)
            {
                while (true)
                {
                    var vector = new Libc.IoVector { Base = start, Length = (nuint)buffer.Length };
                    var header = new Libc.MessageHeader { Vectors = &vector, VectorCount = 1, Control = control, ControlLength = ControlSize };
                    var length = Libc.ReceiveMessage(socket, &header, Libc.MSG_DONTWAIT | Libc.MSG_TRUNC);
                    if (length > 0)
                        return new Datagram(DatagramKind.Datagram, (int)length);
                    if (length == 0)
                        return new Datagram(header.ControlLength == 0 ? DatagramKind.End : DatagramKind.Datagram);
                    var errno = Marshal.GetLastPInvokeError();
                    switch (errno)
                    {
                        case Libc.EINTR:
                            continue;
                        case Libc.EAGAIN:
                            return new Datagram(DatagramKind.None);
                        case Libc.ECONNRESET:
                            return new Datagram(DatagramKind.Reset);
                        default:
                            return new Datagram(DatagramKind.Failed, 0, errno);
                    }
                }
            }
        }
        catch (ObjectDisposedException)
        {
            return new Datagram(DatagramKind.Failed, 0, Libc.EBADF);
        }
    }
}
