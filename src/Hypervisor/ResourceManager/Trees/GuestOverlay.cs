using System.Buffers.Binary;
using RmStack.Machine.DeviceTree;
using RmStack.ResourceManager.Vms;

namespace RmStack.ResourceManager.Trees;

/// <summary>
/// What the RM lays over a VM's device tree at VM_START: its memory, its virtual devices, who it is, a seed (RM: vm_dt.c).
/// Nodes and properties come out in the order in which libfdt puts them.
/// </summary>
internal static class GuestOverlay
{
    // What was seen: 51 doorbells and a link wanted 41124 bytes for a tree of 7226. The area is measured for the worst case.
    private const ulong WorstCaseFixed = 618;
    private const ulong WorstCasePerDevice = 640;

    private const int TotalSizeOffset = 4;

    /// <summary>Bytes that the area for the tree must have.</summary>
    public static ulong RequiredSize(GuestTree tree) =>
        tree.BlobSize + WorstCaseFixed + (WorstCasePerDevice * (ulong)tree.Devices.Count);

    /// <summary>Lays everything over the VM's tree and flattens it.</summary>
    /// <param name="tree">The VM's tree; it is changed.</param>
    /// <param name="vm">The VM.</param>
    /// <param name="memory">The RAM that the VM has: addresses and sizes in turn.</param>
    /// <param name="seed">The kaslr-seed.</param>
    /// <param name="areaSize">Bytes of the area that holds the tree; the blob says that it has them all.</param>
    /// <param name="bytes">The blob.</param>
    /// <returns>False when it does not fit.</returns>
    public static bool TryApply(GuestTree tree, Vm vm, ReadOnlySpan<ulong> memory, ulong seed, ulong areaSize, out byte[] bytes)
    {
        bytes = [];
        var root = tree.Blob.Root;
        if (RequiredSize(tree) > areaSize || !RegFits(root, memory)) return false;
        var overlay = new DeviceTreeBlob().Root;
        overlay.Add("chosen").Set("kaslr-seed", (uint)(seed >> 32), (uint)seed);
        AddBus(overlay.Add("reserved-memory"));
        var vsoc = overlay.Add("vsoc");
        AddBus(vsoc);
        vsoc.Set("compatible", "simple-bus");
        var hypervisor = overlay.Add("hypervisor");
        hypervisor.Set("#address-cells", 2u);
        hypervisor.Set("#size-cells", 0u);
        hypervisor.SetStrings("compatible", "gunyah-hypervisor", "qcom,gunyah-hypervisor-1.0", "qcom,gunyah-hypervisor", "simple-bus");
        AddIdentity(hypervisor.Add("qcom,gunyah-vm"), vm, tree.ImageName);
        foreach (var device in vm.Devices)
            if (!device.TryDescribe(overlay))
                return false;

        root.Overlay(overlay);
        Exactly(root, "memory").SetReg(memory);
        if ((ulong)tree.Blob.EncodedSize > areaSize) return false;
        bytes = tree.Blob.ToArray();
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(TotalSizeOffset), (uint)Math.Min(areaSize, DeviceTreeBlob.MaxSize));
        return true;
    }

    /// <summary>The node that says which VM this is.</summary>
    public static void AddIdentity(DeviceTreeNode node, Vm vm, string? imageName)
    {
        node.SetStrings("compatible", "qcom,gunyah-vm-id-1.0", "qcom,gunyah-vm-id");
        node.Set("qcom,vmid", (uint)vm.Vmid);
        if (imageName is not null) node.Set("qcom,owner-vmid", (uint)vm.Owner);
        node.Set("qcom,vendor", "Qualcomm");
        if (imageName is not null) node.Set("qcom,image-name", imageName);
    }

    private static void AddBus(DeviceTreeNode node)
    {
        node.Set("#address-cells", 2u);
        node.Set("#size-cells", 2u);
        node.Set("ranges");
    }

    private static DeviceTreeNode Exactly(DeviceTreeNode root, string name)
    {
        foreach (var child in root.Children)
            if (child.Name == name)
                return child;
        return root.Add(name);
    }

    private static bool RegFits(DeviceTreeNode root, ReadOnlySpan<ulong> memory)
    {
        for (var n = 0; n < memory.Length; n++)
            if ((n % 2 == 0 ? root.AddressCells : root.SizeCells) < 2 && memory[n] > uint.MaxValue)
                return false;
        return true;
    }
}
