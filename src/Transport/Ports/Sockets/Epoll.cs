using System.Buffers.Binary;
using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace RmStack.Transport.Ports.Sockets;

/// <summary>An epoll instance with an event descriptor that wakes whoever waits.</summary>
internal sealed unsafe class Epoll : IDisposable
{
    /// <summary>The key of the wake-up itself.</summary>
    public const ulong WakeKey = ulong.MaxValue;

    private const int Batch = 64;
    private const int DataSize = 8;

    // struct epoll_event is packed on x86-64 only.
    private static readonly int s_dataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? sizeof(uint) : sizeof(ulong);
    private static readonly int s_stride = s_dataOffset + DataSize;

    private readonly SafeFileHandle _epoll;
    private readonly SafeFileHandle _wake;
    private readonly byte[] _events = GC.AllocateArray<byte>(Batch * s_stride, pinned: true);

    public Epoll()
    {
        _epoll = Open(Libc.EpollCreate(Libc.EPOLL_CLOEXEC));
        _wake = Open(Libc.EventFd(0, Libc.EFD_CLOEXEC | Libc.EFD_NONBLOCK));
        Control(Libc.EPOLL_CTL_ADD, _wake, Libc.EPOLLIN, WakeKey);
    }

    /// <summary>Begins to watch a socket: datagrams and hang-up as edges.</summary>
    public void Add(SafeHandle socket, ulong key) => Control(Libc.EPOLL_CTL_ADD, socket, Libc.EPOLLIN | Libc.EPOLLRDHUP | Libc.EPOLLET, key);

    /// <summary>
    /// Watches for room as well, or no more. Whatever holds already is reported again. A socket that was closed meanwhile is no error.
    /// </summary>
    public void Watch(SafeHandle socket, ulong key, bool room)
    {
        try
        {
            Control(Libc.EPOLL_CTL_MOD, socket, Libc.EPOLLIN | Libc.EPOLLRDHUP | Libc.EPOLLET | (room ? Libc.EPOLLOUT : 0), key);
        }
        catch (ObjectDisposedException)
        {
            // Its port has raised its last interrupts.
        }
    }

    /// <summary>Ends a wait that goes on, or the next one.</summary>
    public void Wake()
    {
        var one = 1UL;
        try
        {
            Libc.Write(_wake, &one, sizeof(ulong));
        }
        catch (ObjectDisposedException)
        {
            // The loop ended between the caller's look at it and now: nobody is left to be woken.
        }
    }

    /// <summary>Waits for events; 0 milliseconds: only looks. Returns how many there are for <see cref="Event"/>.</summary>
    public int Wait(int milliseconds)
    {
        fixed (byte* events = _events)
            return Math.Max(0, Libc.EpollWait(_epoll, events, Batch, milliseconds));
    }

    /// <summary>One of the events of the last wait.</summary>
    public (uint Flags, ulong Key) Event(int index)
    {
        var at = _events.AsSpan(index * s_stride, s_stride);
        var key = BinaryPrimitives.ReadUInt64LittleEndian(at[s_dataOffset..]);
        if (key == WakeKey)
        {
            ulong count;
            Libc.Read(_wake, &count, sizeof(ulong));
        }

        return (BinaryPrimitives.ReadUInt32LittleEndian(at), key);
    }

    public void Dispose()
    {
        _epoll.Dispose();
        _wake.Dispose();
    }

    private static SafeFileHandle Open(int descriptor) =>
        descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw new Win32Exception(Marshal.GetLastPInvokeError());

    private void Control(int operation, SafeHandle file, uint flags, ulong key)
    {
        var what = stackalloc byte[s_stride];
        var span = new Span<byte>(what, s_stride);
        span.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(span, flags);
        BinaryPrimitives.WriteUInt64LittleEndian(span[s_dataOffset..], key);
        if (Libc.EpollControl(_epoll, operation, file, what) < 0 && operation == Libc.EPOLL_CTL_ADD)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
    }
}
