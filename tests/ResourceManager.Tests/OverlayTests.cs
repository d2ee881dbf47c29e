using RmStack.Machine.DeviceTree;
using RmStack.Protocol;

namespace RmStack.ResourceManager.Tests;

/// <summary>The trees that the RM hands to VMs, compared with those that a real RM handed out.</summary>
public class OverlayTests
{
    private static readonly byte[] s_off = A64Code.Power(A64Code.SystemOff);

    // /hypervisor, vsoc and reserved-memory as a real RM laid them over a tree with one doorbell, in its order.
    private static readonly string[] s_generated =
    [
        "/hypervisor",
        TreeLines.Text("/hypervisor", "compatible", "gunyah-hypervisor", "qcom,gunyah-hypervisor-1.0", "qcom,gunyah-hypervisor", "simple-bus"),
        TreeLines.Cells("/hypervisor", "#size-cells", 0),
        TreeLines.Cells("/hypervisor", "#address-cells", 2),
        "/hypervisor/bell-5@2",
        TreeLines.Cells("/hypervisor/bell-5@2", "label", 5),
        TreeLines.Cells("/hypervisor/bell-5@2", "qcom,label", 5),
        TreeLines.Cells("/hypervisor/bell-5@2", "interrupts", 0, 0x3a2, 1),
        TreeLines.Cells("/hypervisor/bell-5@2", "reg", 0, 2),
        TreeLines.Text("/hypervisor/bell-5@2", "compatible", "qcom,gunyah-doorbell", "qcom,gunyah-capability"),
        "/hypervisor/qcom,resource-mgr@1",
        TreeLines.Cells("/hypervisor/qcom,resource-mgr@1", "qcom,vdevice-handle", 0),
        TreeLines.Cells("/hypervisor/qcom,resource-mgr@1", "qcom,rx-queue-depth", 8),
        TreeLines.Cells("/hypervisor/qcom,resource-mgr@1", "qcom,tx-queue-depth", 8),
        TreeLines.Cells("/hypervisor/qcom,resource-mgr@1", "qcom,rx-message-size", 0xf0),
        TreeLines.Cells("/hypervisor/qcom,resource-mgr@1", "qcom,tx-message-size", 0xf0),
        TreeLines.Cells("/hypervisor/qcom,resource-mgr@1", "qcom,is-full-duplex"),
        TreeLines.Cells("/hypervisor/qcom,resource-mgr@1", "qcom,free-irq-start", 0),
        TreeLines.Cells("/hypervisor/qcom,resource-mgr@1", "interrupts", 0, 0x3a0, 1, 0, 0x3a1, 1),
        TreeLines.Cells("/hypervisor/qcom,resource-mgr@1", "reg", 0, 0, 0, 1),
        TreeLines.Text(
            "/hypervisor/qcom,resource-mgr@1", "compatible",
            "gunyah-resource-manager", "qcom,resource-manager", "qcom,resource-manager-1-0", "qcom,gunyah-message-queue", "qcom,gunyah-capability"),
        "/hypervisor/qcom,gunyah-vm",
        TreeLines.Text("/hypervisor/qcom,gunyah-vm", "qcom,image-name", "tiny-vm"),
        TreeLines.Text("/hypervisor/qcom,gunyah-vm", "qcom,vendor", "Qualcomm"),
        TreeLines.Cells("/hypervisor/qcom,gunyah-vm", "qcom,owner-vmid", 3),
        TreeLines.Cells("/hypervisor/qcom,gunyah-vm", "qcom,vmid", 0x80),
        TreeLines.Text("/hypervisor/qcom,gunyah-vm", "compatible", "qcom,gunyah-vm-id-1.0", "qcom,gunyah-vm-id"),
        "/vsoc",
        TreeLines.Text("/vsoc", "compatible", "simple-bus"),
        TreeLines.Cells("/vsoc", "ranges"),
        TreeLines.Cells("/vsoc", "#size-cells", 2),
        TreeLines.Cells("/vsoc", "#address-cells", 2),
        "/reserved-memory",
        TreeLines.Cells("/reserved-memory", "ranges"),
        TreeLines.Cells("/reserved-memory", "#size-cells", 2),
        TreeLines.Cells("/reserved-memory", "#address-cells", 2),
    ];

    // /hypervisor as the real RM describes it to the primary VM.
    private static readonly string[] s_hlos =
    [
        "/hypervisor",
        TreeLines.Cells("/hypervisor", "#address-cells", 2),
        TreeLines.Cells("/hypervisor", "#size-cells", 0),
        TreeLines.Text("/hypervisor", "compatible", "qcom,gunyah-hypervisor-1.0", "qcom,gunyah-hypervisor", "simple-bus"),
        "/hypervisor/qcom,gunyah-vm",
        TreeLines.Text("/hypervisor/qcom,gunyah-vm", "qcom,vendor", "Qualcomm"),
        TreeLines.Text("/hypervisor/qcom,gunyah-vm", "compatible", "qcom,gunyah-vm-id-1.0", "qcom,gunyah-vm-id"),
        TreeLines.Cells("/hypervisor/qcom,gunyah-vm", "qcom,vmid", 3),
        "/hypervisor/qcom,resource-manager-rpc@0000000000000000",
        TreeLines.Cells("/hypervisor/qcom,resource-manager-rpc@0000000000000000", "qcom,free-irq-start", 960),
        TreeLines.Cells("/hypervisor/qcom,resource-manager-rpc@0000000000000000", "qcom,tx-queue-depth", 8),
        TreeLines.Cells("/hypervisor/qcom,resource-manager-rpc@0000000000000000", "qcom,rx-queue-depth", 8),
        TreeLines.Cells("/hypervisor/qcom,resource-manager-rpc@0000000000000000", "qcom,tx-message-size", 240),
        TreeLines.Cells("/hypervisor/qcom,resource-manager-rpc@0000000000000000", "qcom,rx-message-size", 240),
        TreeLines.Cells("/hypervisor/qcom,resource-manager-rpc@0000000000000000", "qcom,is-full-duplex"),
        TreeLines.Cells("/hypervisor/qcom,resource-manager-rpc@0000000000000000", "reg", 0, 0, 0, 1),
        TreeLines.Cells("/hypervisor/qcom,resource-manager-rpc@0000000000000000", "interrupts", 0, 928, 1, 0, 929, 1),
        TreeLines.Text(
            "/hypervisor/qcom,resource-manager-rpc@0000000000000000", "compatible",
            "gunyah-resource-manager", "qcom,resource-manager-1-0", "qcom,resource-manager"),
    ];

    private static DeviceTreeBlob TreeAt(World world, ulong pa, int size)
    {
        Assert.Equal(FdtStatus.Ok, DeviceTreeBlob.TryRead(world.Physical(pa, size), out var blob, out _));
        return blob!;
    }

    private static DeviceTreeBlob Started(ResourceManagerOptions options)
    {
        using var world = new World(options);
        DeviceTreeBlob? blob = null;
        world.Run(async hlos =>
        {
            var vm = await GuestVm.AllocateAsync(hlos);
            await vm.LaunchAsync(s_off, GuestTrees.Create(bells: 5));
            var area = vm.Memory + GuestVm.DtbOffset;
            Assert.Equal((uint)GuestVm.DtbSize, System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(world.Physical(area + 4, 4)));
            blob = TreeAt(world, area, (int)GuestVm.DtbSize);
        });
        return blob!;
    }

    [Fact]
    public void A_guests_tree_is_the_one_a_real_rm_made_property_by_property()
    {
        var blob = Started(new ResourceManagerOptions { Drop = RmDrop.Rm1 });
        var expected = new List<string> { "/" };
        var original = TreeLines.Of(GuestTrees.Create(bells: 5).Root);
        var ownProperties = original.TakeWhile(line => !line.StartsWith("/chosen", StringComparison.Ordinal)).Skip(1);
        expected.AddRange(ownProperties);
        expected.AddRange(s_generated);
        expected.Add("/chosen");
        expected.Add("(seed)");
        expected.AddRange(original.SkipWhile(line => line != "/chosen").Skip(1)
            .Select(line => line == TreeLines.Cells("/memory", "reg", 0, 0x8000_0000, 0, 0x20_0000) ? TreeLines.Cells("/memory", "reg", 0, 0x8000_0000, 0, 0x1_0000) : line));
        var actual = TreeLines.Of(blob.Root).Select(line => line.StartsWith("/chosen:kaslr-seed=", StringComparison.Ordinal) && line.Length == 19 + 16 ? "(seed)" : line);
        Assert.Equal(expected, actual);
    }

    [Fact]
    public void The_seed_of_a_vm_comes_from_the_seed_of_the_run()
    {
        string Seed(ulong seed) => Convert.ToHexString(Started(new ResourceManagerOptions { Seed = seed }).Find("/chosen")!.GetBytes("kaslr-seed"));
        Assert.Equal(Seed(1), Seed(1));
        Assert.NotEqual(Seed(1), Seed(2));
    }

    [Fact]
    public void The_primary_vms_hypervisor_node_is_the_one_a_real_rm_made()
    {
        using var world = new World(RmDrop.Rm1);
        world.Run(hlos =>
        {
            Assert.Equal(World.Layout.HlosEntry, hlos.Context.EntryPoint);
            Assert.Equal(World.Layout.HlosDeviceTree, hlos.Context.BootArgument);
            var blob = TreeAt(world, World.Layout.HlosDeviceTree, 0x1_0000);
            Assert.Equal(s_hlos.Order(StringComparer.Ordinal), TreeLines.Of(blob.Find("/hypervisor")!).Order(StringComparer.Ordinal));
            Assert.True(blob.Find("/memory")!.TryGetReg(0, out var address, out var size));
            Assert.Equal((0x4000_0000ul, 0x4000_0000ul), (address, size));
            Assert.Single(blob.Find("/cpus")!.Children);
            Assert.True(blob.FindCompatible("arm,gic-v3")!.TryGetReg(1, out address, out size));
            Assert.Equal((0x080a_0000ul, 0x2_0000ul), (address, size));
            Assert.NotNull(blob.FindCompatible("arm,armv8-timer"));
            Assert.NotNull(blob.FindCompatible("arm,psci-1.0"));
            return Task.CompletedTask;
        });
    }

    [Fact]
    public void The_newer_rm_names_the_upstream_string_too()
    {
        using var world = new World(new ResourceManagerOptions { HlosVcpus = 4, HlosBootArguments = "quiet" });
        world.Run(hlos =>
        {
            var blob = TreeAt(world, World.Layout.HlosDeviceTree, 0x1_0000);
            Assert.Equal("gunyah-hypervisor", blob.Find("/hypervisor")!.GetStrings("compatible").First());
            Assert.Equal(4, blob.Find("/cpus")!.Children.Count);
            Assert.Equal(4, world.Hypervisor.Scheduler.VCpus.Count(v => v.Vmid == Vmids.Hlos));
            Assert.Equal(["quiet"], blob.Find("/chosen")!.GetStrings("bootargs"));
            return Task.CompletedTask;
        });
    }

    [Fact]
    public void A_tree_that_a_loader_left_is_kept()
    {
        using var world = new World(RmDrop.Rm1);
        var left = new DeviceTreeBlob();
        left.Root.Set("model", "loaded");
        left.Root.Add("chosen").Set("bootargs", "console=hvc0");
        world.Load(World.Layout.HlosDeviceTree, left.ToArray());
        world.Run(hlos =>
        {
            var blob = TreeAt(world, World.Layout.HlosDeviceTree, 0x1_0000);
            Assert.Equal(["loaded"], blob.Root.GetStrings("model"));
            Assert.Equal(["console=hvc0"], blob.Find("/chosen")!.GetStrings("bootargs"));
            Assert.NotNull(blob.FindCompatible("gunyah-resource-manager"));
            return Task.CompletedTask;
        });
    }
}
