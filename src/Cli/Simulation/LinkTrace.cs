using System.Runtime.CompilerServices;
using RmStack.Hypervisor;
using RmStack.Hypervisor.Objects;
using RmStack.Protocol.Hypercalls;
using RmStack.Transport.Capture;

namespace RmStack.Cli.Simulation;

/// <summary>
/// Writes the packets of all links of a system's Resource Manager into a capture, each at the moment when it goes into its queue: so those
/// that nobody takes out again are there as well.
/// </summary>
/// <param name="file">The capture, which other systems may share.</param>
/// <param name="system">The system.</param>
/// <param name="prefix">What stands before the name of each link; empty when there is only one system.</param>
public sealed class LinkTrace(TraceFile file, GunyahSystem system, string prefix = "")
{
    // A queue stays the same VM's for as long as it lives, and is not kept alive for this.
    private readonly ConditionalWeakTable<MsgQueue, object> _receivers = [];
    private readonly Dictionary<ushort, int> _links = [];

    /// <summary>What is written beside the next packet of the primary VM's, once; null for nothing more than usual.</summary>
    public string? Remark { get; set; }

    /// <summary>A message went into a queue.</summary>
    public void Sent(MsgQueue queue, VCpu sender, ReadOnlySpan<byte> message, MsgQueueFlags flags, bool notFull)
    {
        ArgumentNullException.ThrowIfNull(queue);
        ArgumentNullException.ThrowIfNull(sender);
        if (!_receivers.TryGetValue(queue, out var known))
        {
            if (OwnerOf(queue.ReceiveVirq.Vic) is not { } owner) return;
            _receivers.Add(queue, known = owner);
        }

        var to = (ushort)known;
        var fromRm = sender.Vmid == RootVm.Vmid;
        // Queues between two other VMs are nobody's link to the Resource Manager.
        if (!fromRm && to != RootVm.Vmid) return;
        var vmid = fromRm ? to : sender.Vmid;
        var comment = CaptureComments.OfSend(flags, notFull);
        if (!fromRm && vmid == GunyahSystem.HlosVmid && Remark is { } remark)
        {
            comment = System.Text.Encoding.UTF8.GetBytes(comment.IsEmpty ? remark : $"{System.Text.Encoding.UTF8.GetString(comment)}, {remark}");
            Remark = null;
        }

        file.Write(writer => Link(writer, vmid), fromRm ? CaptureDirection.FromRm : CaptureDirection.ToRm, system.Clock.Nanoseconds, message, comment);
    }

    private int Link(PcapngWriter writer, ushort vmid)
    {
        if (!_links.TryGetValue(vmid, out var link)) _links.Add(vmid, link = writer.AddLink(vmid, prefix + (vmid == GunyahSystem.HlosVmid ? VmNames.Of(vmid) : "guest")));
        return link;
    }

    private ushort? OwnerOf(Vic? vic)
    {
        if (vic is null) return null;
        foreach (var vcpu in system.Hypervisor.Scheduler.VCpus)
            if (ReferenceEquals(vcpu.Vic, vic)) return vcpu.Vmid;
        return null;
    }
}
