using RmStack.Protocol;
using RmStack.Protocol.Hypercalls;

namespace RmStack.ResourceManager.Tests;

/// <summary>Requests about a VM in every state it can be in: which are legal, and that the others change nothing.</summary>
public class VmStateTests
{
    private const ulong VcpuCap = 3;
    private static readonly byte[] s_idle = new A64Code().Wfi().Forever().ToArray();

    /// <summary>State number, and which of CONFIG, INIT, START, STOP, RESET, DEALLOC are legal in it.</summary>
    public static TheoryData<byte, string> States => new()
    {
        { 5, "CONFIG DEALLOC" },
        { 1, "INIT" },
        { 2, "START RESET" },
        { 3, "STOP" },
        { 8, "RESET" },
        { 9, "RESET" },
        { 11, "CONFIG DEALLOC" },
    };

    [Theory]
    [MemberData(nameof(States))]
    public void A_request_that_the_state_forbids_is_refused_with_0x14_and_tells_nobody(byte state, string legal)
    {
        using var world = new World();
        world.Run(async hlos =>
        {
            var vm = await InStateAsync(hlos, state);
            foreach (var (name, ask) in Requests(vm))
            {
                if (legal.Split(' ').Contains(name)) continue;
                var answer = await ask();
                Assert.True(answer.Error == RmError.VmState, $"{name} in state {state}: {answer.Error}");
                Assert.Empty(answer.Before);
                Assert.Empty(answer.Payload);
                Assert.Equal(state, await vm.StateAsync());
            }

            Assert.True(hlos.HasNothing());
        });
    }

    [Fact]
    public void A_vm_in_state_load_survives_a_reset_that_kills_the_real_rm()
    {
        using var world = new World();
        world.Run(async hlos =>
        {
            var vm = await GuestVm.AllocateAsync(hlos);
            Assert.Equal(RmError.VmState, (await vm.ResetAsync()).Error);
            Assert.Equal(RmError.Ok, (await vm.DeallocateAsync()).Error);
            Assert.Equal(RmError.VmidInvalid, (await vm.DeallocateAsync()).Error);
        });
    }

    [Fact]
    public void A_failed_configuration_is_reset_at_once()
    {
        using var world = new World();
        world.Run(async hlos =>
        {
            var vm = await GuestVm.AllocateAsync(hlos);
            vm.ExpectFailure(await vm.ConfigAsync(), RmError.MemInvalid);
            await vm.ResetToTheEndAsync(accepted: false);
            Assert.Equal(RmError.Ok, (await vm.DeallocateAsync()).Error);
        });
    }

    [Fact]
    public void Nobody_but_the_primary_vm_is_obeyed_about_vms_it_does_not_own()
    {
        using var world = new World();
        world.Run(async hlos =>
        {
            // The primary VM itself belongs to the RM.
            Assert.Equal(RmError.Denied, (await hlos.CallAsync(MessageId.VmStart, Payloads.Vmid(3))).Error);
            Assert.Equal(RmError.Denied, (await hlos.CallAsync(MessageId.VmDeallocate, Payloads.Vmid(3))).Error);
            Assert.Equal(RmError.VmidInvalid, (await hlos.CallAsync(MessageId.VmStop, Payloads.Stop(3, 1))).Error);
            Assert.Equal(RmError.VmidInvalid, (await hlos.CallAsync(MessageId.VmReset, Payloads.Vmid(3))).Error);
            Assert.Equal(RmError.VmidInvalid, (await hlos.CallAsync(MessageId.VmInit, Payloads.Vmid(0x99))).Error);
            Assert.Equal(RmError.MsgInvalid, (await hlos.CallAsync(MessageId.VmInit, Payloads.Vmid(0x99, 1))).Error);
        });
    }

    [Fact]
    public void Dynamic_vmids_are_the_lowest_free_of_63()
    {
        using var world = new World();
        world.Run(async hlos =>
        {
            for (var n = 0; n < 63; n++) Assert.Equal(0x80 + n, (await GuestVm.AllocateAsync(hlos)).Vmid);
            Assert.Equal(RmError.NoResource, (await hlos.CallAsync(MessageId.VmAllocate, Payloads.Vmid(0))).Error);
            Assert.Equal(RmError.Ok, (await hlos.CallAsync(MessageId.VmDeallocate, Payloads.Vmid(0x91))).Error);
            Assert.Equal(0x91, (await GuestVm.AllocateAsync(hlos)).Vmid);
            foreach (ushort vmid in new[] { 3, 45, 0x80, 0xc0 })
                Assert.Equal(RmError.NoResource, (await hlos.CallAsync(MessageId.VmAllocate, Payloads.Vmid(vmid))).Error);
            var platform = await hlos.CallAsync(MessageId.VmAllocate, Payloads.Vmid(5));
            Assert.Equal((RmError.Ok, 0), (platform.Error, platform.Payload.Length));
        });
    }

    private static (string Name, Func<Task<Answer>> Ask)[] Requests(GuestVm vm) =>
    [
        ("CONFIG", vm.ConfigAsync), ("INIT", vm.InitAsync), ("START", vm.StartAsync), ("STOP", () => vm.StopAsync()),
        ("RESET", vm.ResetAsync), ("DEALLOC", vm.DeallocateAsync),
    ];

    private static async Task<GuestVm> InStateAsync(Hlos hlos, byte state)
    {
        var vm = await GuestVm.AllocateAsync(hlos);
        if (state == 5) return vm;
        vm.Write(s_idle, GuestTrees.Create());
        await vm.LendAsync();
        vm.Expect(await vm.ConfigAsync(), 1);
        if (state == 1) return vm;
        if (state == 8)
        {
            Assert.Equal(RmError.Ok, (await vm.ReclaimAsync()).Error);
            vm.ExpectFailure(await vm.InitAsync(), RmError.MemInvalid);
            return vm;
        }

        vm.Expect(await vm.InitAsync(), 2);
        if (state == 2) return vm;
        vm.Expect(await vm.StartAsync(), 3);
        if (state == 3) return vm;
        Assert.Equal(RmError.Ok, (await vm.StopAsync()).Error);
        if (state == 9) return vm;
        Assert.Equal(GunyahError.Ok, (await hlos.RunVcpuAsync(VcpuCap)).Error);
        await vm.ResetToTheEndAsync(accepted: true);
        return vm;
    }
}
