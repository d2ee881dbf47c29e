using RmStack.Hypervisor.Native;
using RmStack.Protocol;
using RmStack.Transport;
using RmStack.Transport.Rpc;

namespace RmStack.Host;

/// <summary>A primary VM that has come up: what its user space works with.</summary>
public sealed class HlosContext
{
    private ResourceManagerDriver? _resourceManager;

    internal HlosContext(NativeContext native, HlosDeviceTree tree, HypervisorIdentity hypervisor, HlosKernel kernel, PageAllocator pages, IMsgQueuePort link)
    {
        Native = native;
        DeviceTree = tree;
        Hypervisor = hypervisor;
        Kernel = kernel;
        Pages = pages;
        Link = link;
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

    /// <summary>The bare link to the Resource Manager, for software that drives it itself; the driver takes it over when it is asked for.</summary>
    public IMsgQueuePort Link { get; }

    /// <summary>The driver of the link to the Resource Manager.</summary>
    public ResourceManagerDriver ResourceManager => _resourceManager ??= new ResourceManagerDriver(Link, new RpcClientOptions { Rules = ReassemblyRules.LinuxV12 });

    /// <summary>The VM's memory.</summary>
    public VmMemory Memory => Native.Memory;
}
