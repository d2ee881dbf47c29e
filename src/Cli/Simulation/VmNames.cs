using System.Globalization;
using RmStack.Hypervisor;

namespace RmStack.Cli.Simulation;

/// <summary>What VMs are called in reports.</summary>
public static class VmNames
{
    /// <summary>Name of a VM.</summary>
    public static string Of(ushort vmid) => vmid switch
    {
        RootVm.Vmid => "RM",
        GunyahSystem.HlosVmid => "HLOS",
        _ => string.Create(CultureInfo.InvariantCulture, $"VM 0x{vmid:x}"),
    };
}
