using RmStack.Machine.DeviceTree;
using RmStack.ResourceManager.Devices;

namespace RmStack.ResourceManager.Trees;

/// <summary>Who decides when the vCPUs of a VM run (RM: vm_config.h).</summary>
internal enum VcpuAffinity
{
    /// <summary>The hypervisor, each on the core it is mapped to.</summary>
    Static,

    /// <summary>The same; the VM may not move them.</summary>
    Sticky,

    /// <summary>The same; the VM sees the real core.</summary>
    Pinned,

    /// <summary>The VM's owner, by vcpu_run.</summary>
    Proxy,
}

/// <summary>Words of <c>vm-attrs</c> that change what the RM does.</summary>
[Flags]
internal enum VmAttributes
{
    None = 0,

    /// <summary>Its owner cannot stop it.</summary>
    NoShutdown = 1,

    /// <summary>It cannot be reset.</summary>
    NoReset = 2,

    /// <summary>The system cannot go on without it; implies the two others.</summary>
    CrashFatal = 4,
}

/// <summary>One node of <c>/cpus</c>.</summary>
/// <param name="Enabled">Its status is okay, or it has none.</param>
/// <param name="Core">Physical CPU that it is mapped to, when the hypervisor schedules it.</param>
internal readonly record struct GuestCpu(bool Enabled, ushort Core);

/// <summary>What the RM takes from a VM's device tree at VM_INIT. Everything in it has been checked.</summary>
internal sealed record GuestTree
{
    /// <summary>The tree itself, the RM's own copy.</summary>
    public required DeviceTreeBlob Blob { get; init; }

    /// <summary>Bytes that the blob said it has.</summary>
    public required ulong BlobSize { get; init; }

    public required string ImageName { get; init; }

    public required VmAttributes Attributes { get; init; }

    /// <summary>Where the VM's image parcel goes.</summary>
    public required ulong BaseAddress { get; init; }

    /// <summary>The distributor.</summary>
    public required ulong GicdBase { get; init; }

    /// <summary>The redistributors.</summary>
    public required ulong GicrBase { get; init; }

    /// <summary>Bytes for redistributors.</summary>
    public required ulong GicrSize { get; init; }

    /// <summary>The vCPUs, in the order of the tree, which is the order of their indices.</summary>
    public required IReadOnlyList<GuestCpu> Cpus { get; init; }

    /// <summary>Index of the vCPU that starts.</summary>
    public required int BootCpu { get; init; }

    /// <summary>The vCPUs have PSCI.</summary>
    public required bool HasPsci { get; init; }

    public required VcpuAffinity Affinity { get; init; }

    /// <summary>Virtual devices, in the order of the tree.</summary>
    public required IReadOnlyList<VDeviceSpec> Devices { get; init; }
}
