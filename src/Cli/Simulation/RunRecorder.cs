using RmStack.Cli.Reports;
using RmStack.Host;
using RmStack.Hypervisor;
using RmStack.Hypervisor.Hypercalls;
using RmStack.Hypervisor.Objects;
using RmStack.Hypervisor.Tracing;
using RmStack.Protocol;
using RmStack.Protocol.Hypercalls;
using RmStack.Protocol.Messages;

namespace RmStack.Cli.Simulation;

/// <summary>Writes down what happens in a system, from the outside: messages, memory, hypercalls, and what the VMM says.</summary>
public sealed class RunRecorder : IHypervisorTap, IVmmObserver
{
    private readonly GunyahSystem _system;
    private readonly Transcript _transcript;
    private readonly List<LinkRecorder> _links = [];
    private readonly Dictionary<(ushort Vmid, string Name), long> _hypercalls = [];
    private IReadOnlyList<string> _memory = [];
    private string _parcelFor = "";

    /// <summary>Records a system's run in a transcript.</summary>
    public RunRecorder(GunyahSystem system, Transcript transcript)
    {
        ArgumentNullException.ThrowIfNull(system);
        _system = system;
        _transcript = transcript;
        system.Attach(this);
    }

    /// <summary>The links seen, in order of their first packet.</summary>
    public IReadOnlyList<LinkRecorder> Links => _links;

    /// <summary>The guest's memory, once there is some.</summary>
    public MemoryWatch? Memory { get; private set; }

    /// <summary>Hypercalls by VM and name, in that order.</summary>
    public IEnumerable<(ushort Vmid, string Name, long Count)> Hypercalls => _hypercalls
        .OrderBy(static pair => pair.Key.Vmid)
        .ThenBy(static pair => pair.Key.Name, StringComparer.Ordinal)
        .Select(static pair => (pair.Key.Vmid, pair.Key.Name, pair.Value));

    /// <summary>Takes the packets themselves, if anybody wants them.</summary>
    public LinkTrace? Trace { get; set; }

    /// <summary>Called after every hypercall and every change of owner, for those who check that something always holds.</summary>
    public Action? Inspect { get; set; }

    /// <inheritdoc/>
    public void MessageSent(MsgQueue queue, VCpu sender, ReadOnlySpan<byte> message, MsgQueueFlags flags, bool notFull)
    {
        ArgumentNullException.ThrowIfNull(sender);
        Trace?.Sent(queue, sender, message, flags, notFull);
        if (sender.Vmid != RootVm.Vmid) Record(sender.Vmid, RootVm.Vmid, message);
    }

    /// <inheritdoc/>
    public void MessageReceived(MsgQueue queue, VCpu receiver, ReadOnlySpan<byte> message, bool notEmpty)
    {
        ArgumentNullException.ThrowIfNull(receiver);
        if (receiver.Vmid != RootVm.Vmid) Record(RootVm.Vmid, receiver.Vmid, message);
    }

    /// <inheritdoc/>
    public void OwnershipChanged(ulong physical, ulong size, HypObject from, HypObject to) => Inspect?.Invoke();

    /// <inheritdoc/>
    public void HypercallCompleted(VCpu caller, HypercallEntry entry, GunyahError error)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(entry);
        var key = (caller.Vmid, entry.Name);
        _hypercalls[key] = _hypercalls.GetValueOrDefault(key) + 1;
        Inspect?.Invoke();
    }

    /// <inheritdoc/>
    public void Step(string text) => Add(TranscriptKind.Step, "host", text);

    /// <summary>The host's kernel logged a line.</summary>
    public void Log(string text) => Add(TranscriptKind.Log, "HLOS log", text);

    /// <summary>The guest printed a line.</summary>
    public void ConsoleLine(string text) => Add(TranscriptKind.Console, "guest", text);

    /// <inheritdoc/>
    public void MemoryAllocated(GuestRam ram)
    {
        ArgumentNullException.ThrowIfNull(ram);
        Memory = new MemoryWatch(_system.Hypervisor, ram.Pages.Select(Physical), VmNames.Of(GunyahSystem.HlosVmid));
        ReportMemory();
    }

    /// <inheritdoc/>
    public void Touched(string when, ulong address, string outcome, bool allowed) =>
        Add(TranscriptKind.Access, "host", $"HLOS reads 0x{address:x} {when}: {outcome}");

    private ulong Physical(ulong ipa)
    {
        foreach (var vcpu in _system.Hypervisor.Scheduler.VCpus)
            if (vcpu.Vmid == GunyahSystem.HlosVmid && vcpu.AddressSpace!.Stage2.TryFind(ipa, out var mapping))
                return mapping.Pa + (ipa - mapping.Ipa);
        throw new InvalidOperationException($"HLOS has no memory at 0x{ipa:x}.");
    }

    private void Record(ushort sender, ushort receiver, ReadOnlySpan<byte> packet)
    {
        var link = _links.Find(l => l.Sender == sender && l.Receiver == receiver);
        if (link is null) _links.Add(link = new LinkRecorder(sender, receiver));
        if (link.Accept(packet) is not { } message) return;
        var vm = VmNames.Of(sender == RootVm.Vmid ? receiver : sender);
        Add(TranscriptKind.Message, sender == RootVm.Vmid ? $"{vm} < RM" : $"{vm} > RM", Text(message), message);
        Follow(message);
        ReportMemory();
    }

    private static string Text(TranscriptMessage message)
    {
        var id = new MessageId(message.Id);
        var text = message.Error is null
            ? MessageFormatter.FormatPayload(id, message.Content.Span)
            : $"{message.Name} {MessageFormatter.FormatReply(id, message.Content.Span)}";
        var packets = message.Packets > 1 ? $" ({message.Packets} packets)" : "";
        return message.Type == "notification" ? $"   {text}{packets}" : $"#{message.SequenceId} {text}{packets}";
    }

    // What owns the memory next gets its name from what was agreed on.
    private void Follow(TranscriptMessage message)
    {
        var id = new MessageId(message.Id);
        if (id != MessageId.MemLend && id != MessageId.MemShare) return;
        if (message.Sender == GunyahSystem.HlosVmid && MemLend.TryParse(message.Content.Span, out var request) == DecodeStatus.Ok)
        {
            var borrowers = new List<string>();
            foreach (var entry in request.Acl) borrowers.Add(VmNames.Of(entry.Vmid));
            _parcelFor = (id == MessageId.MemLend ? "lent to " : "shared by ") + string.Join(" and ", borrowers);
        }
        else if (message.Receiver == GunyahSystem.HlosVmid && message.Error == (uint)RmError.Ok
            && MemHandleReply.TryParse(message.Content.Span[RpcLimits.ErrorSize..], out var reply) == DecodeStatus.Ok)
        {
            Memory?.NameOthers($"memparcel {reply.Handle} ({_parcelFor})");
        }
    }

    private void ReportMemory()
    {
        if (Memory is null) return;
        var now = Memory.Describe();
        if (now.SequenceEqual(_memory, StringComparer.Ordinal)) return;
        _memory = now;
        foreach (var line in now) Add(TranscriptKind.Memory, "memory", line);
    }

    private void Add(TranscriptKind kind, string who, string text, TranscriptMessage? message = null) =>
        _transcript.Add(new TranscriptEvent(_system.Clock.Nanoseconds, kind, who, text) { Message = message });
}
