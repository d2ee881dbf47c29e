using System.Globalization;
using RmStack.Hypervisor;
using RmStack.Machine.DeviceTree;
using RmStack.ResourceManager.Devices;
using RmStack.ResourceManager.Vms;

namespace RmStack.ResourceManager.Trees;

/// <summary>
/// The primary VM's device tree: what a loader left in its memory, or a tree of the platform, with the RM's hypervisor
/// node added (RM: hlos_vm.c, platform/qemu).
/// </summary>
internal static class HlosTree
{
    private const ulong DistributorSize = 0x1_0000;
    private const uint GicPhandle = 1;

    /// <summary>Private interrupts of the architectural timer, as the binding counts them: secure, EL1 physical, virtual, EL2.</summary>
    private static readonly uint[] s_timerInterrupts = [13, 14, 11, 10];

    /// <summary>A tree with what a kernel needs to run as the primary VM of the public QEMU platform.</summary>
    public static DeviceTreeBlob CreatePlatform(PlatformLayout layout, int vcpus, string? bootArguments)
    {
        var blob = new DeviceTreeBlob();
        var root = blob.Root;
        root.Set("#address-cells", 2u);
        root.Set("#size-cells", 2u);
        root.Set("interrupt-parent", GicPhandle);
        root.Set("compatible", "linux,dummy-virt");
        root.Set("model", "linux,dummy-virt");
        var chosen = root.Add("chosen");
        if (bootArguments is not null) chosen.Set("bootargs", bootArguments);
        var memory = root.Add(At("memory", layout.HlosBase));
        memory.Set("device_type", "memory");
        memory.SetReg(layout.HlosBase, layout.HlosSize);
        AddCpus(root, vcpus);
        var psci = root.Add("psci");
        psci.SetStrings("compatible", "arm,psci-1.0", "arm,psci-0.2", "arm,psci");
        psci.Set("method", "hvc");
        AddInterruptController(root, layout, vcpus);
        AddTimer(root);
        return blob;
    }

    /// <summary>Adds the hypervisor node to a tree.</summary>
    public static void AddHypervisor(DeviceTreeBlob blob, Vm hlos, RmLinkDevice link, bool namesUpstream)
    {
        var hypervisor = blob.Root.GetOrAdd("hypervisor");
        hypervisor.Set("#address-cells", 2u);
        hypervisor.Set("#size-cells", 0u);
        if (namesUpstream) hypervisor.SetStrings("compatible", "gunyah-hypervisor", "qcom,gunyah-hypervisor-1.0", "qcom,gunyah-hypervisor", "simple-bus");
        else hypervisor.SetStrings("compatible", "qcom,gunyah-hypervisor-1.0", "qcom,gunyah-hypervisor", "simple-bus");
        GuestOverlay.AddIdentity(hypervisor.GetOrAdd("qcom,gunyah-vm"), hlos, imageName: null);
        link.DescribeForHlos(hypervisor);
    }

    private static void AddCpus(DeviceTreeNode root, int vcpus)
    {
        var cpus = root.Add("cpus");
        cpus.Set("#address-cells", 1u);
        cpus.Set("#size-cells", 0u);
        for (var n = 0; n < vcpus; n++)
        {
            var cpu = cpus.Add(At("cpu", (ulong)n));
            cpu.Set("device_type", "cpu");
            cpu.Set("compatible", "arm,armv8");
            cpu.Set("enable-method", "psci");
            cpu.Set("reg", (uint)n);
        }
    }

    private static void AddInterruptController(DeviceTreeNode root, PlatformLayout layout, int vcpus)
    {
        var gic = root.Add(At("interrupt-controller", layout.GicdBase));
        gic.Set("compatible", "arm,gic-v3");
        gic.Set("#interrupt-cells", 3u);
        gic.Set("#address-cells", 2u);
        gic.Set("#size-cells", 2u);
        gic.Set("ranges");
        gic.Set("interrupt-controller");
        gic.SetReg(layout.GicdBase, DistributorSize, layout.GicrBase, layout.GicrStride * (ulong)vcpus);
        gic.Set("phandle", GicPhandle);
    }

    private static void AddTimer(DeviceTreeNode root)
    {
        var timer = root.Add("timer");
        timer.Set("compatible", "arm,armv8-timer");
        timer.Set("always-on");
        var cells = new uint[s_timerInterrupts.Length * 3];
        for (var n = 0; n < s_timerInterrupts.Length; n++)
            (cells[3 * n], cells[(3 * n) + 1], cells[(3 * n) + 2]) = (GicBinding.Ppi, s_timerInterrupts[n], GicBinding.LevelLow);
        timer.Set("interrupts", cells);
    }

    private static string At(string name, ulong unit) => name + "@" + unit.ToString("x", CultureInfo.InvariantCulture);
}
