using System.Runtime.ExceptionServices;
using RmStack.Protocol;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Transport.Rpc;

/// <summary>
/// The RM's side of all its links: one handler, one event loop, one notification counter. One request is handled completely before the next
/// packet of any link is read. RM: resource-manager.c, rm-rpc-msgqueue.c.
/// </summary>
/// <remarks>
/// The synchronization context that is current when the server is made is where it runs: interrupts that come elsewhere, and deferred
/// events, are posted there. Without one, interrupts are handled where they come and deferred events run on the thread pool; a lock, held
/// while the handler runs, keeps the server single-threaded all the same.
/// </remarks>
public sealed class RpcServer : IDisposable
{
    private static readonly SendOrPostCallback s_deferred = static link => ((RpcServerLink)link!).RunDeferred();
    private static readonly SendOrPostCallback s_run = static server => ((RpcServer)server!).RunEvents();

    private readonly SynchronizationContext? _context = SynchronizationContext.Current;
    private readonly IRpcHandler _handler;
    private readonly SortedDictionary<ushort, RpcServerLink> _links = [];
    private readonly Queue<Interrupt> _interrupts = new();
    private ushort _nextNotification;
    private ExceptionDispatchInfo? _failure;

    // The thread inside the event loop, or 0. Whoever reads its own number here holds the lock.
    private int _runner;
    private bool _disposed;

    /// <summary>A server without links.</summary>
    public RpcServer(IRpcHandler handler) => _handler = handler;

    /// <summary>
    /// msgqueue_send refused a packet for a reason other than a full queue. The RM exits then; here the link stays silent, and whoever runs the
    /// server decides.
    /// </summary>
    public Action<RpcServerLink, GunyahError>? SendFailed { get; set; }

    /// <summary>Notifications to VMs without a link, which are dropped as the newer RM does.</summary>
    public long NotificationsWithoutLink { get; private set; }

    internal Lock Gate { get; } = new();

    /// <summary>The caller runs inside a handler, and so under the lock.</summary>
    internal bool IsRunningHere => Volatile.Read(ref _runner) == Environment.CurrentManagedThreadId;

    /// <summary>The VM's link, or null.</summary>
    public RpcServerLink? FindLink(ushort vmid)
    {
        lock (Gate)
            return _links.GetValueOrDefault(vmid);
    }

    /// <summary>
    /// Opens the link to a VM and takes its port over. Packets that wait already are read. A second link to the same VM is our own mistake.
    /// </summary>
    public RpcServerLink AddLink(ushort vmid, IMsgQueuePort port)
    {
        RpcServerLink link;
        lock (Gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_links.ContainsKey(vmid))
                throw new ArgumentException($"VM {vmid} has a link already.", nameof(vmid));
            _links.Add(vmid, link = new RpcServerLink(this, vmid, port));
        }

        port.NotFull = () => OnInterrupt(link, isTransmit: true);
        port.NotEmpty = () => OnInterrupt(link, isTransmit: false);
        // Binding an interrupt does not raise it for packets that are there already.
        OnInterrupt(link, isTransmit: false);
        return link;
    }

    /// <summary>Closes the link to a VM, with everything stored or half received on it. False when there is none.</summary>
    public bool RemoveLink(ushort vmid)
    {
        lock (Gate)
        {
            if (!_links.Remove(vmid, out var link))
                return false;
            link.Remove();
            return true;
        }
    }

    /// <summary>
    /// Notifies a VM, at once or when its link has room. False when it has no link: the notification is dropped and counted.
    /// <paramref name="payload"/> has at most 14616 bytes and is copied. RM: rm_notify.
    /// </summary>
    public bool Notify(ushort vmid, MessageId id, ReadOnlySpan<byte> payload)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payload.Length, RpcLimits.MaxContent, nameof(payload));
        lock (Gate)
        {
            if (!_links.TryGetValue(vmid, out var link))
            {
                NotificationsWithoutLink++;
                return false;
            }

            link.Notify(id, payload);
            return true;
        }
    }

    /// <summary>Removes all links.</summary>
    public void Dispose()
    {
        lock (Gate)
        {
            _disposed = true;
            foreach (var link in _links.Values)
                link.Remove();
            _links.Clear();
        }
    }

    internal ushort NextNotificationSequence() => _nextNotification++;

    internal void OnSendFailed(RpcServerLink link, GunyahError error) => SendFailed?.Invoke(link, error);

    /// <summary>
    /// A handler's own mistake is for whoever raised the interrupt; the other requests are handled first, because no further edge would come
    /// for them.
    /// </summary>
    internal void OnHandlerFailed(Exception mistake) => _failure ??= ExceptionDispatchInfo.Capture(mistake);

    /// <summary>Has the link's stored messages sent by an event of its own, behind everything that is already to be done.</summary>
    internal void Defer(RpcServerLink link)
    {
        if (_context is { } context)
            context.Post(s_deferred, link);
        else
            ThreadPool.UnsafeQueueUserWorkItem(link, preferLocal: false);
    }

    private void OnInterrupt(RpcServerLink link, bool isTransmit)
    {
        var here = _context is null || SynchronizationContext.Current == _context;
        lock (Gate)
        {
            // One event per interrupt and link at a time, as in the RM's event loop: a queue of at most two entries per link.
            if (link.IsRemoved || (isTransmit ? link.TransmitQueued : link.ReceiveQueued))
                return;
            if (isTransmit)
                link.TransmitQueued = true;
            else
                link.ReceiveQueued = true;
            _interrupts.Enqueue(new Interrupt(link, isTransmit));
            if (here)
                RunEventsLocked();
        }

        if (!here)
            _context!.Post(s_run, this);
    }

    private void RunEvents()
    {
        lock (Gate)
            RunEventsLocked();
    }

    private void RunEventsLocked()
    {
        // Inside a handler or a hypercall of our own thread: the loop below takes the event when that is done.
        if (_runner != 0)
            return;
        _runner = Environment.CurrentManagedThreadId;
        while (_interrupts.TryDequeue(out var interrupt))
        {
            try
            {
                Handle(interrupt);
            }
            catch (Exception mistake)
            {
                OnHandlerFailed(mistake);
            }
        }

        _runner = 0;

        if (_failure is not { } failure)
            return;
        _failure = null;
        failure.Throw();
    }

    private void Handle(Interrupt interrupt)
    {
        var link = interrupt.Link;
        if (interrupt.IsTransmit)
        {
            link.TransmitQueued = false;
            link.OnNotFull();
        }
        else
        {
            link.ReceiveQueued = false;
            link.OnNotEmpty(_handler);
        }
    }

    private readonly record struct Interrupt(RpcServerLink Link, bool IsTransmit);
}
