using RmStack.Hypervisor.Native;

namespace RmStack.Host;

/// <summary>A primary VM that has come up: what its user space works with.</summary>
public sealed class HlosContext
{
    internal HlosContext(NativeContext native, HlosDeviceTree tree, HypervisorIdentity hypervisor, HlosKernel kernel, PageAllocator pages, ResourceManagerDriver resourceManager)
    {
        Native = native;
        DeviceTree = tree;
        Hypervisor = hypervisor;
        Kernel = kernel;
        Pages = pages;
        ResourceManager = resourceManager;
    }

    /// <summary>The VM: its memory, its interrupts, its hypercalls.</summary>
    public NativeContext Native { get; }

    /// <summary>What it found in its device tree.</summary>
    public HlosDeviceTree DeviceTree { get; }

    /// <summary>Which hypervisor it runs under.</summary>
    public HypervisorIdentity Hypervisor { get; }

    /// <summary>The kernel that drivers stand on.</summary>
    public HlosKernel Kernel { get; }

    /// <summary>Free memory.</summary>
    public PageAllocator Pages { get; }

    /// <summary>The link to the Resource Manager.</summary>
    public ResourceManagerDriver ResourceManager { get; }

    /// <summary>The VM's memory.</summary>
    public VmMemory Memory => Native.Memory;
}
