namespace RmStack.Hypervisor.Objects;

/// <summary>Options of vcpu_configure (Gunyah: vcpu.tc and the modules that add bits to it).</summary>
[Flags]
public enum VCpuOptions : ulong
{
    None = 0,

    /// <summary>Tied to its physical CPU; shows the real MIDR.</summary>
    Pinned = 1 << 0,
    RasErrorHandler = 1 << 1,
    AmuCountingDisabled = 1 << 2,
    SveAllowed = 1 << 3,
    DebugAllowed = 1 << 4,
    TraceAllowed = 1 << 5,

    /// <summary>The system cannot go on without it.</summary>
    Critical = 1 << 8,

    /// <summary>Runs only inside vcpu_run.</summary>
    ProxyScheduled = 1 << 9,

    /// <summary>Of the primary VM: its power calls act on the machine.</summary>
    HlosVm = 1UL << 63,
}

/// <summary>What keeps a vCPU from being scheduled. It runs when nothing does.</summary>
[Flags]
public enum VCpuBlock
{
    None = 0,

    /// <summary>Powered off.</summary>
    Off = 1,

    /// <summary>Proxy-scheduled, and nobody is inside vcpu_run for it.</summary>
    Run = 2,

    /// <summary>In WFI.</summary>
    Wfi = 4,

    /// <summary>In PSCI CPU_SUSPEND, or in the WFI of a vCPU without a power group.</summary>
    Suspended = 8,

    /// <summary>Waits for the proxy to serve a device access.</summary>
    Vmmio = 16,

    /// <summary>Halted by a fault it cannot recover from.</summary>
    Fault = 32,

    /// <summary>Gone for good.</summary>
    Exited = 64,
}

/// <summary>State that vcpu_run and vcpu_run_check report (Gunyah API: vcpu_run).</summary>
public enum VCpuRunState : uint
{
    Ready = 0,
    ExpectsWakeup = 1,
    PoweredOff = 2,
    Blocked = 3,
    VmmioRead = 4,
    VmmioWrite = 5,
    Fault = 6,
    PsciSystemReset = 0x100,
}
