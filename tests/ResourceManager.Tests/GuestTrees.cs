using RmStack.Machine.DeviceTree;

namespace RmStack.ResourceManager.Tests;

/// <summary>Device trees as a VMM makes them; the plain one is what a real RM has accepted.</summary>
internal static class GuestTrees
{
    public const ulong Base = 0x8000_0000;

    /// <summary>One proxy-scheduled vCPU, a link to the RM and doorbells with the given labels.</summary>
    public static DeviceTreeBlob Create(int cpus = 1, bool link = true, params uint[] bells)
    {
        var blob = new DeviceTreeBlob();
        var root = blob.Root;
        root.Set("#address-cells", 2u);
        root.Set("#size-cells", 2u);
        root.Set("interrupt-parent", 1u);
        root.Set("compatible", "linux,dummy-virt");
        root.Set("model", "tiny");
        root.Add("chosen").Set("bootargs", "x");
        var memory = root.Add("memory");
        memory.Set("device_type", "memory");
        memory.SetReg(Base, 0x20_0000);
        AddCpus(root, cpus);
        var psci = root.Add("psci");
        psci.Set("compatible", "arm,psci-0.2");
        psci.Set("method", "hvc");
        AddInterrupts(root, cpus);
        AddConfiguration(root, link, bells);
        return blob;
    }

    private static void AddCpus(DeviceTreeNode root, int count)
    {
        var cpus = root.Add("cpus");
        cpus.Set("#address-cells", 1u);
        cpus.Set("#size-cells", 0u);
        for (var n = 0u; n < count; n++)
        {
            var cpu = cpus.Add($"cpu@{n:x}");
            cpu.Set("device_type", "cpu");
            cpu.Set("compatible", "arm,arm-v8");
            cpu.Set("enable-method", "psci");
            cpu.Set("reg", n);
            cpu.Set("cpu-idle-states");
        }
    }

    private static void AddInterrupts(DeviceTreeNode root, int cpus)
    {
        var gic = root.Add("interrupt-controller@3fff0000");
        gic.Set("compatible", "arm,gic-v3");
        gic.Set("#interrupt-cells", 3u);
        gic.Set("#address-cells", 2u);
        gic.Set("#size-cells", 2u);
        gic.Set("interrupt-controller");
        gic.SetReg(0x3fff_0000, 0x1_0000, 0x3fff_0000 - ((ulong)cpus * 0x2_0000), (ulong)cpus * 0x2_0000);
        gic.Set("phandle", 1u);
        var timer = root.Add("timer");
        timer.Set("compatible", "arm,armv8-timer");
        timer.Set("always-on");
        timer.Set("interrupts", 1, 13, 0x108, 1, 14, 0x108, 1, 11, 0x108, 1, 10, 0x108);
        timer.Set("clock-frequency", 19_200_000u);
    }

    private static void AddConfiguration(DeviceTreeNode root, bool link, uint[] bells)
    {
        var config = root.Add("gunyah-vm-config");
        config.Set("image-name", "tiny-vm");
        config.Set("os-type", "linux");
        var memory = config.Add("memory");
        memory.Set("#address-cells", 2u);
        memory.Set("#size-cells", 2u);
        memory.SetU64("base-address", Base);
        config.Add("interrupts").Set("config", 1u);
        config.Add("vcpus").Set("affinity", "proxy");
        var vdevices = config.Add("vdevices");
        vdevices.Set("generate", "/hypervisor");
        if (link) AddLink(vdevices);
        foreach (var label in bells) AddBell(vdevices, label);
    }

    private static void AddLink(DeviceTreeNode vdevices)
    {
        var rpc = vdevices.Add("rm-rpc");
        rpc.Set("vdevice-type", "rm-rpc");
        rpc.Set("generate", "/hypervisor/qcom,resource-mgr");
        rpc.Set("console-dev");
        rpc.Set("message-size", 240u);
        rpc.Set("queue-depth", 8u);
    }

    private static void AddBell(DeviceTreeNode vdevices, uint label)
    {
        var bell = vdevices.Add($"bell-{label}");
        bell.Set("vdevice-type", "doorbell");
        bell.Set("generate", $"/hypervisor/bell-{label}");
        bell.Set("label", label);
        bell.Set("peer-default");
        bell.Set("source-can-clear");
    }
}
