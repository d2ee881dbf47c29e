using System.Buffers;
using System.Globalization;
using RmStack.Hypervisor.Native;
using RmStack.Protocol;
using RmStack.Protocol.Hypercalls;
using RmStack.Protocol.Messages;
using RmStack.Transport;

namespace RmStack.Host;

/// <summary>
/// Software of a primary VM whose Resource Manager driver is somebody outside the machine: hands packets between a
/// <see cref="PacketDevice"/> and the VM's two queues, byte for byte and in order, and runs the vCPUs of whatever VM its client starts, as the
/// VMM of such a driver would.
/// </summary>
/// <remarks>
/// To run a VM it has to know the capabilities of its vCPUs. It asks for them itself, in the one moment in which its question can be confused
/// with nothing: the client's packets behind a complete VM_START wait until the reply to it has come. The Resource Manager answers in order, so
/// nothing of the client's is in flight then; when the VM was started, VM_GET_HYP_RESOURCES goes out, and the next reply, whatever ids the
/// client uses, is the answer to it and does not reach the client. VM_RESET is waited for the same way, so that the vCPUs are taken apart
/// before anything new can get their capabilities or interrupts.
/// </remarks>
public sealed class LinkAgent
{
    private const ushort OwnSequence = 0xffff;
    private const int OwnRequestSize = RpcLimits.HeaderSize + VmGetHypResources.Size;

    private readonly HlosContext _hlos;
    private readonly IMsgQueuePort _link;
    private readonly PacketDevice _device;
    private readonly IAgentObserver _observer;
    private readonly AgentKernel _kernel;
    private readonly NotifierChain _notifier = new();
    private readonly Dictionary<ushort, AttendedVm> _vms = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Reassembler _toRm = new(ReassemblyRules.ResourceManager);
    private readonly Reassembler _fromRm = new(ReassemblyRules.LinuxV12);
    private readonly IMemoryOwner<byte> _transmitSlab;
    private readonly IMemoryOwner<byte> _receiveSlab;
    private readonly ulong _transmitAddress;
    private readonly ulong _receiveAddress;
    private readonly byte[] _packet = new byte[RpcLimits.PacketSize];
    private int _kept;
    private bool _full;
    private bool _pumping;
    private bool _judged;
    private bool _asked;
    private ReassemblyOutcome _outcome;
    private Wait _wait;
    private ushort _waitVmid;
    private RpcHeader _waitFor;

    /// <summary>Takes over the link of a VM that has come up.</summary>
    /// <param name="hlos">The VM.</param>
    /// <param name="device">Its way to the outside.</param>
    /// <param name="observer">Told what happens.</param>
    public LinkAgent(HlosContext hlos, PacketDevice device, IAgentObserver observer)
    {
        ArgumentNullException.ThrowIfNull(hlos);
        _hlos = hlos;
        _link = hlos.Link;
        _device = device;
        _observer = observer;
        _kernel = new AgentKernel(hlos.Kernel);
        _transmitSlab = _link.Buffers.Rent(PacketDevice.MaxPacket);
        _receiveSlab = _link.Buffers.Rent(RpcLimits.PacketSize);
        if (!VmSlabPool.TryGetIpa(_transmitSlab.Memory, out _transmitAddress) || !VmSlabPool.TryGetIpa(_receiveSlab.Memory, out _receiveAddress))
            throw new ArgumentException("The link's buffers are not in the VM's memory.", nameof(hlos));
    }

    /// <summary>What the client's next packet waits for.</summary>
    private enum Wait
    {
        Nothing,

        /// <summary>The reply to VM_START.</summary>
        Start,

        /// <summary>The reply to the agent's own VM_GET_HYP_RESOURCES.</summary>
        Resources,

        /// <summary>The reply to VM_RESET.</summary>
        Reset,
    }

    /// <summary>Packets of the client's that went into the queue.</summary>
    public long PacketsToRm { get; private set; }

    /// <summary>Packets that went out to the client.</summary>
    public long PacketsFromRm { get; private set; }

    /// <summary>Packets of the client's without a byte, which the hypervisor does not take.</summary>
    public long Empty { get; private set; }

    /// <summary>Packets of the client's of more than 240 bytes, which the hypervisor does not take.</summary>
    public long Oversize { get; private set; }

    /// <summary>True while a message of the client's has begun and its last packet has not come.</summary>
    public bool HasUnfinished => _toRm.HasPartial;

    /// <summary>True while a packet for the client waits because there is no room for it outside.</summary>
    public bool HasUndelivered => _kept != 0;

    /// <summary>Whether the agent runs any VM now, or has still to take one apart.</summary>
    public bool IsAttending => _vms.Count > 0;

    /// <summary>VMs that the agent has run.</summary>
    public long VmsRun { get; private set; }

    /// <summary>Why the agent cannot go on; empty while it can.</summary>
    public string Problem { get; private set; } = "";

    /// <summary>Works until it cannot any more: see <see cref="Problem"/>.</summary>
    public Task RunAsync()
    {
        _link.NotFull = OnNotFull;
        _link.NotEmpty = Pump;
        if (!_kernel.TryRequestIrq(PacketDevice.Intid, Pump)) throw new InvalidOperationException("The packet device's interrupt cannot be mapped.");
        Pump();
        return _ended.Task;
    }

    private void OnNotFull()
    {
        _full = false;
        Pump();
    }

    // On the VM's only vCPU, from an interrupt: whatever of the two directions can go on does.
    private void Pump()
    {
        if (_pumping || Problem.Length > 0) return;
        _pumping = true;
        _kernel.Stir();
        Receive();
        Transmit();
        _pumping = false;
    }

    private void Transmit()
    {
        while (!_full && Problem.Length == 0)
        {
            if (_wait == Wait.Resources && !_asked)
            {
                Ask();
                continue;
            }

            if (_wait != Wait.Nothing || !_device.TryPeek(out var packet) || !TrySendForClient(packet)) return;
        }
    }

    // The push flag goes with the packet that completes a message, as Linux sets it on the last one of a request.
    private bool TrySendForClient(ReadOnlySpan<byte> packet)
    {
        var fits = packet.Length is > 0 and <= RpcLimits.PacketSize;
        if (fits && !_judged)
        {
            _outcome = _toRm.Accept(packet);
            _judged = true;
        }

        var complete = fits && _outcome.Result == ReassemblyResult.Complete;
        if (!TrySend(packet, complete ? MsgQueueFlags.Push : MsgQueueFlags.None)) return false;
        _judged = false;
        if (fits) PacketsToRm++;
        else if (packet.IsEmpty) Empty++;
        else Oversize++;
        _device.Done();
        if (complete && _toRm.Header.Type == RpcMessageType.Request) Requested(_toRm.Header, _toRm.Content);
        return true;
    }

    private void Requested(RpcHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.Id == MessageId.VmStart && VmStart.TryParse(payload, out var start) == DecodeStatus.Ok) WaitFor(Wait.Start, start.Vmid, header);
        else if (header.Id == MessageId.VmReset && VmReset.TryParse(payload, out var reset) == DecodeStatus.Ok) WaitFor(Wait.Reset, reset.Vmid, header);
    }

    private void WaitFor(Wait what, ushort vmid, RpcHeader request)
    {
        _wait = what;
        _waitVmid = vmid;
        _waitFor = request;
    }

    private void Ask()
    {
        Span<byte> request = stackalloc byte[OwnRequestSize];
        _waitFor = new RpcHeader(RpcMessageType.Request, 0, OwnSequence, MessageId.VmGetHypResources);
        _waitFor.Write(request);
        VmGetHypResources.Write(request[RpcLimits.HeaderSize..], _waitVmid);
        _observer.Asks(_waitFor.Id, _waitVmid);
        _asked = TrySend(request, MsgQueueFlags.Push);
    }

    // False: the queue is full, and the same packet is sent again once it is not; or there is a problem.
    private bool TrySend(ReadOnlySpan<byte> packet, MsgQueueFlags flags)
    {
        if (!_hlos.Memory.TryWrite(_transmitAddress, packet, out var abort))
        {
            Fail(abort.ToString());
            return false;
        }

        var result = _link.Send(_transmitSlab.Memory[..packet.Length], flags);
        switch (result.Error)
        {
            case GunyahError.Ok:
                _full = !result.NotFull;
                return true;
            case GunyahError.MsgQueueFull:
                _full = true;
                return false;
            case GunyahError.ArgumentSize when packet.Length is 0 or > RpcLimits.PacketSize:
                return true;
            default:
                Fail($"msgqueue_send: {result.Error}");
                return false;
        }
    }

    private void Receive()
    {
        while (TryHandOver())
        {
            var received = _link.Receive(_receiveSlab.Memory[..RpcLimits.PacketSize]);
            if (received.Error == GunyahError.MsgQueueEmpty) return;
            if (received.Error != GunyahError.Ok || received.Size == 0)
            {
                Fail($"msgqueue_receive: {received.Error}");
                return;
            }

            var packet = _packet.AsSpan(0, received.Size);
            if (!_hlos.Memory.TryRead(_receiveAddress, packet, out var abort))
            {
                Fail(abort.ToString());
                return;
            }

            Received(packet);
            if (received.NotEmpty) continue;
            TryHandOver();
            return;
        }
    }

    // What the outside has no room for stays here, and everything behind it in the queue: the Resource Manager sees a VM that does not read.
    private bool TryHandOver()
    {
        if (_kept == 0) return Problem.Length == 0;
        if (!_device.TryTransmit(_packet.AsSpan(0, _kept))) return false;
        _kept = 0;
        PacketsFromRm++;
        return true;
    }

    private void Received(ReadOnlySpan<byte> packet)
    {
        var outcome = _fromRm.Accept(packet);
        var taken = outcome.Result is ReassemblyResult.Complete or ReassemblyResult.Incomplete;
        var own = taken && _wait == Wait.Resources && IsAwaited(_fromRm.Header);
        if (!own) _kept = packet.Length;
        if (outcome.Result == ReassemblyResult.Complete) Completed(_fromRm.Header, _fromRm.Content);
    }

    private void Completed(RpcHeader header, ReadOnlySpan<byte> content)
    {
        if (header.Type == RpcMessageType.Notification) Notified(header.Id, content);
        else if (_wait != Wait.Nothing && IsAwaited(header) && RpcReply.TryParse(content, out var reply) == DecodeStatus.Ok) Answered(reply);
    }

    private bool IsAwaited(RpcHeader header) =>
        header.Type == RpcMessageType.Reply && header.Id == _waitFor.Id && header.SequenceId == _waitFor.SequenceId;

    private void Answered(RpcReply reply)
    {
        var (what, done) = (_wait, reply.Error == RmError.Ok);
        _wait = Wait.Nothing;
        switch (what)
        {
            case Wait.Start when done:
                _wait = Wait.Resources;
                _asked = false;
                break;
            case Wait.Resources when done && VmGetHypResourcesReply.TryParse(reply.Payload, out var answer) == DecodeStatus.Ok:
                Attend(_waitVmid, answer.Resources);
                break;
            case Wait.Reset when done:
                Leave(_waitVmid);
                break;
        }
    }

    private void Notified(MessageId id, ReadOnlySpan<byte> payload)
    {
        _notifier.Call(id, payload);
        if (id != MessageId.VmExited || VmExited.TryParse(payload, out var exited) != DecodeStatus.Ok) return;
        if (_vms.TryGetValue(exited.Vmid, out var vm) && vm.Exit is { } exit) _observer.Exited(vm.Vmid, exit);
    }

    private void Attend(ushort vmid, WireList<HypResource> resources)
    {
        var vcpus = new List<GunyahResource>();
        foreach (var entry in resources)
        {
            // A vCPU without a wake-up interrupt is no proxy's: the hypervisor runs it by itself.
            if (entry.Type == ResourceType.VirtualCpu && GunyahResource.TryCreate(entry) is { Virq: not null } vcpu) vcpus.Add(vcpu);
        }

        Leave(vmid);
        if (vcpus.Count == 0) return;
        VmsRun++;
        var vm = new AttendedVm(vmid, _kernel, _notifier, mistake => _ended.TrySetException(mistake));
        _vms.Add(vmid, vm);
        vm.Run(vcpus, _observer.Attend(vmid, vcpus.Count));
    }

    private void Leave(ushort vmid)
    {
        if (!_vms.Remove(vmid, out var vm)) return;
        vm.Detach();
        _observer.Leave(vmid);
    }

    // A real kernel would crash: the memory of its own drivers is gone.
    private void Fail(string what)
    {
        Problem = string.Create(CultureInfo.InvariantCulture, $"HLOS's kernel lost the buffers of its link at 0x{_transmitAddress:x}: {what}");
        _ended.TrySetResult();
    }
}
