using RmStack.Machine.DeviceTree;
using RmStack.ResourceManager.Devices;
using RmStack.ResourceManager.Platform;

namespace RmStack.ResourceManager.Trees;

/// <summary>Reads the <c>vdevices</c> node of a VM's configuration (RM: vm_config_parser.c).</summary>
internal sealed class VDeviceReader(DeviceTreeNode config)
{
    private const string DefaultParent = "/hypervisor";

    /// <summary>The devices in order. The status becomes Rejected when one cannot be.</summary>
    public List<VDeviceSpec> Read(ref GuestTreeStatus status)
    {
        var devices = new List<VDeviceSpec>();
        if (config.Find("vdevices") is not { } vdevices) return devices;
        var parent = vdevices.TryGetString("generate", out var path) ? path : DefaultParent;
        var hasLink = false;
        foreach (var node in vdevices.Children)
        {
            var spec = ReadDevice(node, parent);
            if (spec is null || (spec is RmLinkSpec && hasLink))
            {
                status = GuestTreeStatus.Rejected;
                break;
            }

            hasLink |= spec is RmLinkSpec;
            devices.Add(spec);
        }

        return devices;
    }

    private static VDeviceSpec? ReadDevice(DeviceTreeNode node, string parent)
    {
        if (!node.TryGetString("vdevice-type", out var type)) return null;
        var generate = node.TryGetString("generate", out var given) ? given : $"{parent}/{node.Name}";
        if (!IsPath(generate)) return null;
        return type switch
        {
            "rm-rpc" => ReadLink(node, generate),
            "doorbell" => ReadDoorbell(node, generate, vmIsSource: false),
            "doorbell-source" => ReadDoorbell(node, generate, vmIsSource: true),
            _ => null,
        };
    }

    private static RmLinkSpec? ReadLink(DeviceTreeNode node, string generate)
    {
        uint size = RmLinkSpec.DefaultMessageSize, depth = RmLinkSpec.DefaultQueueDepth;
        if (node.Has("message-size") && !node.TryGetU32("message-size", out size)) return null;
        if (node.Has("queue-depth") && !node.TryGetU32("queue-depth", out depth)) return null;
        return size > ushort.MaxValue || depth > ushort.MaxValue ? null : new RmLinkSpec(generate, size, depth);
    }

    private static DoorbellSpec? ReadDoorbell(DeviceTreeNode node, string generate, bool vmIsSource)
    {
        // A peer by name would have to be a VM of the owner's own; the owner is the only peer that VMs without authentication have.
        if (!node.Has("peer-default") || !node.TryGetU32("label", out var label)) return null;
        uint virq = 0, trigger = GicBinding.EdgeRising;
        if (node.Property("interrupts") is { } interrupts)
        {
            if (interrupts.CellCount < 3 || !interrupts.TryGetCell(0, out var kind) || !interrupts.TryGetCell(1, out var number)
                || !interrupts.TryGetCell(2, out trigger)) return null;
            if (kind != GicBinding.Spi || number > VirqPool.LastShared - VirqPool.FirstShared) return null;
            virq = number + VirqPool.FirstShared;
        }

        return new DoorbellSpec(generate, label, vmIsSource, node.Has("source-can-clear"), virq, trigger);
    }

    private static bool IsPath(string path)
    {
        if (path.Length < 2 || path[0] != '/') return false;
        foreach (var part in path[1..].Split('/'))
            if (!DeviceTreeNode.IsValidName(part))
                return false;
        return true;
    }
}
