using RmStack.Protocol;
using RmStack.Protocol.Hypercalls;
using RmStack.Protocol.Messages;

namespace RmStack.ResourceManager.Tests;

/// <summary>What VM_INIT makes of a tree, what VM_GET_HYP_RESOURCES says about it, and where it ends.</summary>
public class GuestDeviceTests
{
    private static readonly byte[] s_off = A64Code.Power(A64Code.SystemOff);

    private static async Task<HypResource[]> ResourcesAsync(Hlos hlos, ushort vmid)
    {
        var answer = await hlos.CallAsync(MessageId.VmGetHypResources, Payloads.Vmid(vmid));
        Assert.Equal(RmError.Ok, answer.Error);
        Assert.Equal(DecodeStatus.Ok, VmGetHypResourcesReply.TryParse(answer.Payload, out var reply));
        var resources = new HypResource[reply.Resources.Count];
        reply.Resources.CopyTo(resources);
        return resources;
    }

    private static HypResource Vcpu(uint index, ulong cap, uint virq) => new(ResourceType.VirtualCpu, 0, index, new CapId(cap), virq);

    private static HypResource Bell(ushort vmid, uint label, ulong cap) => new(ResourceType.DoorbellSource, vmid, label, new CapId(cap), 0);

    [Fact]
    public void Two_vms_at_once_get_their_own_capabilities_and_interrupts_and_freed_ones_are_used_again()
    {
        using var world = new World();
        world.Run(async hlos =>
        {
            var one = await GuestVm.AllocateAsync(hlos);
            var two = await GuestVm.AllocateAsync(hlos, 0x5100_0000);
            await one.ReadyAsync(s_off, GuestTrees.Create(bells: 5));
            await two.ReadyAsync(s_off, GuestTrees.Create(2, bells: 7));
            Assert.Equal([Vcpu(0, 3, 962), Bell(0x80, 5, 4)], await ResourcesAsync(hlos, 0x80));
            Assert.Equal([Vcpu(0, 5, 963), Vcpu(1, 6, 964), Bell(0x81, 7, 7)], await ResourcesAsync(hlos, 0x81));
            Assert.Equal(Payloads.Words(2, 0x80, 0x81), (await hlos.CallAsync(MessageId.VmGetPeers, [])).Payload);

            one.Expect(await one.StartAsync(), 3);
            two.Expect(await two.StartAsync(), 3);
            await hlos.RunVcpuAsync(3);
            await hlos.RunVcpuAsync(5);
            var notices = new List<string>();
            for (var n = 0; n < 4; n++) notices.Add((await hlos.NoticeAsync()).ToString());
            Assert.Equal(
                [Payloads.Status(0x80, 9).ToString(), Payloads.Exited(0x80, 1, 0).ToString(), Payloads.Status(0x81, 9).ToString(), Payloads.Exited(0x81, 1, 0).ToString()],
                notices);

            await one.ResetToTheEndAsync(accepted: true);
            Assert.Equal(RmError.NoResource, (await hlos.CallAsync(MessageId.VmGetHypResources, Payloads.Vmid(0x80))).Error);
            Assert.Equal(RmError.Ok, (await one.ReclaimAsync()).Error);
            Assert.Equal(RmError.Ok, (await one.DeallocateAsync()).Error);
            Assert.Equal(GunyahError.CspaceCapNull, (await hlos.RunVcpuAsync(3)).Error);
            Assert.Equal(Payloads.Words(1, 0x81), (await hlos.CallAsync(MessageId.VmGetPeers, [])).Payload);

            var three = await GuestVm.AllocateAsync(hlos);
            await three.ReadyAsync(s_off, GuestTrees.Create(bells: 9));
            Assert.Equal([Vcpu(0, 3, 962), Bell(0x80, 9, 4)], await ResourcesAsync(hlos, 0x80));
        });
    }

    [Fact]
    public void Two_vms_reset_at_once_are_cleaned_up_side_by_side()
    {
        using var world = new World();
        world.Run(async hlos =>
        {
            var one = await GuestVm.AllocateAsync(hlos);
            var two = await GuestVm.AllocateAsync(hlos, 0x5100_0000);
            await one.LaunchAsync(s_off, GuestTrees.Create());
            await two.LaunchAsync(s_off, GuestTrees.Create());
            await hlos.RunVcpuAsync(3);
            await hlos.RunVcpuAsync(4);
            for (var n = 0; n < 4; n++) await hlos.NoticeAsync();
            await hlos.SendMessageAsync(MessageId.VmReset, 100, Payloads.Vmid(0x80));
            await hlos.SendMessageAsync(MessageId.VmReset, 101, Payloads.Vmid(0x81));
            var messages = new List<string>();
            for (var n = 0; n < 8; n++)
            {
                var (type, sequence, id, content) = await hlos.ReceiveMessageAsync();
                messages.Add(type == 2 ? $"reply {sequence}" : new Notice(id, content).ToString());
            }

            Assert.Equal(
                [
                    Payloads.Status(0x80, 10).ToString(), "reply 100", Payloads.Status(0x81, 10).ToString(), "reply 101",
                    Payloads.Released(0, 0x80).ToString(), Payloads.Released(1, 0x81).ToString(), Payloads.Status(0x80, 11).ToString(), Payloads.Status(0x81, 11).ToString(),
                ],
                messages);
        });
    }

    [Fact]
    public void Who_may_ask_about_whom()
    {
        using var world = new World();
        world.Run(async hlos =>
        {
            Assert.Empty(await ResourcesAsync(hlos, 3));
            Assert.Equal([Vcpu(0, 2, uint.MaxValue)], await ResourcesAsync(hlos, 0xff));
            foreach (ushort vmid in new[] { 0, 0x80, 0x1234 })
                Assert.Equal(RmError.ArgumentInvalid, (await hlos.CallAsync(MessageId.VmGetHypResources, Payloads.Vmid(vmid))).Error);
            Assert.Equal(Payloads.Words(3), (await hlos.CallAsync(MessageId.VmGetState, Payloads.Vmid(0))).Payload);
            Assert.Equal(Payloads.Words(3), (await hlos.CallAsync(MessageId.VmGetState, Payloads.Vmid(3, 0xffff))).Payload);
            Assert.Equal(RmError.Denied, (await hlos.CallAsync(MessageId.VmGetState, Payloads.Vmid(0xff))).Error);
            Assert.Equal(RmError.NoResource, (await hlos.CallAsync(MessageId.VmGetState, Payloads.Vmid(0x80))).Error);
            var vm = await GuestVm.AllocateAsync(hlos);
            Assert.Equal(5, await vm.StateAsync());
            Assert.Equal(RmError.NoResource, (await hlos.CallAsync(MessageId.VmGetHypResources, Payloads.Vmid(vm.Vmid))).Error);
            vm.Write(s_off, GuestTrees.Create());
            await vm.LendAsync();
            vm.Expect(await vm.ConfigAsync(), 1);
            Assert.Empty(await ResourcesAsync(hlos, vm.Vmid));
        });
    }

    [Fact]
    public void A_redistributor_area_too_small_for_the_vcpus_fails_init()
    {
        using var world = new World();
        world.Run(async hlos =>
        {
            var tree = GuestTrees.Create(2);
            tree.Find("/interrupt-controller@3fff0000")!.SetReg(0x3fff_0000, 0x1_0000, 0x3ffd_0000, 0x2_0000);
            var vm = await GuestVm.AllocateAsync(hlos);
            vm.Write(s_off, tree);
            await vm.LendAsync();
            vm.Expect(await vm.ConfigAsync(), 1);
            vm.ExpectFailure(await vm.InitAsync(), RmError.NoResource);
            await vm.ResetToTheEndAsync(accepted: false);
            Assert.Equal(RmError.Ok, (await vm.ReclaimAsync()).Error);
        });
    }

    [Theory]
    [InlineData(RmDrop.Rm1, RmError.MemInvalid)]
    [InlineData(RmDrop.Rm2, RmError.ValidateFailed)]
    public void A_memory_node_with_a_unit_address_fails_init(RmDrop drop, RmError error)
    {
        using var world = new World(drop);
        world.Run(async hlos =>
        {
            var tree = GuestTrees.Create();
            tree.Root.RemoveNode("memory");
            tree.Root.Add("memory@80000000").Set("device_type", "memory");
            var vm = await GuestVm.AllocateAsync(hlos);
            vm.Write(s_off, tree);
            await vm.LendAsync();
            vm.Expect(await vm.ConfigAsync(), 1);
            vm.ExpectFailure(await vm.InitAsync(), error);
        });
    }

    [Theory]
    [InlineData(0xffff_ffff)]
    [InlineData(GuestVm.DtbSize + 1)]
    public void A_tree_that_says_it_is_longer_than_its_area_is_not_read(ulong size)
    {
        using var world = new World();
        world.Run(async hlos =>
        {
            var vm = await GuestVm.AllocateAsync(hlos);
            vm.Write(s_off, GuestTrees.Create());
            var word = new byte[4];
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(word, (uint)size);
            hlos.Memory.Write(vm.Memory + GuestVm.DtbOffset + 4, word);
            await vm.LendAsync();
            vm.Expect(await vm.ConfigAsync(), 1);
            vm.ExpectFailure(await vm.InitAsync(), RmError.MemInvalid);
        });
    }

    [Fact]
    public void Fifty_one_doorbells_pass_init_but_their_nodes_do_not_fit_32_kib()
    {
        using var world = new World();
        world.Run(async hlos =>
        {
            var ownership = world.Ownership();
            var caps = world.HlosCSpace.Count;
            var vm = await GuestVm.AllocateAsync(hlos);
            await vm.ReadyAsync(s_off, GuestTrees.Create(bells: [.. Enumerable.Range(0, 51).Select(n => (uint)n)]));
            Assert.Equal(52, (await ResourcesAsync(hlos, vm.Vmid)).Length);
            vm.ExpectFailure(await vm.StartAsync(), RmError.NoResource);
            await vm.ResetToTheEndAsync(accepted: true);
            Assert.Equal(RmError.Ok, (await vm.ReclaimAsync()).Error);
            Assert.Equal(RmError.Ok, (await vm.DeallocateAsync()).Error);
            Assert.Equal(ownership, world.Ownership());
            Assert.Equal(caps, world.HlosCSpace.Count);
        });
    }

    [Fact]
    public void Seventy_one_doorbells_are_more_than_there_are_interrupts()
    {
        using var world = new World();
        world.Run(async hlos =>
        {
            var vm = await GuestVm.AllocateAsync(hlos);
            vm.Write(s_off, GuestTrees.Create(bells: [.. Enumerable.Range(0, 71).Select(n => (uint)n)]));
            await vm.LendAsync();
            vm.Expect(await vm.ConfigAsync(), 1);
            vm.ExpectFailure(await vm.InitAsync(), RmError.NoResource);
            await vm.ResetToTheEndAsync(accepted: false);
        });
    }

    [Fact]
    public void An_image_cannot_be_started_twice_because_its_tree_was_changed()
    {
        using var world = new World();
        world.Run(async hlos =>
        {
            var vm = await GuestVm.AllocateAsync(hlos);
            await vm.LaunchAsync(s_off, GuestTrees.Create(bells: 5));
            await hlos.RunVcpuAsync(3);
            await hlos.NoticeAsync();
            await hlos.NoticeAsync();
            await vm.ResetToTheEndAsync(accepted: true);
            await vm.ReclaimAsync();
            await vm.DeallocateAsync();

            var again = await GuestVm.AllocateAsync(hlos);
            await again.LendAsync();
            again.Expect(await again.ConfigAsync(), 1);
            again.Expect(await again.InitAsync(), 2);
            again.ExpectFailure(await again.StartAsync(), RmError.NoResource);
        });
    }

    [Fact]
    public void The_parcel_of_another_vm_or_one_that_is_too_small_is_refused_late()
    {
        using var world = new World();
        world.Run(async hlos =>
        {
            var one = await GuestVm.AllocateAsync(hlos);
            var two = await GuestVm.AllocateAsync(hlos);
            await one.LendAsync();
            two.ExpectFailure(await hlos.CallAsync(MessageId.VmConfigImage, Payloads.Config(two.Vmid, one.Handle, 0, 0x1000)), RmError.MemInvalid);
            one.ExpectFailure(
                await hlos.CallAsync(MessageId.VmConfigImage, Payloads.Config(one.Vmid, one.Handle, GuestVm.Size, 0x1000)), RmError.ArgumentInvalid);
            await one.ResetToTheEndAsync(accepted: false);
            Assert.Equal(RmError.Ok, (await one.DeallocateAsync()).Error);

            // A new VM with the old VMID inherits what its parcels say.
            Assert.Equal(one.Vmid, (await GuestVm.AllocateAsync(hlos)).Vmid);
            one.ExpectFailure(
                await hlos.CallAsync(MessageId.VmConfigImage, Payloads.Config(one.Vmid, one.Handle, ulong.MaxValue, 0x1000)), RmError.ArgumentInvalid);
        });
    }

    [Fact]
    public void A_second_life_without_deallocation_is_lived_in_silence()
    {
        using var world = new World();
        world.Run(async hlos =>
        {
            var vm = await GuestVm.AllocateAsync(hlos);
            await vm.LaunchAsync(s_off, GuestTrees.Create());
            await hlos.RunVcpuAsync(3);
            await hlos.NoticeAsync();
            await hlos.NoticeAsync();
            await vm.ResetToTheEndAsync(accepted: true);
            await vm.ReclaimAsync();

            vm.Write(s_off, GuestTrees.Create());
            await vm.LendAsync();
            foreach (var step in new[] { vm.ConfigAsync, vm.InitAsync, vm.StartAsync })
            {
                var answer = await step();
                Assert.Equal(RmError.Ok, answer.Error);
                Assert.Empty(answer.Before);
            }

            // The end is told to the owner, peer or not. The second reset of the real RM cleans nothing up; this one does.
            await hlos.RunVcpuAsync(3);
            Assert.Equal(Payloads.Exited(vm.Vmid, 1, 0).ToString(), (await hlos.NoticeAsync()).ToString());
            Assert.Equal(RmError.Ok, (await vm.ResetAsync()).Error);
            Assert.Equal(Payloads.Released(vm.Handle, vm.Vmid).ToString(), (await hlos.NoticeAsync()).ToString());
            while (await vm.StateAsync() != 11) await Task.Yield();
            Assert.Equal(RmError.Ok, (await vm.ReclaimAsync()).Error);
            Assert.Equal(RmError.Ok, (await vm.DeallocateAsync()).Error);
        });
    }
}
