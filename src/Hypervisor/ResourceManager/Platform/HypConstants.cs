using RmStack.Protocol.Messages;

namespace RmStack.ResourceManager.Platform;

/// <summary>Option words and numbers of the hypercalls that the RM makes (Gunyah API; hypervisor: *.tc).</summary>
internal static class HypConstants
{
    public const ulong PageSize = 4096;

    /// <summary>addrspace_map, addrspace_unmap: offset and size are given.</summary>
    public const uint MapPartial = 1;

    /// <summary>memextent_configure_derive: SPARSE, any memory type, RWX.</summary>
    public const uint SparseExtent = 0x0001_0007;

    /// <summary>memextent_configure_derive: BASIC, any memory type, RW.</summary>
    public const uint BasicReadWriteExtent = 0x0000_0006;

    public const uint DonateToChild = 0;
    public const uint DonateToParent = 1;
    public const uint DonateToSibling = 2;

    /// <summary>memextent_modify: zero a range, without waiting for other CPUs, which this operation demands.</summary>
    public const uint ModifyZeroRange = 0x8000_0001;

    /// <summary>vic_configure: the interrupt controller is not at the platform's addresses.</summary>
    public const ulong VicDisableDefaultAddress = 2;

    /// <summary>Shared interrupts that exist.</summary>
    public const uint VicMaxVirqs = 988;

    /// <summary>vgic_set_mpidr_mapping: the mask of a linear mapping.</summary>
    public const ulong LinearMpidrMask = 0x7fff;

    /// <summary>addrspace_attach_vdevice of a redistributor: bit 1 says whether it is the last.</summary>
    public const ulong GicrLastValid = 1;
    public const ulong GicrLast = 2;

    /// <summary>vpm_group_configure: each vCPU goes off by itself.</summary>
    public const ulong VpmNoAggregation = 1;

    public const ulong VcpuPinned = 1 << 0;
    public const ulong VcpuProxyScheduled = 1 << 9;
    public const ulong VcpuHlos = 1UL << 63;

    public const uint VcpuVirqHalt = 0;
    public const uint VcpuVirqWakeup = 1;

    /// <summary>vcpu_set_affinity: no physical CPU.</summary>
    public const ushort NoAffinity = 0xffff;

    public const uint VcpuPriority = 32;
    public const ulong VcpuTimesliceNs = 5_000_000;

    public const uint RunStatePoweredOff = 2;
    public const uint RunStateFault = 6;
    public const uint RunStatePsciReset = 0x100;

    /// <summary>State data 0 of RunStatePoweredOff: the vCPU is gone for good.</summary>
    public const ulong PoweredOffForGood = 1;

    /// <summary>State data 0 of RunStatePsciReset.</summary>
    public const ulong PsciPlainReset = 1UL << 63;
    public const ulong PsciReset64 = 1UL << 62;

    private const uint MemoryTypeDeviceNGnRE = 1;
    private const uint MemoryTypeNormalNC = 5;
    private const uint MemoryTypeNormalWriteBack = 15;
    private const int KernelShift = 4;
    private const int MemoryTypeShift = 16;

    /// <summary>The attribute word of addrspace_map: the same rights at EL0 and EL1, and the memory type that an attribute of a memparcel stands for.</summary>
    public static uint MapAttributes(MemRights rights, MemAttribute attribute = MemAttribute.Normal)
    {
        var type = attribute switch
        {
            MemAttribute.Device => MemoryTypeDeviceNGnRE,
            MemAttribute.Uncached => MemoryTypeNormalNC,
            _ => MemoryTypeNormalWriteBack,
        };
        return (uint)rights | ((uint)rights << KernelShift) | (type << MemoryTypeShift);
    }
}
