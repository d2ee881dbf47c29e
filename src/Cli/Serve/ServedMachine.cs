using RmStack.Cli.Simulation;
using RmStack.Host;
using RmStack.Hypervisor.Hypercalls;
using RmStack.Hypervisor.Objects;
using RmStack.Hypervisor.Tracing;
using RmStack.Protocol;
using RmStack.Protocol.Hypercalls;
using RmStack.Transport.Rpc;

namespace RmStack.Cli.Serve;

/// <summary>
/// A whole system whose primary VM is driven from outside, through a <see cref="PacketDevice"/>. Not for two threads at once.
/// </summary>
internal sealed class ServedMachine : IAgentObserver, IHypervisorTap, IDisposable
{
    private readonly GunyahSystem _system;
    private readonly IMachineObserver _observer;
    private readonly LinkTrace? _trace;
    private readonly Dictionary<ushort, Guest> _guests = [];
    private LinkAgent? _agent;

    /// <summary>A machine that is switched on and has not run yet.</summary>
    /// <param name="options">What it is made of.</param>
    /// <param name="transmitter">Takes the packets for the client.</param>
    /// <param name="observer">Told what happens.</param>
    /// <param name="trace">Takes all packets; null for nobody.</param>
    /// <param name="name">What the trace calls it.</param>
    /// <exception cref="IOException">The file for its RAM cannot be mapped.</exception>
    public ServedMachine(GunyahSystemOptions options, PacketTransmitter transmitter, IMachineObserver observer, TraceFile? trace = null, string name = "")
    {
        Device = new PacketDevice(transmitter);
        _observer = observer;
        _system = new GunyahSystem(options, new HlosOptions { Log = observer.Log }, RunAgentAsync);
        if (trace is not null)
        {
            _trace = new LinkTrace(trace, _system, name + " ");
            _system.Attach(this);
        }

        _system.Boot();
    }

    /// <summary>Where packets come in. Raise its line by <see cref="RaiseLine"/>.</summary>
    public PacketDevice Device { get; }

    /// <summary>What the agent has counted; null before HLOS has come up.</summary>
    public LinkAgent? Agent => _agent;

    /// <summary>What the Resource Manager's end of HLOS's link has counted; null before there is one.</summary>
    public RpcStatistics? Link => _system.ResourceManager.LinkStatistics(GunyahSystem.HlosVmid);

    /// <summary>Virtual time, nanoseconds.</summary>
    public ulong Nanoseconds => _system.Clock.Nanoseconds;

    /// <summary>Instructions that guests have executed.</summary>
    public ulong CountInstructions() => _system.CountInstructions();

    /// <summary>Gives one vCPU one slice, or lets time pass to the next event.</summary>
    /// <returns>False when nothing can run until the line is raised.</returns>
    public bool Step() => _system.Step();

    /// <summary>Raises the line of <see cref="Device"/>. Between two steps.</summary>
    public void RaiseLine() => _system.RaiseLine(PacketDevice.Intid);

    /// <summary>Why the machine is of no use any more; null while it works.</summary>
    /// <param name="isOurs">True when that is a mistake of this program.</param>
    public string? FindFailure(out bool isOurs)
    {
        isOurs = true;
        if (_system.FindFailure() is { } mistake) return mistake;
        isOurs = false;
        if (!_system.Finished) return null;
        if (_agent is { Problem.Length: > 0 }) return _agent.Problem;
        return _system.Problem.Length > 0 ? _system.Problem : "HLOS's software ended";
    }

    /// <summary>Hands on what guests have printed without an end of line.</summary>
    public void FlushConsoles()
    {
        foreach (var guest in _guests.Values) guest.Console.Flush();
    }

    /// <inheritdoc/>
    public void Dispose() => _system.Dispose();

    MmioBus IAgentObserver.Attend(ushort vmid, int vcpus)
    {
        var guest = new Guest(new GuestConsole(onLine: line => _observer.ConsoleLine(vmid, line), keep: false), address => _observer.NoDevice(vmid, address));
        _guests[vmid] = guest;
        return guest.Bus;
    }

    void IAgentObserver.Leave(ushort vmid)
    {
        if (_guests.Remove(vmid, out var guest)) guest.Console.Flush();
    }

    void IAgentObserver.Exited(ushort vmid, VmExitInfo exit)
    {
        if (_guests.TryGetValue(vmid, out var guest)) guest.Console.Flush();
        _observer.GuestEnded(vmid, exit);
    }

    void IAgentObserver.Asks(MessageId id, ushort vmid)
    {
        if (_trace is not null) _trace.Remark = "rmstack's own";
    }

    void IHypervisorTap.MessageSent(MsgQueue queue, VCpu sender, ReadOnlySpan<byte> message, MsgQueueFlags flags, bool notFull) =>
        _trace!.Sent(queue, sender, message, flags, notFull);

    void IHypervisorTap.MessageReceived(MsgQueue queue, VCpu receiver, ReadOnlySpan<byte> message, bool notEmpty)
    {
    }

    void IHypervisorTap.OwnershipChanged(ulong physical, ulong size, HypObject from, HypObject to)
    {
    }

    void IHypervisorTap.HypercallCompleted(VCpu caller, HypercallEntry entry, GunyahError error)
    {
    }

    private Task RunAgentAsync(HlosContext hlos)
    {
        _agent = new LinkAgent(hlos, Device, this);
        return _agent.RunAsync();
    }

    /// <summary>The devices of a VM that the agent runs.</summary>
    private sealed class Guest
    {
        public Guest(GuestConsole console, Action<ulong> noDevice)
        {
            Console = console;
            Bus = new MmioBus { NoDevice = noDevice };
            Bus.Add(VmmOptions.DefaultConsoleAddress, GuestConsole.Size, console);
        }

        public GuestConsole Console { get; }

        public MmioBus Bus { get; }
    }
}
