using System.Buffers;
using RmStack.Host;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Cli.Serve;

/// <summary>
/// A client and the machine that is its own. The machine runs on one thread at a time while it has work, and stands still, in virtual time
/// too, while the client thinks.
/// </summary>
/// <remarks>
/// A packet that finds the machine idle is handled on the thread that brought it, which takes a few microseconds; everything that may take
/// longer, guests above all, goes to the thread pool.
/// <para>
/// A packet goes in when nothing in the machine can run any more, one at a time: so the answers to the same packets are the same, to the
/// virtual nanosecond, however fast they are sent. Only while a guest runs does the moment at which a packet arrives count.
/// </para>
/// </remarks>
internal sealed class ServedConnection : IThreadPoolWorkItem, IMachineObserver
{
    private const string Mistake = "a mistake of rmstack, please report it with the packets";
    private const int Idle = 0;
    private const int Queued = 1;
    private const int QueuedAgain = 2;
    private const int Over = 3;

    // What a turn may do before another connection gets its own: some milliseconds of a guest.
    private const int StepsPerTurn = 512;
    private const int StepsAtOnce = 64;
    private const ulong InstructionsPerTurn = 250_000;

    private readonly IClientEnd _client;
    private readonly ServeOptions _options;
    private readonly IServeOutput _output;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IMemoryOwner<byte> _slab;
    private ServedMachine? _machine;
    private ulong _instructions;
    private bool _clientGone;
    private long _untaken;
    private long _undelivered;
    private int _room;
    private int _state = Idle;
    private string? _stop;

    /// <summary>A connection that does nothing before <see cref="Start"/>.</summary>
    /// <param name="number">Its number, from 1 on.</param>
    /// <param name="client">The client's end; the connection's from now on.</param>
    /// <param name="options">What the machine is made of.</param>
    /// <param name="output">Shows what happens.</param>
    public ServedConnection(int number, IClientEnd client, ServeOptions options, IServeOutput output)
    {
        Number = number;
        _client = client;
        _options = options;
        _output = output;
        _slab = client.Port.Buffers.Rent(PacketDevice.MaxPacket);
    }

    private enum Outcome
    {
        GoOn,
        Wait,
        End,
    }

    /// <summary>Its number.</summary>
    public int Number { get; }

    /// <summary>Ends when everything of the connection has.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Switches the machine on.</summary>
    public void Start()
    {
        _output.Opened(Number, _options.SystemOf(Number).Seed);
        _client.Port.NotEmpty = OnPacket;
        _client.Port.NotFull = () =>
        {
            Volatile.Write(ref _room, 1);
            Wake();
        };
        _ = _client.Closed.ContinueWith(static (_, connection) => ((ServedConnection)connection!).Wake(), this, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        Wake();
    }

    /// <summary>Ends the connection soon.</summary>
    /// <param name="why">The reason in words.</param>
    public void Stop(string why)
    {
        Interlocked.CompareExchange(ref _stop, why, null);
        Wake();
    }

    void IThreadPoolWorkItem.Execute()
    {
        var outcome = Turn(StepsPerTurn, out var reason);
        if (outcome == Outcome.End) End(reason);
        else if (outcome == Outcome.GoOn) Queue();
        else Rest();
    }

    void IMachineObserver.ConsoleLine(ushort vmid, string text) => _output.ConsoleLine(Number, vmid, text);

    void IMachineObserver.GuestEnded(ushort vmid, VmExitInfo exit) => _output.GuestEnded(Number, vmid, exit);

    void IMachineObserver.NoDevice(ushort vmid, ulong address) => _output.NoDevice(Number, vmid, address);

    void IMachineObserver.Log(string text) => _output.Log(Number, text);

    private void Wake()
    {
        int seen;
        do
        {
            seen = Volatile.Read(ref _state);
            if (seen is QueuedAgain or Over) return;
        }
        while (Interlocked.CompareExchange(ref _state, seen == Idle ? Queued : QueuedAgain, seen) != seen);
        if (seen == Idle) Queue();
    }

    // Guests take their time, and print; captures go to a disk. Nobody else's packets are to wait for that.
    private bool IsQuick => _options.Trace is null && _machine is { Agent: { IsAttending: false } };

    private void OnPacket()
    {
        if (Interlocked.CompareExchange(ref _state, Queued, Idle) != Idle) Wake();
        else if (!IsQuick || Turn(StepsAtOnce, out _) != Outcome.Wait) Queue();
        else Rest();
    }

    private void Rest()
    {
        if (Interlocked.CompareExchange(ref _state, Idle, Queued) == Queued) return;

        // Something came while the turn was at its end.
        Volatile.Write(ref _state, Queued);
        Queue();
    }

    private void Queue() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    // One that ends the connection ends it on the pool, where the same is found once more.
    private Outcome Turn(int steps, out string reason)
    {
        try
        {
            return Run(steps, out reason);
        }
#pragma warning disable CA1031 // A mistake in one machine is none of the others' business.
        catch (Exception mistake)
#pragma warning restore CA1031
        {
            reason = $"{Mistake}: {mistake.GetType().Name}: {mistake.Message}";
            Interlocked.CompareExchange(ref _stop, reason, null);
            return Outcome.End;
        }
    }

    private Outcome Run(int steps, out string reason)
    {
        if (MustStop(out reason)) return Outcome.End;
        if (_clientGone) return Bury(out reason);
        if (_machine is null && !TryMake(out reason)) return Outcome.End;
        var machine = _machine!;
        var until = machine.CountInstructions() + InstructionsPerTurn;
        for (var step = 0; step < steps; step++)
        {
            if (machine.Step())
            {
                var executed = machine.CountInstructions();
                if (executed == _instructions) continue;
                _instructions = executed;
                TakePacket();
                if (MustStop(out reason)) return Outcome.End;
                if (_clientGone) return Bury(out reason);
                if (executed >= until || steps == StepsAtOnce) break;
            }
            else
            {
                if (machine.FindFailure(out var ours) is { } failure) return End(ours ? $"{Mistake}: {failure}" : failure, out reason);
                if (TakePacket() || TakeRoom()) continue;
                if (MustStop(out reason)) return Outcome.End;
                if (_clientGone || _client.Closed.IsCompleted) return Bury(out reason);
                reason = "";
                return Outcome.Wait;
            }
        }

        TakeRoom();

        // A guest that never rests must not hide that its client has gone.
        if (_client.Closed.IsCompleted && (machine.Device.IsStalled || (machine.Device.IsEmpty && !TakePacket()))) return Bury(out reason);
        if (machine.FindFailure(out var mistake) is { } failed) return End(mistake ? $"{Mistake}: {failed}" : failed, out reason);
        reason = "";
        return Outcome.GoOn;
    }

    private bool MustStop(out string reason)
    {
        if (_options.Ram is { IsWhole: false } ram) Interlocked.CompareExchange(ref _stop, $"{ram.Path} is shorter than HLOS's RAM now", null);
        reason = Volatile.Read(ref _stop) ?? "";
        return reason.Length > 0;
    }

    private bool TryMake(out string reason)
    {
        reason = "";
        try
        {
            _machine = new ServedMachine(_options.SystemOf(Number), Transmit, this, _options.Trace, $"connection {Number}");
            return true;
        }
        catch (Exception failure) when (failure is IOException or OutOfMemoryException)
        {
            reason = $"there is no memory for its machine: {failure.Message}";
            return false;
        }
    }

    // From the client's queue into the device. Nothing is taken that the device has no room for: it waits where its sender feels it.
    private bool TakePacket()
    {
        var device = _machine!.Device;
        if (!device.IsEmpty) return false;
        var received = _client.Port.Receive(_slab.Memory[..PacketDevice.MaxPacket]);
        if (received.Error == GunyahError.Ok && received.Size > 0)
        {
            // Looked at behind the packet: whatever its sender did to the file before it sent this is seen.
            if (MustStop(out _)) return false;
            device.Put(_slab.Memory.Span[..received.Size]);
            _machine.RaiseLine();
            return true;
        }

        _clientGone |= received.Error is not (GunyahError.Ok or GunyahError.MsgQueueEmpty);
        return false;
    }

    private bool TakeRoom()
    {
        if (!_machine!.Device.IsStalled || Interlocked.Exchange(ref _room, 0) == 0) return false;
        _machine.RaiseLine();
        return true;
    }

    // Called by the machine, on the thread that runs it.
    private bool Transmit(ReadOnlySpan<byte> packet)
    {
        var place = _slab.Memory[..packet.Length];
        packet.CopyTo(place.Span);
        var error = _client.Port.Send(place, MsgQueueFlags.None).Error;
        if (error == GunyahError.MsgQueueFull) return false;
        if (error == GunyahError.Ok) return true;
        _clientGone = true;
        _undelivered++;
        return true;
    }

    // The client has gone: what it sent and nobody took stands before the reason.
    private Outcome Bury(out string reason)
    {
        _clientGone = true;
        while (_client.Port.Receive(_slab.Memory[..PacketDevice.MaxPacket]).Error == GunyahError.Ok) _untaken++;
        reason = "";
        return _client.Closed.IsCompletedSuccessfully ? End(_client.Closed.Result, out reason) : Outcome.Wait;
    }

    private static Outcome End(string why, out string reason)
    {
        reason = why;
        return Outcome.End;
    }

    private void End(string reason)
    {
        Volatile.Write(ref _state, Over);
        _client.Port.NotEmpty = null;
        _client.Port.NotFull = null;
        _machine?.FlushConsoles();
        var report = ConnectionReport.Of(Number, reason, _client, _machine, _untaken, _undelivered);
        _machine?.Dispose();
        _slab.Dispose();
        _client.Dispose();
        _options.Trace?.Flush();
        _output.Closed(report);
        _ended.TrySetResult();
    }
}
