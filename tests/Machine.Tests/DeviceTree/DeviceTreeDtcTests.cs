using FsCheck.Xunit;
using RmStack.Machine.DeviceTree;
using RmStack.Testing;

namespace RmStack.Machine.Tests.DeviceTree;

/// <summary>Reader, writer and source text against dtc and libfdt, in both directions.</summary>
public class DeviceTreeDtcTests
{
    [Property(Arbitrary = [typeof(Trees)])]
    public void What_is_written_is_read_back_unchanged(TreeModel model)
    {
        var tree = model.ToTree();
        var blob = tree.ToArray();
        Assert.Equal(blob.Length, tree.EncodedSize);
        Trees.AssertEqual(tree, Read(blob));
    }

    [Property(Arbitrary = [typeof(Trees)], MaxTest = 60)]
    public void Dtc_writes_the_same_bytes_for_the_same_tree(TreeModel model)
    {
        var blob = model.ToTree().ToArray();
        Assert.Equal(Convert.ToHexString(Dtc.Rewrite(blob)), Convert.ToHexString(blob));
    }

    [Property(Arbitrary = [typeof(Trees)], MaxTest = 60)]
    public void Dtc_reads_what_is_written_and_its_source_compiles_to_the_same_tree(TreeModel model)
    {
        var tree = model.ToTree();
        var source = Dtc.Decompile(tree.ToArray());
        Trees.AssertEqual(tree, Read(Dtc.Compile(source, "-b", $"{tree.BootCpu}")));
    }

    [Property(Arbitrary = [typeof(Trees)], MaxTest = 60)]
    public void Source_text_compiles_to_the_bytes_that_are_written(TreeModel model)
    {
        var tree = model.ToTree();
        Assert.Equal(Convert.ToHexString(Dtc.Compile(tree.ToSource(), "-b", $"{tree.BootCpu}")), Convert.ToHexString(tree.ToArray()));
    }

    [Property(Arbitrary = [typeof(Trees)], MaxTest = 40)]
    public void Version_16_and_padding_are_read_as_dtc_writes_them(TreeModel model)
    {
        var tree = model.ToTree();
        var blob = tree.ToArray();
        Trees.AssertEqual(tree, Read(Dtc.Rewrite(blob, "-V", "16")));
        Trees.AssertEqual(tree, Read(Dtc.Rewrite(blob, "-p", "1024", "-R", "3")));
    }

    [Property(Arbitrary = [typeof(Trees)], MaxTest = 60)]
    public void Overlaying_ends_where_libfdt_ends(TreeModel below, TreeModel above)
    {
        var tree = below.ToTree();
        var overlay = above.ToTree();
        var judged = Read(Dtc.Overlay(tree.ToArray(), overlay.Root));
        tree.Root.Overlay(overlay.Root);
        Trees.AssertEqual(judged, tree);
    }

    [Fact]
    public void A_guest_tree_for_the_resource_manager_survives_reading_and_writing()
    {
        var source = File.ReadAllText(Repository.PathOf("tests", "Machine.Tests", "DeviceTree", "Data", "small-guest.dts"));
        var compiled = Dtc.Compile(source);
        var tree = Read(compiled);
        var written = tree.ToArray();
        Assert.Equal(Convert.ToHexString(compiled), Convert.ToHexString(written));
        Assert.Equal(Dtc.Decompile(compiled), Dtc.Decompile(written));

        Assert.Equal([new MemoryReservation(0x8fff_0000, 0x1000)], tree.Reservations);
        Assert.True(tree.Find("/memory@80000000")!.TryGetReg(0, out var address, out var size));
        Assert.Equal((0x8000_0000ul, 0x20_0000ul), (address, size));
        var gic = tree.FindCompatible("arm,gic-v3")!;
        Assert.Equal(2, gic.RegCount);
        Assert.True(gic.TryGetReg(1, out address, out size));
        Assert.Equal((0x3ffd_0000ul, 0x2_0000ul), (address, size));
        var config = tree.Find("/gunyah-vm-config")!;
        Assert.True(config.Find("memory")!.TryGetU64("base-address", out address));
        Assert.Equal(0x8000_0000ul, address);
        Assert.True(config.Find("interrupts")!.TryGetU32("config", out var phandle));
        Assert.Same(gic, tree.FindPhandle(phandle));
        Assert.True(config.Find("vdevices/rm-rpc")!.Has("console-dev"));
        Assert.True(tree.Find("/cpus/cpu")!.TryGetReg(0, out address, out size));
        Assert.Equal((0ul, 0ul), (address, size));
    }

    [Fact]
    public void Dtc_has_nothing_to_say_about_a_machine_built_with_this_api() =>
        Assert.Empty(Dtc.Warnings(BuildMachine().ToArray()));

    [Fact]
    public void Laying_a_resource_managers_nodes_over_a_guest_tree_puts_them_first_as_the_captured_guest_saw_them()
    {
        var tree = new DeviceTreeBlob();
        tree.Root.Set("#address-cells", 2);
        tree.Root.Add("chosen").Set("bootargs", "x");
        var overlay = new DeviceTreeBlob();
        overlay.Root.Add("chosen").SetU64("kaslr-seed", 0x1b58_7c44_4e2e_2ea2);
        var hypervisor = overlay.Root.Add("hypervisor");
        hypervisor.Set("#address-cells", 2);
        hypervisor.Set("#size-cells", 0);
        hypervisor.SetStrings("compatible", "gunyah-hypervisor", "simple-bus");
        hypervisor.Add("qcom,gunyah-vm").Set("qcom,vmid", 0x80);
        hypervisor.Add("qcom,resource-mgr@1").SetReg(0, 0, 1, 0);

        tree.Root.Overlay(overlay.Root);

        Assert.Equal("hypervisor chosen", Children(tree.Root));
        Assert.Equal("kaslr-seed bootargs", Properties(tree.Find("chosen")!));
        var seen = tree.Find("hypervisor")!;
        Assert.Equal("compatible #size-cells #address-cells", Properties(seen));
        Assert.Equal("qcom,resource-mgr@1 qcom,gunyah-vm", Children(seen));
        Assert.True(seen.Find("qcom,resource-mgr")!.TryGetReg(1, out var receive, out _));
        Assert.Equal(1ul, receive);
        static string Children(DeviceTreeNode node) => string.Join(' ', node.Children.Select(child => child.Name));
        static string Properties(DeviceTreeNode node) => string.Join(' ', node.Properties.Select(property => property.Name));
    }

    private static DeviceTreeBlob Read(byte[] blob)
    {
        var status = DeviceTreeBlob.TryRead(blob, out var tree, out var offset);
        Assert.True(status == FdtStatus.Ok, $"{status} at {offset}");
        Assert.Equal(-1, offset);
        return tree!;
    }

    private static DeviceTreeBlob BuildMachine()
    {
        var tree = new DeviceTreeBlob();
        var root = tree.Root;
        root.Set("#address-cells", 2);
        root.Set("#size-cells", 2);
        root.Set("interrupt-parent", 1);
        root.Set("compatible", "linux,dummy-virt");
        root.Set("model", "rm-stack");
        var chosen = root.Add("chosen");
        chosen.Set("bootargs", "console=ttyAMA0");
        chosen.Set("stdout-path", "/uart@9000000");
        chosen.SetU64("linux,initrd-start", 0x4800_0000);
        chosen.SetU64("linux,initrd-end", 0x4810_0000);
        var memory = root.Add("memory@40000000");
        memory.Set("device_type", "memory");
        memory.SetReg(0x4000_0000, 0x1000_0000);
        var cpus = root.Add("cpus");
        cpus.Set("#address-cells", 1);
        cpus.Set("#size-cells", 0);
        for (uint i = 0; i < 2; i++)
        {
            var cpu = cpus.Add($"cpu@{i:x}");
            cpu.Set("device_type", "cpu");
            cpu.Set("compatible", "arm,armv8");
            cpu.Set("enable-method", "psci");
            cpu.SetReg(i, 0);
        }

        var psci = root.Add("psci");
        psci.SetStrings("compatible", "arm,psci-1.0", "arm,psci-0.2");
        psci.Set("method", "hvc");
        var gic = root.Add("interrupt-controller@8000000");
        gic.Set("compatible", "arm,gic-v3");
        gic.Set("#interrupt-cells", 3);
        gic.Set("#address-cells", 0);
        gic.Set("interrupt-controller");
        gic.SetReg(0x800_0000, 0x1_0000, 0x80a_0000, 0x4_0000);
        gic.Set("phandle", 1);
        var timer = root.Add("timer");
        timer.Set("compatible", "arm,armv8-timer");
        timer.Set("interrupts", 1, 13, 4, 1, 14, 4, 1, 11, 4, 1, 10, 4);
        timer.Set("always-on");
        var clock = root.Add("apb-pclk");
        clock.Set("compatible", "fixed-clock");
        clock.Set("#clock-cells", 0);
        clock.Set("clock-frequency", 24_000_000);
        clock.Set("phandle", 2);
        var uart = root.Add("uart@9000000");
        uart.SetStrings("compatible", "arm,pl011", "arm,primecell");
        uart.SetReg(0x900_0000, 0x1000);
        uart.Set("interrupts", 0, 1, 4);
        uart.Set("clocks", 2, 2);
        uart.SetStrings("clock-names", "uartclk", "apb_pclk");
        return tree;
    }
}
