using RmStack.Hypervisor;
using RmStack.Hypervisor.Objects;
using RmStack.Machine.Time;
using RmStack.Protocol.Hypercalls;
using RmStack.Transport.Capture;

namespace RmStack.Cli.Simulation;

/// <summary>
/// Writes the packets of all links of the Resource Manager into a capture, each at the moment when it goes into its queue: so those that
/// nobody takes out again are there as well.
/// </summary>
/// <param name="writer">The capture.</param>
/// <param name="scheduler">Knows which VM an interrupt controller belongs to.</param>
/// <param name="clock">Virtual time.</param>
public sealed class LinkTrace(PcapngWriter writer, Hypervisor.Scheduling.Scheduler scheduler, VirtualClock clock)
{
    // A queue stays the same VM's for as long as it lives.
    private readonly Dictionary<MsgQueue, ushort> _receivers = [];
    private readonly Dictionary<ushort, int> _links = [];

    /// <summary>Called after each packet.</summary>
    public Action? Written { get; init; }

    /// <summary>A message went into a queue.</summary>
    public void Sent(MsgQueue queue, VCpu sender, ReadOnlySpan<byte> message, MsgQueueFlags flags, bool notFull)
    {
        ArgumentNullException.ThrowIfNull(queue);
        ArgumentNullException.ThrowIfNull(sender);
        if (!_receivers.TryGetValue(queue, out var to))
        {
            if (OwnerOf(queue.ReceiveVirq.Vic) is not { } owner) return;
            _receivers.Add(queue, to = owner);
        }

        var fromRm = sender.Vmid == RootVm.Vmid;
        // Queues between two other VMs are nobody's link to the Resource Manager.
        if (!fromRm && to != RootVm.Vmid) return;
        var vmid = fromRm ? to : sender.Vmid;
        if (!_links.TryGetValue(vmid, out var link)) _links.Add(vmid, link = writer.AddLink(vmid, vmid == GunyahSystem.HlosVmid ? VmNames.Of(vmid) : "guest"));
        writer.Write(link, fromRm ? CaptureDirection.FromRm : CaptureDirection.ToRm, clock.Nanoseconds, message, CaptureComments.OfSend(flags, notFull));
        Written?.Invoke();
    }

    private ushort? OwnerOf(Vic? vic)
    {
        if (vic is null) return null;
        foreach (var vcpu in scheduler.VCpus)
            if (ReferenceEquals(vcpu.Vic, vic)) return vcpu.Vmid;
        return null;
    }
}
