using RmStack.Hypervisor.Hypercalls;
using RmStack.Hypervisor.Objects;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Hypervisor.Tracing;

/// <summary>
/// Watches a hypervisor from the outside: captures, printed conversations and timelines are made of this. It sees VMs of
/// every kind alike, and changes nothing.
/// </summary>
public interface IHypervisorTap
{
    /// <summary>A message went into a queue.</summary>
    void MessageSent(MsgQueue queue, VCpu sender, ReadOnlySpan<byte> message, MsgQueueFlags flags, bool notFull);

    /// <summary>A message came out of a queue.</summary>
    void MessageReceived(MsgQueue queue, VCpu receiver, ReadOnlySpan<byte> message, bool notEmpty);

    /// <summary>Physical pages changed hands.</summary>
    void OwnershipChanged(ulong physical, ulong size, HypObject from, HypObject to);

    /// <summary>A hypercall was answered; one that waits, like vcpu_run, when its results are there.</summary>
    void HypercallCompleted(VCpu caller, HypercallEntry entry, GunyahError error);
}
