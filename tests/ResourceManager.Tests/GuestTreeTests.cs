using FsCheck.Xunit;
using RmStack.Machine.DeviceTree;
using RmStack.ResourceManager.Devices;
using RmStack.ResourceManager.Trees;

namespace RmStack.ResourceManager.Tests;

/// <summary>What the RM takes from a guest's device tree, and which trees it refuses.</summary>
public class GuestTreeTests
{
    private static GuestTreeStatus Read(DeviceTreeBlob blob, out GuestTree? tree) => GuestTreeReader.TryRead(blob.ToArray(), out tree);

    private static GuestTreeStatus Status(Action<DeviceTreeBlob> change, int cpus = 1)
    {
        var blob = GuestTrees.Create(cpus, bells: 5);
        change(blob);
        var status = Read(blob, out var tree);
        Assert.Equal(status == GuestTreeStatus.Ok, tree is not null);
        return status;
    }

    [Fact]
    public void A_tree_that_the_real_rm_accepted_is_read()
    {
        Assert.Equal(GuestTreeStatus.Ok, Read(GuestTrees.Create(2, bells: 5), out var tree));
        Assert.Equal("tiny-vm", tree!.ImageName);
        Assert.Equal(0x8000_0000ul, tree.BaseAddress);
        Assert.Equal((0x3fff_0000ul, 0x3ffb_0000ul, 0x4_0000ul), (tree.GicdBase, tree.GicrBase, tree.GicrSize));
        Assert.Equal(VcpuAffinity.Proxy, tree.Affinity);
        Assert.Equal((2, 0, true), (tree.Cpus.Count, tree.BootCpu, tree.HasPsci));
        Assert.Equal(
            [new RmLinkSpec("/hypervisor/qcom,resource-mgr"), new DoorbellSpec("/hypervisor/bell-5", 5, VmIsSource: false, SourceCanClear: true, 0, 1)],
            tree.Devices);
    }

    [Fact]
    public void A_doorbell_can_ask_for_its_interrupt()
    {
        var blob = GuestTrees.Create(bells: 4);
        blob.Find("/gunyah-vm-config/vdevices/bell-4")!.Set("interrupts", 0, 4, 4);
        Assert.Equal(GuestTreeStatus.Ok, Read(blob, out var tree));
        Assert.Equal(new DoorbellSpec("/hypervisor/bell-4", 4, VmIsSource: false, SourceCanClear: true, 36, 4), tree!.Devices[1]);
    }

    [Fact]
    public void A_memory_node_with_a_unit_address_is_fatal() => Assert.Equal(GuestTreeStatus.Unreadable, Status(blob =>
    {
        blob.Root.RemoveNode("memory");
        blob.Root.Add("memory@80000000").Set("device_type", "memory");
    }));

    [Theory]
    [InlineData("gunyah-vm-config")]
    [InlineData("gunyah-vm-config/memory")]
    [InlineData("memory")]
    public void A_node_that_every_vm_has_must_be_there(string node) => Assert.Equal(GuestTreeStatus.Unreadable, Status(blob => blob.Root.RemoveNode(node)));

    [Theory]
    [InlineData("gunyah-vm-config/interrupts")]
    [InlineData("interrupt-controller@3fff0000")]
    [InlineData("cpus")]
    public void Without_interrupt_controller_or_cpus_a_tree_is_rejected(string node) => Assert.Equal(GuestTreeStatus.Rejected, Status(blob => blob.Root.RemoveNode(node)));

    [Fact]
    public void A_vdevice_of_an_unknown_type_is_rejected() =>
        Assert.Equal(GuestTreeStatus.Rejected, Status(blob => blob.Find("/gunyah-vm-config/vdevices/bell-5")!.Set("vdevice-type", "teapot")));

    [Fact]
    public void A_second_link_is_rejected() =>
        Assert.Equal(GuestTreeStatus.Rejected, Status(blob => blob.Find("/gunyah-vm-config/vdevices/bell-5")!.Set("vdevice-type", "rm-rpc")));

    [Fact]
    public void A_base_address_is_rounded_up_to_2_mib_and_must_be_a_page()
    {
        var blob = GuestTrees.Create();
        blob.Find("/gunyah-vm-config/memory")!.SetU64("base-address", 0x8000_1000);
        Assert.Equal(GuestTreeStatus.Ok, Read(blob, out var tree));
        Assert.Equal(0x8020_0000ul, tree!.BaseAddress);
        Assert.Equal(GuestTreeStatus.Rejected, Status(b => b.Find("/gunyah-vm-config/memory")!.SetU64("base-address", 0x8000_0800)));
        Assert.Equal(GuestTreeStatus.Rejected, Status(b => b.Find("/gunyah-vm-config/memory")!.SetU64("base-address", ulong.MaxValue & ~0xfffUL)));
    }

    [Fact]
    public void Scheduled_by_the_hypervisor_every_cpu_needs_a_core()
    {
        Assert.Equal(GuestTreeStatus.Rejected, Status(blob => blob.Find("/gunyah-vm-config/vcpus")!.Set("affinity", "static")));
        Assert.Equal(GuestTreeStatus.Ok, Status(blob =>
        {
            blob.Find("/gunyah-vm-config/vcpus")!.Set("affinity", "static");
            blob.Find("/gunyah-vm-config/vcpus")!.Set("affinity-map", 2, 3);
        }, cpus: 2));
        Assert.Equal(GuestTreeStatus.Rejected, Status(blob => blob.Find("/gunyah-vm-config/vcpus")!.Set("affinity", "moon")));
    }

    [Fact]
    public void A_secondary_cpu_needs_a_way_to_be_switched_on() =>
        Assert.Equal(GuestTreeStatus.Rejected, Status(blob => blob.Find("/cpus/cpu@1")!.Set("enable-method", "spin-table"), cpus: 2));

    [Fact]
    public void The_first_enabled_cpu_boots()
    {
        var blob = GuestTrees.Create(3);
        blob.Find("/cpus/cpu@0")!.Set("status", "disabled");
        Assert.Equal(GuestTreeStatus.Ok, Read(blob, out var tree));
        Assert.Equal(1, tree!.BootCpu);
        Assert.Equal([false, true, true], tree.Cpus.Select(c => c.Enabled));
    }

    [Fact]
    public void Without_psci_and_idle_states_there_is_no_psci()
    {
        var blob = GuestTrees.Create();
        blob.Find("/cpus/cpu@0")!.Remove("cpu-idle-states");
        Assert.Equal(GuestTreeStatus.Ok, Read(blob, out var tree));
        Assert.False(tree!.HasPsci);
    }

    [Property]
    public void A_tree_with_a_damaged_byte_is_read_or_refused(ushort at, byte change)
    {
        var bytes = GuestTrees.Create(2, bells: [5, 6]).ToArray();
        bytes[at % bytes.Length] ^= change;
        var status = GuestTreeReader.TryRead(bytes, out var tree);
        Assert.Equal(status == GuestTreeStatus.Ok, tree is not null);
    }
}
