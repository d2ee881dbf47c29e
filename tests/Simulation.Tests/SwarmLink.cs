using System.Buffers.Binary;
using RmStack.Protocol;
using RmStack.Transport;
using RmStack.Transport.Ports;
using RmStack.Transport.Ports.Faults;
using RmStack.Transport.Rpc;

namespace RmStack.Simulation.Tests;

/// <summary>How one call ended.</summary>
internal sealed record EndedCall(RpcCallStatus Status, RmError Error, byte[] Reply);

/// <summary>One client, its link with the faults in it, and what came of its calls.</summary>
internal sealed class SwarmLink
{
    private readonly Swarm _swarm;
    private readonly List<ITimer> _timers = [];
    private readonly EndedCall?[] _ended;
    private readonly List<Task> _tasks = [];

    public SwarmLink(Swarm swarm, PlannedLink plan, TextWriter? lines)
    {
        _swarm = swarm;
        Plan = plan;
        _ended = new EndedCall?[plan.Calls.Count];
        var up = new LoopbackQueue(plan.Up, swarm.Context, swarm.Context);
        var down = new LoopbackQueue(plan.Down, swarm.Context, swarm.Context);
        Faults = new FaultyPort(new LoopbackPort(up, down, swarm.Pool), new FaultOptions
        {
            Seed = Digest.Of(plan.Vmid, Digest.Of(swarm.Plan.Seed)),
            Send = plan.SendFaults,
            Receive = plan.ReceiveFaults,
            TimeProvider = swarm.Clock,
            Context = swarm.Context,
            MaxHeld = plan.MaxHeld,
            KeptRecords = 40,
        });
        Clock = new CountingClock(swarm.Clock);
        Watch = new LinkWatch(swarm.Clock) { Lines = lines, Name = FormattableString.Invariant($"VM {plan.Vmid}") };
        ServerPort = new LoopbackPort(down, up, swarm.Pool);
        Client = new RpcClient(new ObservedPort(Faults, Watch), plan.Client with { TimeProvider = Clock });
        Client.Notification = OnNotification;
        if (plan.ReadsAsync)
            _tasks.Add(ReadNotifications());
        foreach (var call in plan.Calls)
            At(call.StartMs, () => _tasks.Add(Run(call)));
        if (plan.CloseMs is { } close)
            At(close, () => _tasks.Add(Close()));
        if (plan.RemoveMs is { } remove)
            At(remove, Remove);
    }

    public PlannedLink Plan { get; }

    public FaultyPort Faults { get; }

    public LinkWatch Watch { get; }

    public IMsgQueuePort ServerPort { get; }

    public RpcServerLink ServerLink { get; set; } = null!;

    public RpcClient Client { get; }

    /// <summary>The client's own.</summary>
    public CountingClock Clock { get; }

    public bool IsClosed { get; private set; }

    public bool IsRemoved { get; private set; }

    /// <summary>Identities of the requests that the handler was given.</summary>
    public List<ulong> Requests { get; } = [];

    public int NotificationsSent { get; set; }

    /// <summary>Numbers of the notifications that the client was given; and of those that its reader was.</summary>
    public List<uint> NotificationsSeen { get; } = [];

    public List<uint> NotificationsRead { get; } = [];

    /// <summary>How a call ended, or null.</summary>
    public EndedCall? EndOf(PlannedCall call) => _ended[call.Index];

    public IEnumerable<PlannedCall> StillOpen => Plan.Calls.Where(call => _ended[call.Index] is null);

    public void Remove()
    {
        IsRemoved = true;
        _swarm.Server.RemoveLink(Plan.Vmid);
    }

    public async Task Close()
    {
        IsClosed = true;
        await Client.DisposeAsync();
    }

    /// <summary>Ends everything of the link that the server has not ended.</summary>
    public async Task Finish()
    {
        await Close();
        foreach (var timer in _timers)
            await timer.DisposeAsync();
        Faults.Dispose();
    }

    /// <summary>Nothing may be left running, and nothing may have failed.</summary>
    public void JoinTasks()
    {
        foreach (var task in _tasks)
        {
            if (!task.IsCompleted)
                throw new InvalidOperationException("a task of the client has not ended");
            task.GetAwaiter().GetResult();
        }
    }

    private void OnNotification(RpcNotification notification)
    {
        var before = Digest.Of(notification.Payload.Span);
        TakeNotification(notification.Payload.Span, NotificationsSeen);
        if (NotificationsSeen.Count == Plan.CloseAtNotification)
            _tasks.Add(Close());
        if (Digest.Of(notification.Payload.Span) != before)
            throw new InvalidOperationException("a notification's bytes changed while its handler ran");
    }

    private static void TakeNotification(ReadOnlySpan<byte> payload, List<uint> to)
    {
        // A damaged one may be shorter than its number; it counts all the same.
        to.Add(payload.Length < sizeof(uint) ? uint.MaxValue : BinaryPrimitives.ReadUInt32LittleEndian(payload));
    }

    private void At(int ms, Action action) =>
        _timers.Add(_swarm.Clock.CreateTimer(_ => action(), null, TimeSpan.FromMilliseconds(ms), Timeout.InfiniteTimeSpan));

    private async Task Run(PlannedCall call)
    {
        var payload = Identity.Request(_swarm.Plan.Seed, Plan.Vmid, call);
        using var stop = new CancellationTokenSource();
        await using var cancel = call.CancelMs is { } at
            ? _swarm.Clock.CreateTimer(_ => stop.Cancel(), null, TimeSpan.FromMilliseconds(at - call.StartMs), Timeout.InfiniteTimeSpan)
            : null;
        var timeout = call.TimeoutMs is { } ms ? TimeSpan.FromMilliseconds(ms) : (TimeSpan?)null;
        using var result = await Client.CallAsync(call.Id, payload, timeout, stop.Token);
        if (_ended[call.Index] is not null)
            throw new InvalidOperationException("a call has ended twice");
        _ended[call.Index] = new EndedCall(result.Status, result.Error, result.Payload.ToArray());
    }

    private async Task ReadNotifications()
    {
        await foreach (var message in Client.Notifications())
        {
            using (message)
                TakeNotification(message.Payload.Span, NotificationsRead);
        }
    }
}
