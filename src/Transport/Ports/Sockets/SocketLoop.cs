using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace RmStack.Transport.Ports.Sockets;

/// <summary>
/// A thread that reads the sockets of any number of ports and raises their interrupts, and at the same time a synchronization context: what
/// is posted runs on that thread, in order. An <see cref="Rpc.RpcClient"/> or <see cref="Rpc.RpcServer"/> made on it, and calls awaited on
/// it, need no other thread between a packet that comes and the one that answers it.
/// </summary>
/// <remarks>
/// An interrupt handler runs on the thread and keeps every port of the loop waiting; it must not block. Between packets the thread may look
/// for the next one a number of times (<see cref="Spins"/>) before it sleeps, because falling asleep and waking up takes several times as
/// long as a packet's way; an idle loop always sleeps. Where looking is mostly in vain, because the peer takes longer or other programs want
/// the processors, the loop leaves it for a while: a thread that used its time up that way is then woken last.
/// </remarks>
public sealed partial class SocketLoop : SynchronizationContext, IDisposable
{
    /// <summary>Looks for the next packet that outlast the peer's answer on most machines: some ten to some hundred microseconds.</summary>
    public const int DefaultSpins = 50;

    private const int PostedPerTurn = 64;
    private const int PacketsPerTurn = 16;
    private const int TurnsPerLook = 16;
    private static readonly Lazy<SocketLoop> s_shared = new(static () => new SocketLoop("rm-stack sockets"));

    private readonly Lock _gate = new();
    private readonly Epoll _epoll = new();
    private readonly ConcurrentQueue<(SendOrPostCallback Callback, object? State)> _posted = new();
    private readonly Queue<SocketPort> _ready = new();
    private readonly List<SocketPort?> _ports = [];
    private readonly Stack<int> _free = new();
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _thread;
    private SocketPort? _last;
    private uint _generation;
    private int _sleeping;
    private volatile bool _stopping;
    private volatile bool _ended;

    /// <summary>Starts the thread.</summary>
    /// <param name="name">What a debugger calls the thread.</param>
    /// <param name="spins">How often to look for the next packet of the port that had the last one, before the thread sleeps.</param>
    public SocketLoop(string? name = null, int spins = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(spins);
        Spins = spins;
        _thread = new Thread(Work) { IsBackground = true, Name = name ?? "rm-stack socket loop" };
        _thread.Start();
    }

    /// <summary>The loop of ports that name none. It never ends.</summary>
    public static SocketLoop Shared => s_shared.Value;

    /// <summary>How often the thread looks for the next packet before it sleeps.</summary>
    public int Spins { get; }

    /// <summary>Ports that the loop serves.</summary>
    public int Ports
    {
        get
        {
            lock (_gate)
                return _ports.Count - _free.Count;
        }
    }

    /// <summary>
    /// Told of exceptions that interrupt handlers and posted callbacks throw, which are their owners' mistakes. Without one they end the process,
    /// as on a thread of the pool.
    /// </summary>
    public Action<Exception>? CallbackFailed { get; set; }

    /// <summary>Whether this is the loop's thread.</summary>
    public bool IsCurrent => Thread.CurrentThread == _thread;

    /// <summary>Ends when the thread has.</summary>
    public Task Ended => _end.Task;

    /// <summary>
    /// Ends the thread soon, after closing the ports that are left. Does not wait for it (<see cref="Ended"/> does): whoever disposes may hold
    /// what a callback waits for. What is posted afterwards runs on the thread pool.
    /// </summary>
    public void Dispose()
    {
        if (s_shared.IsValueCreated && ReferenceEquals(this, s_shared.Value))
            throw new InvalidOperationException("The shared loop serves the whole process.");
        _stopping = true;
        WakeIfAsleep();
    }

    internal void Add(SocketPort port, SafeHandle socket)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopping, this);
            if (!_free.TryPop(out var index))
            {
                index = _ports.Count;
                _ports.Add(null);
            }

            _ports[index] = port;
            // Known before the first event: edges come once.
            port.Key = ((ulong)++_generation << 32) | (uint)index;
            _epoll.Add(socket, port.Key);
        }
    }

    internal void Remove(SocketPort port)
    {
        lock (_gate)
        {
            var index = (int)(uint)port.Key;
            if (index >= _ports.Count || !ReferenceEquals(_ports[index], port))
                return;
            _ports[index] = null;
            _free.Push(index);
        }
    }

    internal void WatchRoom(SocketPort port, SafeHandle socket, bool on) => _epoll.Watch(socket, port.Key, on);

    /// <summary>The port may have packets to read. On the thread only.</summary>
    internal void Ready(SocketPort port)
    {
        if (port.InReadyQueue)
            return;
        port.InReadyQueue = true;
        _ready.Enqueue(port);
    }

    /// <summary>Calls an interrupt handler. On the thread only.</summary>
    internal void Invoke(Action handler)
    {
        try
        {
            handler();
        }
        catch (Exception mistake) when (CallbackFailed is { } told)
        {
            told(mistake);
        }
    }

    private void Work()
    {
        SetSynchronizationContext(this);
        var patience = new Patience(Spins);
        for (var turn = 1; !_stopping; turn++)
        {
            if (RunPosted() | ReadReady())
                patience.Begin();
            else if (!patience.IsSpent && ReadAgain())
                patience.Rewarded();
            else if (patience.Spend())
                Sleep();
            // Those whose packets only epoll knows of do not wait for those who always have something.
            if (_ready.Count > 0 || turn % TurnsPerLook == 0)
                Look(0);
        }

        End();
    }

    /// <summary>Reads the first of the ports that may have packets. False when there is none.</summary>
    private bool ReadReady()
    {
        if (!_ready.TryDequeue(out var port))
            return false;
        port.InReadyQueue = false;
        if (port.Read(PacketsPerTurn))
            _last = port;
        return true;
    }

    /// <summary>Looks for the next packet of the port that had the last one.</summary>
    private bool ReadAgain()
    {
        if (_last is null)
            return false;
        if (_last.Read(PacketsPerTurn))
            return true;
        if (_last.HasEnded)
            _last = null;
        return false;
    }

    private void Sleep()
    {
        Interlocked.Exchange(ref _sleeping, 1);
        if (_posted.IsEmpty && !_stopping)
            Look(-1);
        Volatile.Write(ref _sleeping, 0);
    }

    private void WakeIfAsleep()
    {
        Interlocked.MemoryBarrier();
        if (Interlocked.Exchange(ref _sleeping, 0) != 0)
            _epoll.Wake();
    }

    private void Look(int milliseconds)
    {
        var count = _epoll.Wait(milliseconds);
        for (var i = 0; i < count; i++)
        {
            var (flags, key) = _epoll.Event(i);
            if (key != Epoll.WakeKey && Find(key) is { } port)
                Happened(port, flags);
        }
    }

    private SocketPort? Find(ulong key)
    {
        lock (_gate)
            return _ports[(int)(uint)key] is { } port && port.Key == key ? port : null;
    }

    private void Happened(SocketPort port, uint flags)
    {
        // Of a peer that is gone a sender learns by sending.
        if ((flags & (Libc.EPOLLOUT | Libc.EPOLLHUP | Libc.EPOLLERR)) != 0)
            port.RoomCame();
        if ((flags & ~Libc.EPOLLOUT) != 0)
            Ready(port);
    }

    private void End()
    {
        SocketPort?[] left;
        lock (_gate)
            left = [.. _ports];
        foreach (var port in left)
            port?.End(new SocketPortEnd(SocketPortEndReason.LoopEnded));
        _ended = true;
        Interlocked.MemoryBarrier();
        while (RunPosted())
        {
            // Callbacks may post.
        }

        _epoll.Dispose();
        _end.SetResult();
    }
}
