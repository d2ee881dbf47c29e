using RmStack.Hypervisor.Native;
using RmStack.Hypervisor.Objects;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Hypervisor.Tests;

/// <summary>Who is inside vcpu_run for whom, and how vCPUs end: nothing a VM can call makes the scheduler hang or a vCPU stay for ever.</summary>
public class RunChainTests
{
    private const ulong FirstRam = 0x9000_0000;
    private const ulong SecondRam = 0x9100_0000;
    private const ulong GuestRam = 0x8000_0000;
    private const uint RunRights = CapRights.ThreadAffinity | CapRights.ThreadYieldTo;
    private const uint WakeupIntid = 40;

    private static Task Delay(NativeContext context) => Task.Delay(TimeSpan.FromMilliseconds(20), context.Time);

    [Fact]
    public void A_vcpu_inside_vcpu_run_cannot_be_made_the_target_of_the_one_it_runs()
    {
        CapId second = default, first = default, vic = default;
        GunyahError bound = default;
        RunResult back = default;
        var ended = false;
        using var bench = new Bench();
        bench.With(0x81, async context => await context.Native.RunAsync(second));
        bench.With(0x82, async context =>
        {
            bound = context.Native.BindVcpuVirq(first, vic, WakeupIntid, Bench.WakeupVirq);
            back = await context.Native.RunAsync(first);
            ended = true;
        });
        bench.Run(async root =>
        {
            var one = root.CreateVm(0x81, FirstRam, GuestRam, 0x10000, proxy: false);
            var two = root.CreateVm(0x82, SecondRam, GuestRam, 0x10000, proxy: true);
            second = root.Give(two.VCpu, one, RunRights);
            first = root.Give(one.VCpu, two, uint.MaxValue);
            vic = root.Give(one.Vic, two, CapRights.VicBindSource);
            Bench.Root.Ok(root.Calls.PowerOn(one.VCpu, GuestRam, 0, 0));
            Bench.Root.Ok(root.Calls.PowerOn(two.VCpu, GuestRam, 0, 0));
            await Delay(root.Context);
            Assert.True(ended);
            Assert.Equal(GunyahError.Busy, bound);
            Assert.Equal(GunyahError.Busy, back.Error);
        });
    }

    [Fact]
    public void A_vcpu_that_runs_cannot_tie_itself_to_a_proxy()
    {
        using var bench = new Bench();
        bench.Run(root =>
        {
            Assert.Equal(GunyahError.Busy, root.Calls.BindVcpuVirq(root.Caps.VCpu, root.Caps.Vic, WakeupIntid, Bench.WakeupVirq));
            return Task.CompletedTask;
        });
    }

    [Fact]
    public void A_timer_that_is_due_ends_the_wait_of_software_written_in_csharp()
    {
        using var bench = new Bench();
        bench.Run(async root => await Delay(root.Context));
    }

    [Fact]
    public void A_vcpu_that_kills_itself_runs_nothing_more_and_is_gone()
    {
        CapId self = default;
        var after = false;
        using var bench = new Bench();
        bench.With(0x81, async context =>
        {
            Bench.Root.Ok(context.Native.Kill(self));
            await Task.Yield();
            after = true;
        });
        bench.Run(async root =>
        {
            var vm = root.CreateVm(0x81, FirstRam, GuestRam, 0x10000, proxy: false);
            self = root.Give(vm.VCpu, vm, CapRights.ThreadLifecycle);
            Bench.Root.Ok(root.Calls.PowerOn(vm.VCpu, GuestRam, 0, 0));
            await Delay(root.Context);
            Assert.False(after);
            Assert.Equal(new RunResult(GunyahError.Ok, (uint)VCpuRunState.PoweredOff, 1, 0, 0), root.Calls.RunCheck(vm.VCpu));
        });
    }

    [Fact]
    public void A_killed_vcpu_that_nobody_can_run_any_more_gives_back_all_it_held()
    {
        using var bench = new Bench();
        bench.Run(root =>
        {
            var vm = root.CreateVm(0x81, FirstRam, GuestRam, 0x10000, proxy: true);
            Bench.Root.Ok(root.Calls.PowerOn(vm.VCpu, GuestRam, 0, 0));
            Bench.Root.Ok(root.Calls.Kill(vm.VCpu));
            foreach (var cap in new[] { vm.VCpu, vm.CSpace, vm.AddressSpace, vm.Vic, vm.Group, vm.Extent })
                Bench.Root.Ok(root.Calls.DeleteCap(root.Caps.CSpace, cap));
            Assert.Single(root.Bench.Hypervisor.Scheduler.VCpus);

            // Both fail while the old VM's VMID or memory is in use.
            root.CreateVm(0x81, FirstRam, GuestRam, 0x10000, proxy: true);
            return Task.CompletedTask;
        });
        Invariants.Check(bench.Hypervisor);
    }

    [Fact]
    public void A_killed_vcpu_tied_to_no_cpu_is_gone_at_once()
    {
        using var bench = new Bench();
        bench.Run(root =>
        {
            var vm = root.CreateVm(0x81, FirstRam, GuestRam, 0x10000, proxy: false);
            Bench.Root.Ok(root.Calls.SetAffinity(vm.VCpu, VCpu.NoAffinity));
            Bench.Root.Ok(root.Calls.PowerOn(vm.VCpu, GuestRam, 0, 0));
            Bench.Root.Ok(root.Calls.Kill(vm.VCpu));
            Assert.Equal(1UL, root.Calls.RunCheck(vm.VCpu).Data0);
            return Task.CompletedTask;
        });
    }

    [Fact]
    public void Affinity_is_pinned_only_while_a_vcpu_lends_its_cpu()
    {
        CapId second = default, first = default;
        GunyahError own = default, other = default, same = default;
        using var bench = new Bench();
        bench.With(0x81, async context => await context.Native.RunAsync(second));
        bench.With(0x82, context =>
        {
            same = context.Native.SetAffinity(first, 0);
            other = context.Native.SetAffinity(first, 1);
            own = context.Native.SetAffinity(second, 0);
            return Task.CompletedTask;
        });
        bench.Run(async root =>
        {
            var one = root.CreateVm(0x81, FirstRam, GuestRam, 0x10000, proxy: false);
            var two = root.CreateVm(0x82, SecondRam, GuestRam, 0x10000, proxy: true);
            second = root.Give(two.VCpu, one, RunRights);
            first = root.Give(one.VCpu, two, CapRights.ThreadAffinity);
            Assert.Equal(GunyahError.Ok, root.Calls.CopyCap(root.Caps.CSpace, two.VCpu, two.CSpace, RunRights).Error);
            Bench.Root.Ok(root.Calls.PowerOn(one.VCpu, GuestRam, 0, 0));
            Bench.Root.Ok(root.Calls.PowerOn(two.VCpu, GuestRam, 0, 0));
            await Delay(root.Context);
            Assert.Equal((GunyahError.Ok, GunyahError.Denied), (same, other));
            Assert.NotEqual(GunyahError.Denied, own);
        });
    }

    [Fact]
    public void A_yielding_call_is_unknown_even_where_the_fast_one_would_end_the_vm()
    {
        ulong systemOff = 0, version = 0, fast = 0;
        using var bench = new Bench();
        bench.With(0x81, context =>
        {
            version = context.Native.SmcccCall(0x0400_0000).X0;
            fast = context.Native.SmcccCall(0x8400_0000).X0;
            systemOff = context.Native.SmcccCall(0x0400_0008).X0;
            return Task.CompletedTask;
        });
        bench.Run(async root =>
        {
            var vm = root.CreateVm(0x81, FirstRam, GuestRam, 0x10000, proxy: false);
            Bench.Root.Ok(root.Calls.PowerOn(vm.VCpu, GuestRam, 0, 0));
            await Delay(root.Context);
            Assert.Equal((ulong.MaxValue, 0x1_0001UL, ulong.MaxValue), (version, fast, systemOff));
            Assert.Equal((uint)VCpuRunState.ExpectsWakeup, root.Calls.RunCheck(vm.VCpu).State);
        });
    }

    [Theory]
    [InlineData(0UL, -4)]
    [InlineData(2UL, -6)]
    [InlineData(8UL, -6)]
    [InlineData(0xfUL, -2)]
    [InlineData(0x1_0000UL, -2)]
    public void Cpu_on_tells_an_absent_vcpu_from_an_affinity_that_no_vm_can_have(ulong mpidr, int expected)
    {
        ulong answer = 0;
        using var bench = new Bench();
        bench.With(0x81, context =>
        {
            answer = context.Native.SmcccCall(0xc400_0003, mpidr, GuestRam).X0;
            return Task.CompletedTask;
        });
        bench.Run(async root =>
        {
            var vm = root.CreateVm(0x81, FirstRam, GuestRam, 0x10000, proxy: false);
            Bench.Root.Ok(root.Calls.PowerOn(vm.VCpu, GuestRam, 0, 0));
            await Delay(root.Context);
            Assert.Equal((ulong)expected, answer);
        });
    }

    [Fact]
    public void A_device_of_another_vic_refuses_a_vcpu_whose_slot_it_does_not_have()
    {
        MemoryAbort abort = default;
        using var bench = new Bench();
        bench.With(0x81, context =>
        {
            abort = Assert.Throws<MemoryAbortException>(() => context.Memory.ReadRegister(0x2000_0100)).Abort;
            return Task.CompletedTask;
        });
        bench.Run(async root =>
        {
            var vm = root.CreateVm(0x81, FirstRam, GuestRam, 0x10000, proxy: false);
            Bench.Root.Ok(root.Calls.AttachVdevice(vm.AddressSpace, root.Caps.Vic, 0, 0x2000_0000, 0x1_0000, 0));
            var second = root.Create(HypercallNumber.PartitionCreateThread);
            Bench.Root.Ok(root.Calls.SetAffinity(second, 0));
            Bench.Root.Ok(root.Calls.AttachCSpace(vm.CSpace, second));
            Bench.Root.Ok(root.Calls.AttachAddressSpace(vm.AddressSpace, second));
            Bench.Root.Ok(root.Calls.AttachVic(vm.Vic, second, 3));
            Bench.Root.Ok(root.Calls.Activate(second));
            Bench.Root.Ok(root.Calls.PowerOn(second, GuestRam, 0, 0));
            await Delay(root.Context);
            Assert.Equal(new MemoryAbort(0x2000_0100, false, MemoryAbortReason.NotMapped), abort);
        });
    }

    [Fact]
    public void Register_writes_before_activation_take_no_room_for_each_call()
    {
        using var bench = new Bench();
        bench.Run(root =>
        {
            var vcpu = root.Create(HypercallNumber.PartitionCreateThread);
            for (ulong n = 0; n < 1000; n++) Bench.Root.Ok(root.Calls.WriteVcpuRegister(vcpu, Scheduling.VCpuRegisterSet.X, 5, n));
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (ulong n = 0; n < 100_000; n++) root.Calls.WriteVcpuRegister(vcpu, Scheduling.VCpuRegisterSet.X, 5, n);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
            return Task.CompletedTask;
        });
    }

    [Fact]
    public void A_long_chain_of_cspaces_that_hold_each_other_can_be_deleted()
    {
        using var bench = new Bench();
        bench.Run(root =>
        {
            var holder = root.Caps.CSpace;
            CapId first = default, previous = default;
            for (var n = 0; n < 30_000; n++)
            {
                var made = root.Calls.Create(HypercallNumber.PartitionCreateCSpace, root.Caps.Partition, holder);
                Bench.Root.Ok(made.Error);
                Bench.Root.Ok(root.Calls.ConfigureCSpace(made.Cap, 1));
                Bench.Root.Ok(root.Calls.Activate(made.Cap));
                if (n == 0)
                {
                    first = made.Cap;
                }
                else
                {
                    Bench.Root.Ok(root.Calls.CopyCap(holder, made.Cap, previous, uint.MaxValue).Error);
                    if (n > 1) Bench.Root.Ok(root.Calls.DeleteCap(holder, previous));
                }

                previous = made.Cap;
            }

            Bench.Root.Ok(root.Calls.DeleteCap(holder, previous));
            Bench.Root.Ok(root.Calls.DeleteCap(holder, first));
            return Task.CompletedTask;
        });
    }
}
