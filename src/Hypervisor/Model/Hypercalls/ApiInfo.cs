namespace RmStack.Hypervisor.Hypercalls;

/// <summary>What the hypervisor says it is (Gunyah API: hypervisor_identify).</summary>
public static class ApiInfo
{
    /// <summary>API version 1, little-endian, 64-bit, variant 'Q': the public build.</summary>
    public const ulong Word = 0x5100_0000_0000_8001;

    /// <summary>
    /// What the public build has: partition and cspace, doorbell, message queue, vic, vpm group, vcpu, memextent, trace,
    /// virtio-mmio, prng, proxy scheduling; fixed-priority round-robin scheduler; no watchdog.
    /// </summary>
    public const ulong Flags0 = 0x1000_0eff;

    /// <summary>The UID of the vendor-specific hypervisor service: c1d58fcd-a453-5fdb-9265-ce36673d5f14.</summary>
    public static ReadOnlySpan<uint> Uid => [0xcd8f_d5c1, 0xdb5f_53a4, 0x36ce_6592, 0x145f_3d67];
}
