using System.Globalization;
using RmStack.Machine.DeviceTree;

namespace RmStack.Host;

/// <summary>
/// The tree that a VMM gives its guest: what the guest's software wants to know, and the gunyah-vm-config node that the
/// Resource Manager makes the VM from.
/// </summary>
public static class GuestDeviceTree
{
    private const uint Gic = 1;
    private const uint ConsoleClock = 2;
    private const uint ConsoleHertz = 24_000_000;
    private const ulong DistributorSize = 0x1_0000;
    private const ulong RedistributorSize = 0x2_0000;
    private const ulong ConsoleSize = 0x1000;
    private const uint PrivateInterrupt = 1;
    private const uint SharedInterrupt = 0;
    private const uint EdgeRising = 1;
    private const uint LevelLowTimer = 0x108;
    private const uint MessageSize = 0xf0;
    private const uint QueueDepth = 8;

    /// <summary>Builds it.</summary>
    public static DeviceTreeBlob Build(VmmOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var tree = new DeviceTreeBlob();
        var root = tree.Root;
        root.Set("#address-cells", 2);
        root.Set("#size-cells", 2);
        root.Set("interrupt-parent", Gic);
        root.SetStrings("compatible", "linux,dummy-virt");
        root.Set("model", "rm-stack guest");

        var console = "/pl011@" + Hex(options.ConsoleAddress);
        var chosen = root.Add("chosen");
        if (options.BootArguments is { } arguments) chosen.Set("bootargs", arguments);
        chosen.Set("stdout-path", console);

        // No unit address: the Resource Manager looks for a node of exactly this name.
        var memory = root.Add("memory");
        memory.Set("device_type", "memory");
        memory.SetReg(options.MemoryBase, options.MemorySize);
        AddCpus(root, options.VCpus);
        AddInterrupts(root, options);
        AddConsole(root, console[1..], options.ConsoleAddress);
        AddConfiguration(root, options);
        return tree;
    }

    private static void AddCpus(DeviceTreeNode root, int count)
    {
        var cpus = root.Add("cpus");
        cpus.Set("#address-cells", 1);
        cpus.Set("#size-cells", 0);
        for (var n = 0; n < count; n++)
        {
            var cpu = cpus.Add("cpu@" + Hex((ulong)n));
            cpu.Set("device_type", "cpu");
            cpu.Set("compatible", "arm,armv8");
            cpu.Set("reg", (uint)n);
            cpu.Set("enable-method", "psci");
            cpu.Set("cpu-idle-states");
        }

        var psci = root.Add("psci");
        psci.SetStrings("compatible", "arm,psci-1.0", "arm,psci-0.2");
        psci.Set("method", "hvc");
    }

    private static void AddInterrupts(DeviceTreeNode root, VmmOptions options)
    {
        var redistributors = RedistributorSize * (ulong)options.VCpus;
        var gic = root.Add("interrupt-controller@" + Hex(options.DistributorAddress));
        gic.Set("compatible", "arm,gic-v3");
        gic.Set("#interrupt-cells", 3);
        gic.Set("#address-cells", 2);
        gic.Set("#size-cells", 2);
        gic.Set("interrupt-controller");
        gic.SetReg(options.DistributorAddress, DistributorSize, options.DistributorAddress - redistributors, redistributors);
        gic.Set("phandle", Gic);

        var timer = root.Add("timer");
        timer.Set("compatible", "arm,armv8-timer");
        timer.Set("always-on");
        timer.Set(
            "interrupts",
            PrivateInterrupt, 13, LevelLowTimer, PrivateInterrupt, 14, LevelLowTimer, PrivateInterrupt, 11, LevelLowTimer, PrivateInterrupt, 10, LevelLowTimer);
    }

    private static void AddConsole(DeviceTreeNode root, string name, ulong address)
    {
        var clock = root.Add("apb-pclk");
        clock.Set("compatible", "fixed-clock");
        clock.Set("#clock-cells", 0);
        clock.Set("clock-frequency", ConsoleHertz);
        clock.Set("phandle", ConsoleClock);

        var uart = root.Add(name);
        uart.SetStrings("compatible", "arm,pl011", "arm,primecell");
        uart.SetReg(address, ConsoleSize);
        uart.Set("clocks", ConsoleClock, ConsoleClock);
        uart.SetStrings("clock-names", "uartclk", "apb_pclk");
    }

    private static void AddConfiguration(DeviceTreeNode root, VmmOptions options)
    {
        var config = root.Add("gunyah-vm-config");
        config.Set("image-name", options.Name);
        config.Set("os-type", "linux");
        var memory = config.Add("memory");
        memory.Set("#address-cells", 2);
        memory.Set("#size-cells", 2);
        memory.SetU64("base-address", options.MemoryBase);
        config.Add("interrupts").Set("config", Gic);
        config.Add("vcpus").Set("affinity", "proxy");

        var devices = config.Add("vdevices");
        devices.Set("generate", "/hypervisor");
        var link = devices.Add("rm-rpc");
        link.Set("vdevice-type", "rm-rpc");
        link.Set("generate", "/hypervisor/qcom,resource-mgr");
        link.Set("console-dev");
        link.Set("message-size", MessageSize);
        link.Set("queue-depth", QueueDepth);
        foreach (var label in options.Doorbells)
        {
            var bell = devices.Add(string.Create(CultureInfo.InvariantCulture, $"bell-{label}"));
            bell.Set("vdevice-type", "doorbell");
            bell.Set("generate", string.Create(CultureInfo.InvariantCulture, $"/hypervisor/bell-{label}"));
            bell.Set("label", label);
            bell.Set("peer-default");
            bell.Set("source-can-clear");
            bell.Set("interrupts", SharedInterrupt, label, EdgeRising);
        }
    }

    private static string Hex(ulong number) => number.ToString("x", CultureInfo.InvariantCulture);
}
