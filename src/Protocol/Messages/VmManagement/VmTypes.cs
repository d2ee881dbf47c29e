namespace RmStack.Protocol.Messages;

/// <summary>Life of a VM as VM_STATUS and VM_GET_STATE tell it. RM: vm_mgnt.h. Unknown values survive.</summary>
public enum VmState : byte
{
    /// <summary>No state.</summary>
    None = 0,

    /// <summary>Configured and authenticated.</summary>
    Init = 1,

    /// <summary>Its objects exist; it may start.</summary>
    Ready = 2,

    /// <summary>Running.</summary>
    Running = 3,

    /// <summary>Paused; no public RM enters it.</summary>
    Paused = 4,

    /// <summary>Allocated, nothing configured.</summary>
    Load = 5,

    /// <summary>Configured, waits for VM_AUTH_IMAGE.</summary>
    Auth = 6,

    /// <summary>A step towards running failed.</summary>
    InitFailed = 8,

    /// <summary>Over.</summary>
    Exited = 9,

    /// <summary>Being cleaned up.</summary>
    Resetting = 10,

    /// <summary>Cleaned up.</summary>
    Reset = 11,

    /// <summary>Cleaned up and may not start again (newer RM).</summary>
    Defunct = 12,
}

/// <summary>What a VM's operating system said about itself in VM_SET_STATUS.</summary>
public enum OsState : byte
{
    /// <summary>Nothing said; in VM_SET_STATUS: leave as it is.</summary>
    None = 0,

    /// <summary>Early boot.</summary>
    EarlyBoot = 1,

    /// <summary>Boot.</summary>
    Boot = 2,

    /// <summary>Init.</summary>
    Init = 3,

    /// <summary>Run.</summary>
    Run = 4,

    /// <summary>Shutting down.</summary>
    Shutdown = 5,

    /// <summary>Halted.</summary>
    Halted = 6,

    /// <summary>Crashed.</summary>
    Crashed = 7,
}

/// <summary>Why a VM ended, in VM_EXITED. RM: vm_mgnt.h. Unknown values survive.</summary>
public enum ExitType : ushort
{
    /// <summary>VM_EXIT message.</summary>
    VmExit = 0,

    /// <summary>PSCI SYSTEM_OFF.</summary>
    PlatformOff = 1,

    /// <summary>PSCI SYSTEM_RESET.</summary>
    PlatformReset = 2,

    /// <summary>PSCI SYSTEM_RESET2; the reason has 16 bytes.</summary>
    PsciSystemReset2 = 3,

    /// <summary>Watchdog bite.</summary>
    WatchdogBite = 4,

    /// <summary>Unrecoverable fault.</summary>
    SoftwareError = 5,

    /// <summary>Asynchronous hardware error; no public RM sends it.</summary>
    AsyncHardwareError = 6,

    /// <summary>VM_STOP with FORCE.</summary>
    ForcedStop = 7,
}

/// <summary>Flags of an exit: the low half of the first reason word. RM defines bit 0; the others are the downstream driver's names.</summary>
[Flags]
public enum VmExitFlags : ushort
{
    /// <summary>Power off.</summary>
    None = 0,

    /// <summary>A restart was asked for.</summary>
    Restart = 1 << 0,

    /// <summary>Whole system (downstream).</summary>
    System = 1 << 1,

    /// <summary>Warm (downstream).</summary>
    Warm = 1 << 2,

    /// <summary>With a dump (downstream).</summary>
    Dump = 1 << 3,

    /// <summary>PSCI SYSTEM_RESET2 came as a 64-bit call.</summary>
    Call64 = 1 << 15,
}

/// <summary>Code of an exit: the high half of the first reason word. RM: vm_mgnt_message.h.</summary>
public enum VmExitCode : ushort
{
    /// <summary>Normal.</summary>
    Normal = 0,

    /// <summary>Software error, or a crash message was stored.</summary>
    SoftwareError = 1,

    /// <summary>Unknown; only the RM uses it.</summary>
    Unknown = 2,

    /// <summary>Bus error.</summary>
    BusError = 3,

    /// <summary>Device error.</summary>
    DeviceError = 4,
}

/// <summary>Flags of VM_STOP.</summary>
[Flags]
public enum VmStopFlags : byte
{
    /// <summary>Ask the VM (VM_SHUTDOWN) and change nothing.</summary>
    None = 0,

    /// <summary>Kill its vCPUs now.</summary>
    Force = 1 << 0,
}

/// <summary>Reason in VM_STOP and VM_SHUTDOWN. Any value passes.</summary>
public enum StopReason : uint
{
    /// <summary>Shut down.</summary>
    Shutdown = 0,

    /// <summary>Restart.</summary>
    Restart = 1,

    /// <summary>Crash.</summary>
    Crash = 2,

    /// <summary>Forced.</summary>
    ForceStop = 3,
}

/// <summary>How a VM's image is trusted, in VM_CONFIG_IMAGE. RM: vm_creation_message.h.</summary>
public enum AuthMechanism : ushort
{
    /// <summary>Not at all.</summary>
    None = 0,

    /// <summary>By the platform (Linux: QCOM_PIL_ELF, a trusted VM).</summary>
    Platform = 1,

    /// <summary>By Android's protected-VM firmware.</summary>
    Android = 2,
}

/// <summary>Kind of an entry in the reply to VM_GET_HYP_RESOURCES. RM: vm_resource_msg.h. Unknown values survive.</summary>
public enum ResourceType : byte
{
    /// <summary>Sending end of a doorbell (Linux: BELL_TX).</summary>
    DoorbellSource = 0,

    /// <summary>Receiving end of a doorbell (Linux: BELL_RX).</summary>
    Doorbell = 1,

    /// <summary>Sending end of a message queue (Linux: MSGQ_TX).</summary>
    MsgQueueSend = 2,

    /// <summary>Receiving end of a message queue (Linux: MSGQ_RX).</summary>
    MsgQueueReceive = 3,

    /// <summary>A vCPU.</summary>
    VirtualCpu = 4,

    /// <summary>A power-management group (downstream: VPMGRP).</summary>
    VirtualPm = 5,

    /// <summary>A virtio-mmio device; base and size are valid.</summary>
    VirtioMmio = 6,

    /// <summary>A real-time clock; never reported.</summary>
    VirtualRtc = 7,

    /// <summary>A watchdog.</summary>
    Watchdog = 8,

    /// <summary>A memory extent; the label says which (newer RM).</summary>
    MemoryExtent = 9,

    /// <summary>The VM's address space (newer RM).</summary>
    AddressSpace = 10,

    /// <summary>A heap of the RM (newer RM).</summary>
    Heap = 11,
}

/// <summary>Which registers VM_SET_BOOT_CONTEXT sets. Linux: enum gunyah_vm_boot_context_reg.</summary>
public enum BootRegisterSet : byte
{
    /// <summary>X0 to X30.</summary>
    X = 0,

    /// <summary>The program counter.</summary>
    Pc = 1,

    /// <summary>SP_EL0 (0) and SP_EL1 (1).</summary>
    Sp = 2,
}

/// <summary>Which range VM_SET_ADDRESS_LAYOUT moves.</summary>
public enum AddressRangeId : uint
{
    /// <summary>The image.</summary>
    Image = 0,

    /// <summary>The firmware.</summary>
    Firmware = 1,
}

/// <summary>Kind of an entry in the reply to VM_GET_ID.</summary>
public enum VmIdType : byte
{
    /// <summary>16 bytes in reading order; always there, first.</summary>
    Guid = 0,

    /// <summary>URI.</summary>
    Uri = 1,

    /// <summary>Name.</summary>
    Name = 2,

    /// <summary>Who signed the image; always there, last.</summary>
    SignAuth = 3,
}
