using RmStack.Protocol;
using RmStack.Protocol.Hypercalls;

namespace RmStack.ResourceManager.Tests;

/// <summary>How VMs end, and what the owner is told.</summary>
public class VmExitTests
{
    private const ulong VcpuCap = 3;
    private const ushort Vmid = 0x80;

    private static void WithRunning(byte[] code, Func<Hlos, GuestVm, Task> test)
    {
        using var world = new World();
        world.Run(async hlos =>
        {
            var vm = await GuestVm.AllocateAsync(hlos);
            await vm.LaunchAsync(code, GuestTrees.Create());
            await test(hlos, vm);
        });
    }

    private static void ExitsWith(byte[] code, ushort type, params uint[] reason) => WithRunning(code, async (hlos, vm) =>
    {
        await hlos.RunVcpuAsync(VcpuCap);
        Assert.Equal(Payloads.Status(Vmid, 9).ToString(), (await hlos.NoticeAsync()).ToString());
        Assert.Equal(Payloads.Exited(Vmid, type, reason).ToString(), (await hlos.NoticeAsync()).ToString());
        Assert.Equal(9, await vm.StateAsync());
    });

    [Fact]
    public void System_off_is_type_1() => ExitsWith(A64Code.Power(A64Code.SystemOff), 1, 0);

    [Fact]
    public void System_reset_is_type_2() => ExitsWith(A64Code.Power(A64Code.SystemReset), 2, 0);

    [Fact]
    public void System_reset2_is_type_3_with_type_and_cookie() =>
        ExitsWith(A64Code.Power(A64Code.SystemReset2, 0x8000_0001, 0x1122_3344_5566_7788), 3, 0x8000, 0x8000_0001, 0x5566_7788, 0x1122_3344);

    [Fact]
    public void A_fault_without_vectors_is_type_5() => ExitsWith(new A64Code().Undefined().ToArray(), 5, 0);

    [Fact]
    public void A_vm_can_end_itself_by_message()
    {
        // VM_EXIT with flags 1 and code 4, sent with the queue's capability 0 by the native call.
        const ulong Message = GuestTrees.Base + 0x100;
        var code = new A64Code().Mov(0, 0).Mov(1, 12).Mov(2, Message).Mov(3, 1).Mov(4, 0).Hvc(0x601b).Forever().ToArray();
        var image = new byte[0x10c];
        code.CopyTo(image, 0);
        Convert.FromHexString("210100008500005601000400").CopyTo(image, 0x100);
        ExitsWith(image, 0, 0x0004_0001);
    }

    [Fact]
    public void A_forced_stop_is_told_before_it_is_answered() => WithRunning(new A64Code().Wfi().Forever().ToArray(), async (hlos, vm) =>
    {
        await hlos.RunVcpuAsync(VcpuCap, turns: 1);
        var answer = await vm.StopAsync();
        Assert.Equal(RmError.Ok, answer.Error);
        Assert.Equal([Payloads.Status(Vmid, 9).ToString(), Payloads.Exited(Vmid, 7, 0).ToString()], answer.Before.Select(n => n.ToString()));
        var last = await hlos.RunVcpuAsync(VcpuCap);
        Assert.Equal((GunyahError.Ok, 2u, 1ul), (last.Error, last.State, last.Data0));
        Assert.Equal(RmError.VmState, (await vm.StopAsync()).Error);
    });

    [Fact]
    public void A_stop_without_force_asks_the_vm_and_changes_nothing() => WithRunning(new A64Code().Wfi().Forever().ToArray(), async (hlos, vm) =>
    {
        var answer = await vm.StopAsync(flags: 2, reason: 77);
        Assert.Equal(RmError.Ok, answer.Error);
        Assert.Empty(answer.Before);
        Assert.Equal(3, await vm.StateAsync());
    });

    [Fact]
    public void The_primary_vm_does_not_end_by_message()
    {
        using var world = new World();
        world.Run(async hlos =>
        {
            Assert.Equal(RmError.Denied, (await hlos.CallAsync(MessageId.VmExit, Payloads.Words(0))).Error);
            Assert.Equal(RmError.MsgInvalid, (await hlos.CallAsync(MessageId.VmExit, [])).Error);
        });
    }

    [Fact]
    public void A_stopped_vm_that_nobody_runs_any_more_is_cleaned_up_all_the_same() => WithRunning(new A64Code().Wfi().Forever().ToArray(), async (hlos, vm) =>
    {
        await hlos.RunVcpuAsync(VcpuCap, turns: 1);
        await vm.StopAsync();
        await vm.ResetToTheEndAsync(accepted: true);
        Assert.Equal(RmError.Ok, (await vm.ReclaimAsync()).Error);
        Assert.Equal(RmError.Ok, (await vm.DeallocateAsync()).Error);

        // The same VMID is free for the hypervisor too.
        var next = await GuestVm.AllocateAsync(hlos);
        Assert.Equal(Vmid, next.Vmid);
        await next.ReadyAsync(A64Code.Power(A64Code.SystemOff), GuestTrees.Create());
    });
}
