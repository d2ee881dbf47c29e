using RmStack.Protocol.Messages;

namespace RmStack.Host;

/// <summary>A VM as its functions see it: <see cref="GunyahVm"/>, or one that somebody else launched and only its vCPUs are run here.</summary>
public interface IGunyahVm
{
    /// <summary>Its VMID.</summary>
    ushort Vmid { get; }

    /// <summary>Its state as the host tracks it.</summary>
    VmState State { get; }

    /// <summary>How it ended, once it has.</summary>
    VmExitInfo? Exit { get; }

    /// <summary>True while its vCPUs may run.</summary>
    bool IsRunning { get; }

    /// <summary>Its resources.</summary>
    ResourceTickets Tickets { get; }

    /// <summary>The kernel below.</summary>
    IHostKernel Kernel { get; }

    /// <summary>Where notifications of the Resource Manager come from.</summary>
    NotifierChain Notifier { get; }

    /// <summary>Waits for a start in progress.</summary>
    ValueTask WaitForStartAsync();
}
