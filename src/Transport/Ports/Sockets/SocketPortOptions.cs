using System.Buffers;
using RmStack.Protocol;

namespace RmStack.Transport.Ports.Sockets;

/// <summary>How a socket port is made.</summary>
public sealed record SocketPortOptions
{
    private const int MaxDepth = 255;
    private const int MaxSize = 1023;

    /// <summary>
    /// Packets that the port holds in each direction, 1 to 255. Receiving it is exact: the port takes no more from its socket than it has room
    /// for. Sending it sizes the socket's buffer, where the kernel counts its own overhead: so many full packets, or half as many again of
    /// short ones, and room is told only when three quarters are free. What is on the way is at most the two together.
    /// </summary>
    public int Depth
    {
        get;
        init => field = InRange(value, 1, MaxDepth);
    } = RpcLimits.QueueDepth;

    /// <summary>Largest packet, 1 to 1023 bytes.</summary>
    public int MaxMessageSize
    {
        get;
        init => field = InRange(value, 1, MaxSize);
    } = RpcLimits.PacketSize;

    /// <summary>
    /// The thread that reads the socket and raises the interrupts. Null: one that is shared by all ports of the process, where an idle port
    /// costs no thread; or a thread of the port's own, see <see cref="DedicatedThread"/>.
    /// </summary>
    public SocketLoop? Loop { get; init; }

    /// <summary>
    /// A thread for this port alone, which ends when it is disposed of and looks for the next packet a few dozen times before it sleeps: for a link whose round
    /// trips matter. Does nothing when there is a <see cref="Loop"/>.
    /// </summary>
    public bool DedicatedThread { get; init; }

    /// <summary>How often a thread of the port's own looks for the next packet before it sleeps; 0 for never.</summary>
    public int Spins
    {
        get;
        init => field = InRange(value, 0, int.MaxValue);
    } = SocketLoop.DefaultSpins;

    /// <summary>Memory that callers send from and receive into; null for slabs of the process.</summary>
    public MemoryPool<byte>? Buffers { get; init; }

    /// <summary>How long a client waits for a server whose backlog is full, as the kernel measures it.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    private static int InRange(int value, int least, int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, least);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, most);
        return value;
    }
}
