namespace RmStack.Protocol.Hypercalls;

/// <summary>
/// Numbers of the hypercalls. HVC #(0x6000 + N) calls one with its arguments from X0 on; HVC or SMC #0 with X0 = 0xC6008000 + N takes
/// them from X1 on. Gunyah: hypcall_def.h, the API manual's list. N from 0x00 to 0x68 are decoded by 23.12.
/// </summary>
public static class HypercallNumber
{
    /// <summary>Added to N in the immediate of HVC.</summary>
    public const int HvcImmediateBase = 0x6000;

    /// <summary>Added to N in X0 of the SMCCC form: fast call, SMC64, vendor-specific hypervisor service, class hypercall.</summary>
    public const uint SmcccBase = 0xC6008000;

    /// <summary>Highest N that the 23.12 hypervisor decodes.</summary>
    public const int Highest = 0x68;

    // Identification, objects, capabilities.
    /// <summary>hypervisor_identify.</summary>
    public const int HypervisorIdentify = 0x00;

    /// <summary>partition_create_partition; always unimplemented.</summary>
    public const int PartitionCreatePartition = 0x01;

    /// <summary>partition_create_cspace.</summary>
    public const int PartitionCreateCSpace = 0x02;

    /// <summary>partition_create_addrspace.</summary>
    public const int PartitionCreateAddrSpace = 0x03;

    /// <summary>partition_create_memextent.</summary>
    public const int PartitionCreateMemExtent = 0x04;

    /// <summary>partition_create_thread.</summary>
    public const int PartitionCreateThread = 0x05;

    /// <summary>partition_create_doorbell.</summary>
    public const int PartitionCreateDoorbell = 0x06;

    /// <summary>partition_create_msgqueue.</summary>
    public const int PartitionCreateMsgQueue = 0x07;

    /// <summary>partition_create_watchdog; builds with a watchdog only.</summary>
    public const int PartitionCreateWatchdog = 0x09;

    /// <summary>partition_create_vic.</summary>
    public const int PartitionCreateVic = 0x0A;

    /// <summary>partition_create_vpm_group.</summary>
    public const int PartitionCreateVpmGroup = 0x0B;

    /// <summary>object_activate.</summary>
    public const int ObjectActivate = 0x0C;

    /// <summary>object_activate_from.</summary>
    public const int ObjectActivateFrom = 0x0D;

    /// <summary>object_reset; always unimplemented.</summary>
    public const int ObjectReset = 0x0E;

    /// <summary>object_reset_from; always unimplemented.</summary>
    public const int ObjectResetFrom = 0x0F;

    /// <summary>cspace_delete_cap_from.</summary>
    public const int CSpaceDeleteCapFrom = 0x22;

    /// <summary>cspace_copy_cap_from.</summary>
    public const int CSpaceCopyCapFrom = 0x23;

    /// <summary>cspace_revoke_cap_from; always unimplemented.</summary>
    public const int CSpaceRevokeCapFrom = 0x24;

    /// <summary>cspace_configure.</summary>
    public const int CSpaceConfigure = 0x25;

    /// <summary>cspace_attach_thread.</summary>
    public const int CSpaceAttachThread = 0x3E;

    /// <summary>partition_create_virtio_mmio.</summary>
    public const int PartitionCreateVirtioMmio = 0x48;

    /// <summary>cspace_revoke_caps_from.</summary>
    public const int CSpaceRevokeCapsFrom = 0x59;

    // Doorbells and message queues.
    /// <summary>doorbell_bind_virq.</summary>
    public const int DoorbellBindVIrq = 0x10;

    /// <summary>doorbell_unbind_virq.</summary>
    public const int DoorbellUnbindVIrq = 0x11;

    /// <summary>doorbell_send.</summary>
    public const int DoorbellSend = 0x12;

    /// <summary>doorbell_receive.</summary>
    public const int DoorbellReceive = 0x13;

    /// <summary>doorbell_reset.</summary>
    public const int DoorbellReset = 0x14;

    /// <summary>doorbell_mask.</summary>
    public const int DoorbellMask = 0x15;

    /// <summary>msgqueue_bind_send_virq.</summary>
    public const int MsgQueueBindSendVIrq = 0x17;

    /// <summary>msgqueue_bind_receive_virq.</summary>
    public const int MsgQueueBindReceiveVIrq = 0x18;

    /// <summary>msgqueue_unbind_send_virq.</summary>
    public const int MsgQueueUnbindSendVIrq = 0x19;

    /// <summary>msgqueue_unbind_receive_virq.</summary>
    public const int MsgQueueUnbindReceiveVIrq = 0x1A;

    /// <summary>msgqueue_send.</summary>
    public const int MsgQueueSend = 0x1B;

    /// <summary>msgqueue_receive.</summary>
    public const int MsgQueueReceive = 0x1C;

    /// <summary>msgqueue_flush.</summary>
    public const int MsgQueueFlush = 0x1D;

    /// <summary>msgqueue_configure_send.</summary>
    public const int MsgQueueConfigureSend = 0x1F;

    /// <summary>msgqueue_configure_receive.</summary>
    public const int MsgQueueConfigureReceive = 0x20;

    /// <summary>msgqueue_configure.</summary>
    public const int MsgQueueConfigure = 0x21;

    // Interrupt controller.
    /// <summary>hwirq_bind_virq.</summary>
    public const int HwIrqBindVIrq = 0x26;

    /// <summary>hwirq_unbind_virq.</summary>
    public const int HwIrqUnbindVIrq = 0x27;

    /// <summary>vic_configure.</summary>
    public const int VicConfigure = 0x28;

    /// <summary>vic_attach_vcpu.</summary>
    public const int VicAttachVCpu = 0x29;

    /// <summary>vic_bind_msi_source.</summary>
    public const int VicBindMsiSource = 0x56;

    /// <summary>vgic_set_mpidr_mapping.</summary>
    public const int VGicSetMpidrMapping = 0x67;

    // Address spaces and memory.
    /// <summary>addrspace_attach_thread.</summary>
    public const int AddrSpaceAttachThread = 0x2A;

    /// <summary>addrspace_map.</summary>
    public const int AddrSpaceMap = 0x2B;

    /// <summary>addrspace_unmap.</summary>
    public const int AddrSpaceUnmap = 0x2C;

    /// <summary>addrspace_update_access.</summary>
    public const int AddrSpaceUpdateAccess = 0x2D;

    /// <summary>addrspace_configure.</summary>
    public const int AddrSpaceConfigure = 0x2E;

    /// <summary>addrspace_attach_vdma.</summary>
    public const int AddrSpaceAttachVDma = 0x2F;

    /// <summary>memextent_modify.</summary>
    public const int MemExtentModify = 0x30;

    /// <summary>memextent_configure.</summary>
    public const int MemExtentConfigure = 0x31;

    /// <summary>memextent_configure_derive.</summary>
    public const int MemExtentConfigureDerive = 0x32;

    /// <summary>addrspace_lookup.</summary>
    public const int AddrSpaceLookup = 0x5A;

    /// <summary>addrspace_configure_info_area.</summary>
    public const int AddrSpaceConfigureInfoArea = 0x5B;

    /// <summary>addrspace_configure_vmmio.</summary>
    public const int AddrSpaceConfigureVmmio = 0x60;

    /// <summary>memextent_donate; the API manual prints 0x33.</summary>
    public const int MemExtentDonate = 0x61;

    /// <summary>addrspace_attach_vdevice.</summary>
    public const int AddrSpaceAttachVDevice = 0x62;

    /// <summary>addrspace_find_info_area; builds after 23.12 only.</summary>
    public const int AddrSpaceFindInfoArea = 0x6A;

    // vCPUs, scheduling, power.
    /// <summary>vcpu_configure.</summary>
    public const int VCpuConfigure = 0x34;

    /// <summary>vcpu_poweron.</summary>
    public const int VCpuPoweron = 0x38;

    /// <summary>vcpu_poweroff.</summary>
    public const int VCpuPoweroff = 0x39;

    /// <summary>vcpu_kill.</summary>
    public const int VCpuKill = 0x3A;

    /// <summary>scheduler_yield.</summary>
    public const int SchedulerYield = 0x3B;

    /// <summary>vpm_group_attach_vcpu.</summary>
    public const int VpmGroupAttachVCpu = 0x3C;

    /// <summary>vcpu_set_affinity.</summary>
    public const int VCpuSetAffinity = 0x3D;

    /// <summary>vpm_group_bind_virq.</summary>
    public const int VpmGroupBindVIrq = 0x43;

    /// <summary>vpm_group_unbind_virq.</summary>
    public const int VpmGroupUnbindVIrq = 0x44;

    /// <summary>vpm_group_get_state.</summary>
    public const int VpmGroupGetState = 0x45;

    /// <summary>vcpu_set_priority.</summary>
    public const int VCpuSetPriority = 0x46;

    /// <summary>vcpu_set_timeslice.</summary>
    public const int VCpuSetTimeslice = 0x47;

    /// <summary>vcpu_bind_virq.</summary>
    public const int VCpuBindVIrq = 0x5C;

    /// <summary>vcpu_unbind_virq.</summary>
    public const int VCpuUnbindVIrq = 0x5D;

    /// <summary>vcpu_register_write.</summary>
    public const int VCpuRegisterWrite = 0x64;

    /// <summary>vcpu_run.</summary>
    public const int VCpuRun = 0x65;

    /// <summary>vpm_group_configure.</summary>
    public const int VpmGroupConfigure = 0x66;

    /// <summary>vcpu_run_check.</summary>
    public const int VCpuRunCheck = 0x68;

    // Other devices.
    /// <summary>trace_update_class_flags.</summary>
    public const int TraceUpdateClassFlags = 0x3F;

    /// <summary>watchdog_attach_vcpu; builds with a watchdog only.</summary>
    public const int WatchdogAttachVCpu = 0x40;

    /// <summary>watchdog_bind_virq; builds with a watchdog only.</summary>
    public const int WatchdogBindVIrq = 0x41;

    /// <summary>watchdog_unbind_virq; builds with a watchdog only.</summary>
    public const int WatchdogUnbindVIrq = 0x42;

    /// <summary>virtio_mmio_configure.</summary>
    public const int VirtioMmioConfigure = 0x49;

    /// <summary>virtio_mmio_backend_bind_virq.</summary>
    public const int VirtioMmioBackendBindVIrq = 0x4A;

    /// <summary>virtio_mmio_backend_unbind_virq.</summary>
    public const int VirtioMmioBackendUnbindVIrq = 0x4B;

    /// <summary>virtio_mmio_frontend_bind_virq.</summary>
    public const int VirtioMmioFrontendBindVIrq = 0x4C;

    /// <summary>virtio_mmio_frontend_unbind_virq.</summary>
    public const int VirtioMmioFrontendUnbindVIrq = 0x4D;

    /// <summary>virtio_mmio_backend_assert_virq.</summary>
    public const int VirtioMmioBackendAssertVIrq = 0x4E;

    /// <summary>virtio_mmio_backend_set_dev_features.</summary>
    public const int VirtioMmioBackendSetDevFeatures = 0x4F;

    /// <summary>virtio_mmio_backend_set_queue_num_max.</summary>
    public const int VirtioMmioBackendSetQueueNumMax = 0x50;

    /// <summary>virtio_mmio_backend_get_drv_features.</summary>
    public const int VirtioMmioBackendGetDrvFeatures = 0x51;

    /// <summary>virtio_mmio_backend_get_queue_info.</summary>
    public const int VirtioMmioBackendGetQueueInfo = 0x52;

    /// <summary>virtio_mmio_backend_get_notification.</summary>
    public const int VirtioMmioBackendGetNotification = 0x53;

    /// <summary>virtio_mmio_backend_acknowledge_reset.</summary>
    public const int VirtioMmioBackendAcknowledgeReset = 0x54;

    /// <summary>virtio_mmio_backend_update_status.</summary>
    public const int VirtioMmioBackendUpdateStatus = 0x55;

    /// <summary>prng_get_entropy; builds with a hardware RNG only.</summary>
    public const int PrngGetEntropy = 0x57;

    /// <summary>watchdog_configure; builds with a watchdog only.</summary>
    public const int WatchdogConfigure = 0x58;

    /// <summary>virtio_input_configure.</summary>
    public const int VirtioInputConfigure = 0x5E;

    /// <summary>virtio_input_set_data.</summary>
    public const int VirtioInputSetData = 0x5F;

    /// <summary>watchdog_manage; builds with a watchdog only.</summary>
    public const int WatchdogManage = 0x63;

    /// <summary>Immediate of the native call.</summary>
    public static ushort HvcImmediate(int number) => (ushort)(HvcImmediateBase + number);

    /// <summary>Function id of the SMCCC call.</summary>
    public static uint SmcccFunctionId(int number) => SmcccBase + (uint)number;
}
