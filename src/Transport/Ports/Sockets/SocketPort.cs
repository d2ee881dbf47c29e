using System.Buffers;
using System.Net.Sockets;
using System.Numerics;
using System.Runtime.InteropServices;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Transport.Ports.Sockets;

/// <summary>
/// One end of a Unix-domain SOCK_SEQPACKET socket as a pair of message queues, a datagram per packet: how a program in another process, in
/// whatever language, attaches. Linux only. unix(7).
/// </summary>
/// <remarks>
/// <para>
/// The two hypercalls and the two interrupts are those of a queue of <see cref="SocketPortOptions.Depth"/> packets, with what a socket cannot
/// tell left out: the push flag stays on this side, a send answers "not full" until one is refused, and a bad size is found before a full
/// queue. Interrupts come on the port's <see cref="Loop"/>, never two of one port at a time.
/// </para>
/// <para>
/// When the peer is gone, both interrupts come once more; what it sent before can still be received, and then both hypercalls answer
/// <see cref="SocketPortEnd.Error"/>. Calls that wait for a reply are their owner's to end: it awaits <see cref="Closed"/>.
/// </para>
/// <para>HOT: a packet allocates nothing. Safe from any thread.</para>
/// </remarks>
public sealed partial class SocketPort : IMsgQueuePort, IDisposable
{
    // The kernel charges a packet of up to 240 bytes with twice this, and doubles the size that is asked for.
    private const int BufferPerPacket = 576;
    private const int KernelOverhead = 320;

    private readonly Lock _gate = new();
    private readonly Socket _socket;
    private readonly SafeHandle _handle;
    private readonly TaskCompletionSource<SocketPortEnd> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PacketRing _ring;
    private readonly bool _ownsLoop;
    private Action? _notFull;
    private Action? _notEmpty;
    private bool _notFullPending;
    private bool _notEmptyPending;
    private bool _waitsForRoom;
    private bool _paused;
    private bool _peerReset;
    private volatile SocketPortEnd? _end;

    internal SocketPort(Socket socket, SocketPortOptions options)
    {
        _socket = socket;
        _handle = socket.SafeHandle;
        _ring = new PacketRing(options.Depth, options.MaxMessageSize);
        Buffers = options.Buffers ?? SlabPool.Shared;
        socket.SendBufferSize = options.Depth * Math.Max(BufferPerPacket, (int)BitOperations.RoundUpToPowerOf2((uint)(options.MaxMessageSize + KernelOverhead)) / 2);
        SeqPacket.MarkDatagrams(socket);
        _ownsLoop = options.DedicatedThread && options.Loop is null;
        Loop = _ownsLoop ? new SocketLoop("rm-stack socket port", options.Spins) : options.Loop ?? SocketLoop.Shared;
        try
        {
            Loop.Add(this, _handle);
        }
        catch when (_ownsLoop)
        {
            Loop.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public MemoryPool<byte> Buffers { get; }

    /// <summary>Whose thread reads the socket and raises the interrupts.</summary>
    public SocketLoop Loop { get; }

    /// <summary>What has happened so far.</summary>
    public SocketPortStatistics Statistics { get; } = new();

    /// <summary>
    /// Ends when the port is closed, by whichever side, with the reason. Everything that the peer sent before is in the queue then, and its
    /// interrupt was raised; so an owner who leaves the queue full and receives nothing learns of it only when it sends.
    /// </summary>
    public Task<SocketPortEnd> Closed => _closed.Task;

    /// <inheritdoc/>
    public Action? NotFull
    {
        get => Volatile.Read(ref _notFull);
        set => SetHandler(ref _notFull, value, ref _notFullPending);
    }

    /// <inheritdoc/>
    public Action? NotEmpty
    {
        get => Volatile.Read(ref _notEmpty);
        set => SetHandler(ref _notEmpty, value, ref _notEmptyPending);
    }

    internal ulong Key { get; set; }

    internal bool InReadyQueue { get; set; }

    /// <summary>Attaches to a server.</summary>
    /// <param name="path">The server's socket file.</param>
    /// <param name="options">How the port is made.</param>
    /// <exception cref="IOException">No server is there, or it does not accept; the message says which.</exception>
    public static SocketPort Connect(string path, SocketPortOptions? options = null)
    {
        options ??= new SocketPortOptions();
        var socket = SocketFiles.Connect(path, options.ConnectTimeout);
        return Over(socket, options);
    }

    /// <inheritdoc/>
    public MsgQueueSendResult Send(ReadOnlyMemory<byte> message, MsgQueueFlags flags)
    {
        if (_end is not null)
            return Refused(Error);
        if (message.IsEmpty || message.Length > _ring.PacketSize)
            return Refused(GunyahError.ArgumentSize);
        var errno = SeqPacket.Send(_handle, message.Span);
        if (errno == 0)
        {
            Statistics.Sent(message.Length);
            return new MsgQueueSendResult(GunyahError.Ok, NotFull: true);
        }

        return errno == Libc.EAGAIN ? Full() : Refused(errno switch
        {
            Libc.EMSGSIZE => GunyahError.ArgumentSize,
            Libc.ENOBUFS or Libc.ENOMEM => GunyahError.NoMem,
            // The peer is gone; the loop finds the end behind what is still to be received. Or it was this side, at this moment.
            _ => _end is null ? GunyahError.CspaceCapRevoked : Error,
        });
    }

    /// <inheritdoc/>
    public MsgQueueReceiveResult Receive(Memory<byte> buffer)
    {
        MsgQueueReceiveResult result;
        bool resume;
        lock (_gate)
        {
            result = _end is { Reason: SocketPortEndReason.Disposed } || (_end is not null && _ring.Count == 0)
                ? new MsgQueueReceiveResult(Error, 0, NotEmpty: false)
                : _ring.Take(buffer.Span);
            resume = _paused && result.Error == GunyahError.Ok && _end is null;
            _paused &= !resume;
        }

        if (resume)
            Loop.Post(s_resume, this);
        return result;
    }

    /// <summary>Closes the port. Idempotent. A handler that runs at this moment on the loop's thread may still be running afterwards.</summary>
    public void Dispose()
    {
        End(new SocketPortEnd(SocketPortEndReason.Disposed));
        if (_ownsLoop)
            Loop.Dispose();
    }

    internal static SocketPort Over(Socket socket, SocketPortOptions options)
    {
        try
        {
            return new SocketPort(socket, options);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private GunyahError Error => _end!.Error;

    private MsgQueueSendResult Refused(GunyahError error)
    {
        Statistics.Refused();
        return new MsgQueueSendResult(error, NotFull: false);
    }

    private MsgQueueSendResult Full()
    {
        Statistics.FoundFull();
        lock (_gate)
        {
            if (_end is not null)
                return new MsgQueueSendResult(Error, NotFull: false);
            if (!_waitsForRoom)
            {
                _waitsForRoom = true;
                Loop.WatchRoom(this, _handle, on: true);
            }
        }

        return new MsgQueueSendResult(GunyahError.MsgQueueFull, NotFull: false);
    }
}
