using RmStack.Machine.DeviceTree;
using RmStack.Machine.Mmu;
using RmStack.Protocol;
using RmStack.Protocol.Hypercalls;

namespace RmStack.ResourceManager.Tests;

/// <summary>Less common guests: other schedulers, more memory, odd links; and what a guest finds in its address space.</summary>
public class GuestLifeTests
{
    private static readonly byte[] s_off = A64Code.Power(A64Code.SystemOff);

    [Fact]
    public void A_vm_that_the_hypervisor_schedules_runs_by_itself()
    {
        using var world = new World();
        world.Run(async hlos =>
        {
            var tree = GuestTrees.Create();
            tree.Find("/gunyah-vm-config/vcpus")!.Set("affinity", "static");
            tree.Find("/gunyah-vm-config/vcpus")!.Set("affinity-map", 5u);
            var vm = await GuestVm.AllocateAsync(hlos);
            await vm.LaunchAsync(s_off, tree);
            Assert.Equal(Payloads.Status(vm.Vmid, 9).ToString(), (await hlos.NoticeAsync()).ToString());
            Assert.Equal(Payloads.Exited(vm.Vmid, 1, 0).ToString(), (await hlos.NoticeAsync()).ToString());
            Assert.Equal(GunyahError.CspaceInsufficientRights, (await hlos.RunVcpuAsync(3)).Error);
            await vm.ResetToTheEndAsync(accepted: true);
            Assert.Equal(RmError.Ok, (await vm.ReclaimAsync()).Error);
            Assert.Equal(RmError.Ok, (await vm.DeallocateAsync()).Error);
        });
    }

    [Fact]
    public void A_vm_that_never_started_is_reset_too()
    {
        using var world = new World();
        world.Run(async hlos =>
        {
            var ownership = world.Ownership();
            var caps = world.HlosCSpace.Count;
            var vm = await GuestVm.AllocateAsync(hlos);
            await vm.ReadyAsync(s_off, GuestTrees.Create(2, bells: 5));
            var state = await hlos.RunVcpuAsync(3);
            Assert.Equal((GunyahError.Ok, 2u, 0ul), (state.Error, state.State, state.Data0));
            await vm.ResetToTheEndAsync(accepted: false);
            Assert.Equal(RmError.Ok, (await vm.ReclaimAsync()).Error);
            Assert.Equal(RmError.Ok, (await vm.DeallocateAsync()).Error);
            Assert.Equal(ownership, world.Ownership());
            Assert.Equal(caps, world.HlosCSpace.Count);
        });
    }

    [Fact]
    public void The_owner_rings_a_doorbell_of_the_vm_and_gets_the_old_flags()
    {
        using var world = new World();
        world.Run(async hlos =>
        {
            var vm = await GuestVm.AllocateAsync(hlos);
            await vm.LaunchAsync(s_off, GuestTrees.Create(bells: 5));
            Assert.Equal((GunyahError.Ok, 0ul), hlos.Context.Smccc.DoorbellSend(new CapId(4), 5));
            Assert.Equal((GunyahError.Ok, 5ul), hlos.Context.Smccc.DoorbellSend(new CapId(4), 2));
            Assert.Equal(GunyahError.CspaceWrongObjectType, hlos.Context.Smccc.DoorbellSend(new CapId(3), 5).Error);
        });
    }

    [Fact]
    public void A_vm_finds_its_memory_at_its_base_and_a_read_only_page_of_zeroes_at_1_gib()
    {
        using var world = new World();
        world.Run(async hlos =>
        {
            var vm = await GuestVm.AllocateAsync(hlos);
            await vm.LaunchAsync(s_off, GuestTrees.Create());
            var space = world.VcpuOf(vm.Vmid).AddressSpace!;
            Assert.True(space.Stage2.TryFind(0x4000_0000, out var info));
            Assert.Equal((4096ul, Stage2Access.Read, Stage2Access.Read), (info.Size, info.Kernel, info.User));
            Assert.True(world.Physical(info.Pa, 4096).IndexOfAnyExcept((byte)0) < 0);
            Assert.True(space.Stage2.TryFind(GuestTrees.Base, out var memory));
            Assert.Equal((vm.Memory, GuestVm.Size, Stage2Access.ReadWriteExecute), (memory.Pa, memory.Size, memory.Kernel));
            Assert.True(space.IsVmmio(0x3f8, 1));
            Assert.False(space.IsVmmio(0x4000_1000, 1));
        });
    }

    [Fact]
    public void Private_ram_comes_with_the_image_and_stands_in_the_tree()
    {
        using var world = new World();
        world.Run(async hlos =>
        {
            var vm = await GuestVm.AllocateAsync(hlos);
            await vm.ReadyAsync(s_off, GuestTrees.Create());
            var ram = await hlos.CallAsync(MessageId.MemLend, Payloads.Lend([(vm.Vmid, 7)], [(0x5200_0000, 0x20_0000)]));
            Assert.Equal(RmError.Ok, ram.Error);
            vm.Expect(await vm.StartAsync(), 3);
            Assert.Equal(FdtStatus.Ok, DeviceTreeBlob.TryRead(world.Physical(vm.Memory + GuestVm.DtbOffset, (int)GuestVm.DtbSize), out var blob, out _));
            Assert.True(blob!.Find("/memory")!.TryGetReg(1, out var address, out var size));
            Assert.Equal((0x8020_0000ul, 0x20_0000ul), (address, size));
            Assert.True(world.VcpuOf(vm.Vmid).AddressSpace!.Stage2.TryFind(address, out var mapping));
            Assert.Equal(0x5200_0000ul, mapping.Pa);
            Assert.Equal(RmError.MemInUse, (await hlos.CallAsync(MessageId.MemReclaim, Payloads.Reclaim(1))).Error);
            await vm.StopAsync();
            vm.Expect(await vm.ResetAsync(), 10);

            // Newest first.
            Assert.Equal(Payloads.Released(1, vm.Vmid).ToString(), (await hlos.NoticeAsync()).ToString());
            Assert.Equal(Payloads.Released(0, vm.Vmid).ToString(), (await hlos.NoticeAsync()).ToString());
        });
    }

    [Theory]
    [InlineData("queue-depth", 300u)]
    [InlineData("message-size", 0u)]
    public void A_link_that_the_hypervisor_cannot_make_fails_init(string property, uint value)
    {
        using var world = new World();
        world.Run(async hlos =>
        {
            var tree = GuestTrees.Create();
            tree.Find("/gunyah-vm-config/vdevices/rm-rpc")!.Set(property, value);
            var vm = await GuestVm.AllocateAsync(hlos);
            vm.Write(s_off, tree);
            await vm.LendAsync();
            vm.Expect(await vm.ConfigAsync(), 1);
            vm.ExpectFailure(await vm.InitAsync(), RmError.NoResource);
            await vm.ResetToTheEndAsync(accepted: false);
        });
    }

    [Fact]
    public void Requests_of_a_guest_are_answered_on_its_own_link()
    {
        // VM_GET_OWNER by the native call, then msgqueue_receive until there is a reply, then off.
        const ulong Request = GuestTrees.Base + 0x100, Reply = GuestTrees.Base + 0x200;
        var code = new A64Code().Mov(0, 0).Mov(1, 8).Mov(2, Request).Mov(3, 1).Mov(4, 0).Hvc(0x601b)
            .Here(out var again).Mov(0, 1).Mov(1, Reply).Mov(2, 240).Mov(3, 0).Hvc(0x601c).Cbnz(0, again)
            .Mov(0, A64Code.SystemOff).Hvc().Forever().ToArray();
        var image = new byte[0x300];
        code.CopyTo(image, 0);
        Convert.FromHexString("2101070015000056").CopyTo(image, 0x100);
        using var world = new World();
        world.Run(async hlos =>
        {
            var vm = await GuestVm.AllocateAsync(hlos);
            await vm.LaunchAsync(image, GuestTrees.Create());
            var end = await hlos.RunVcpuAsync(3);
            Assert.Equal((GunyahError.Ok, 2u), (end.Error, end.State));
            Assert.Equal("21020700150000560000000003000000", Convert.ToHexStringLower(world.Physical(vm.Memory + 0x200, 16)));
        });
    }
}
