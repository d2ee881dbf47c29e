namespace RmStack.Host;

/// <summary>The states of vcpu_run that the driver knows (Linux: enum gunyah_vcpu_state). Others exist: 6 fault, 0x100 reset.</summary>
public enum HypervisorVCpuState : uint
{
    /// <summary>Preempted; run it again.</summary>
    Ready = 0,

    /// <summary>Waits for an interrupt; the wake-up vIRQ says when it is worth running.</summary>
    ExpectsWakeup = 1,

    /// <summary>Off, or ended.</summary>
    PoweredOff = 2,

    /// <summary>Blocked in the hypervisor.</summary>
    Blocked = 3,

    /// <summary>A load from a device of the VMM: address, bytes.</summary>
    VmmioRead = 4,

    /// <summary>A store to one: address, bytes, value.</summary>
    VmmioWrite = 5,
}
