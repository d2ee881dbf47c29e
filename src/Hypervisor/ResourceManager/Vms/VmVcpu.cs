using RmStack.Protocol.Hypercalls;

namespace RmStack.ResourceManager.Vms;

/// <summary>One vCPU of a VM as the RM keeps it.</summary>
internal sealed class VmVcpu(int index, CapId cap)
{
    private CapId _cap = cap;
    private CapId _ownerCap = CapId.Invalid;
    private uint _haltVirq;
    private uint _wakeVirq;

    /// <summary>Slot in the interrupt controller and the power group.</summary>
    public int Index { get; } = index;

    /// <summary>The RM's capability.</summary>
    public ref CapId Cap => ref _cap;

    /// <summary>The owner's capability, in the owner's CSpace.</summary>
    public ref CapId OwnerCap => ref _ownerCap;

    /// <summary>Interrupt of the RM's that says the vCPU halted; 0 for none.</summary>
    public ref uint HaltVirq => ref _haltVirq;

    /// <summary>Interrupt of the owner's that says the vCPU is worth running; 0 for none.</summary>
    public ref uint WakeVirq => ref _wakeVirq;

    /// <summary>Runs inside its owner's vcpu_run, and nowhere else.</summary>
    public bool ProxyScheduled { get; init; }

    /// <summary>The physical CPU it is tied to, when the hypervisor schedules it.</summary>
    public ushort Core { get; init; }

    /// <summary>It was told to exit, and had ever been on: it is gone once it has run to its end.</summary>
    public bool Killed { get; set; }
}
