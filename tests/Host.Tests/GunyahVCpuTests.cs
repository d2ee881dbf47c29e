using RmStack.Protocol;
using RmStack.Protocol.Hypercalls;
using RmStack.Protocol.Messages;

namespace RmStack.Host.Tests;

public class GunyahVCpuTests
{
    private const uint Virq = 962;

    private readonly FakeRm _rm = new();
    private readonly FakeKernel _kernel = new();
    private readonly GunyahVm _vm;
    private readonly GunyahVCpu _vcpu;

    public GunyahVCpuTests()
    {
        _vm = new GunyahVm(_rm.Driver, _kernel);
        _vm.SetMemoryRegion(new MemoryRegion { Label = 0, GuestAddress = 0x8000_0000, Pages = [0x4100_0000] });
        _vm.SetDtbConfig(0x8000_0000, 0x1000);
        _vcpu = new GunyahVCpu(_vm, 0);
        Assert.True(_vm.AddFunction(_vcpu).IsOk);
    }

    [Fact]
    public void A_vcpu_without_its_resource_is_enodev()
    {
        _rm.Run(async () => Assert.Equal(-LinuxErrno.ENODEV, await _vcpu.RunAsync()));
        Assert.Empty(_kernel.Resumed);
    }

    [Fact]
    public void Two_vcpus_of_one_index_are_eexist()
    {
        Assert.Equal(-LinuxErrno.EEXIST, _vm.AddFunction(new GunyahVCpu(_vm, 0)).Errno);
        Assert.True(_vm.AddFunction(new GunyahVCpu(_vm, 1)).IsOk);
    }

    [Fact]
    public void A_store_is_shown_and_completed_with_nothing()
    {
        _kernel.Answer(5, 0x0900_0000, 4, 0x41);
        _kernel.Answer(5, 0x0900_0000, 8, ulong.MaxValue);
        Started(async () =>
        {
            Assert.Equal(0, await _vcpu.RunAsync());
            Assert.Equal(VCpuExitReason.Mmio, _vcpu.Page.ExitReason);
            Assert.Equal((0x0900_0000UL, 4, true, 0x41UL), Mmio());
            _vcpu.Page.MmioData = 0xdead;
            Assert.Equal(0, await _vcpu.RunAsync());
            Assert.Equal((0x0900_0000UL, 8, true, ulong.MaxValue), Mmio());
        });
        Assert.Equal([0, 0], _kernel.Resumed);
    }

    [Theory]
    [InlineData(1, 0x88UL)]
    [InlineData(2, 0x7788UL)]
    [InlineData(4, 0x5566_7788UL)]
    [InlineData(8, 0x1122_3344_5566_7788UL)]
    public void A_load_gets_as_many_bytes_as_it_asked_for(int size, ulong resumed)
    {
        _kernel.Answer(4, 0x0900_0018, (ulong)size);
        _kernel.Answer(5, 0, 1);
        Started(async () =>
        {
            Assert.Equal(0, await _vcpu.RunAsync());
            Assert.Equal((0x0900_0018UL, size, false, 0UL), Mmio());
            _vcpu.Page.MmioData = 0x1122_3344_5566_7788;
            await _vcpu.RunAsync();
        });
        Assert.Equal([0, resumed], _kernel.Resumed);
    }

    [Fact]
    public void An_access_of_more_than_8_bytes_is_cut()
    {
        _kernel.Answer(5, 0, 200, 1);
        Started(async () => await _vcpu.RunAsync());
        Assert.Equal(8, _vcpu.Page.MmioLength);
        Assert.Single(_kernel.Lines);
    }

    [Fact]
    public void Immediate_exit_is_seen_before_the_hypercall_and_stays()
    {
        Started(async () =>
        {
            _vcpu.Page.ImmediateExit = true;
            Assert.Equal(-LinuxErrno.EINTR, await _vcpu.RunAsync());
            Assert.Equal(-LinuxErrno.EINTR, await _vcpu.RunAsync());
        });
        Assert.Empty(_kernel.Resumed);
        Assert.True(_vcpu.Page.ImmediateExit);
    }

    [Fact]
    public void A_signal_ends_the_run_once()
    {
        _kernel.Answer(0, then: _vcpu.Signal);
        _kernel.Answer(5, 0, 1);
        Started(async () =>
        {
            Assert.Equal(-LinuxErrno.EINTR, await _vcpu.RunAsync());
            Assert.Equal(0, await _vcpu.RunAsync());
        });
    }

    [Fact]
    public void Preempted_blocked_and_retry_go_round()
    {
        _kernel.Answer(0);
        _kernel.Answer(3);
        _kernel.Fail(GunyahError.Retry);
        _kernel.Answer(0);
        _kernel.Answer(5, 0, 1);
        Started(async () => Assert.Equal(0, await _vcpu.RunAsync()));
        Assert.Equal(5, _vcpu.Statistics.Runs);
        Assert.Equal((2, 1, 1, 1), (_vcpu.Statistics.Ready, _vcpu.Statistics.Blocked, _vcpu.Statistics.Retries, _vcpu.Statistics.MmioWrites));
    }

    [Theory]
    [InlineData(GunyahError.Denied, -13)]
    [InlineData(GunyahError.CspaceCapRevoked, -13)]
    [InlineData(GunyahError.Idle, -16)]
    [InlineData(GunyahError.ArgumentInvalid, -22)]
    public void Other_errors_of_the_hypercall_are_returned(GunyahError error, int errno)
    {
        _kernel.Fail(error);
        Started(async () => Assert.Equal(errno, await _vcpu.RunAsync()));
    }

    [Fact]
    public void A_vcpu_that_waits_sleeps_until_its_interrupt()
    {
        _kernel.Answer(1, 0, 1);
        _kernel.Answer(5, 0, 1);
        Task<int>? run = null;
        Started(() => Task.CompletedTask);
        Assert.False(_rm.Completes(() => run = _vcpu.RunAsync().AsTask()));
        Assert.Single(_kernel.Resumed);
        _rm.Pair.Context.Run(() => _kernel.Raise(Virq));
        Assert.True(run!.IsCompleted);
        Assert.Equal(2, _kernel.Resumed.Count);
    }

    [Fact]
    public void An_interrupt_that_came_before_the_sleep_is_not_lost()
    {
        _kernel.Answer(1, 0, 1, then: () => _kernel.Raise(Virq));
        _kernel.Answer(5, 0, 1);
        Started(async () => Assert.Equal(0, await _vcpu.RunAsync()));
    }

    [Fact]
    public void Off_means_asleep_while_the_vm_runs()
    {
        _kernel.Answer(2);
        Started(() => Task.CompletedTask);
        Assert.False(_rm.Completes(async () => await _vcpu.RunAsync()));
    }

    [Fact]
    public void Off_means_the_end_when_the_vm_has_ended()
    {
        _kernel.Answer(0, then: () => _rm.Exited(ExitType.PlatformReset));
        for (var n = 0; n < 8; n++) _kernel.Answer(0);
        _kernel.Answer(2, 1);
        Started(async () => Assert.Equal(0, await _vcpu.RunAsync()));
        Assert.Equal(VCpuExitReason.Status, _vcpu.Page.ExitReason);
        Assert.Equal(VmRunStatus.Exited, _vcpu.Page.Status);
        Assert.Equal(ExitType.PlatformReset, _vcpu.Page.Exit.Type);
        Assert.Equal(4u, _vcpu.Page.Exit.ReasonSize);
    }

    [Fact]
    public void The_end_of_the_vm_wakes_a_sleeper()
    {
        _kernel.Answer(1, 0, 1);
        Task<int>? run = null;
        Started(() => Task.CompletedTask);
        Assert.False(_rm.Completes(() => run = _vcpu.RunAsync().AsTask()));
        _rm.Pair.Context.Run(() => _rm.Exited(ExitType.SoftwareError));
        Assert.True(run!.IsCompletedSuccessfully);
        Assert.Equal(VCpuExitReason.Status, _vcpu.Page.ExitReason);
        Assert.Equal(VmRunStatus.Exited, _vcpu.Page.Status);
    }

    [Fact]
    public void After_the_end_every_run_shows_it_again_without_a_hypercall()
    {
        _kernel.Answer(2, 1, then: () => _rm.Exited(ExitType.PlatformOff));
        Started(async () =>
        {
            Assert.Equal(0, await _vcpu.RunAsync());
            var calls = _kernel.Resumed.Count;
            Assert.Equal(0, await _vcpu.RunAsync());
            Assert.Equal(calls, _kernel.Resumed.Count);
            Assert.Equal(VmRunStatus.Exited, _vcpu.Page.Status);
        });
    }

    [Theory]
    [InlineData(6u)]
    [InlineData(7u)]
    [InlineData(0x100u)]
    [InlineData(0xffff_ffffu)]
    public void A_state_it_does_not_know_is_logged_once_and_tried_again(uint state)
    {
        _kernel.Answer(state);
        _kernel.Answer(state);
        _kernel.Answer(state);
        _kernel.Answer(5, 0, 1);
        Started(async () => Assert.Equal(0, await _vcpu.RunAsync()));
        Assert.Equal(3, _vcpu.Statistics.Unknown);
        Assert.Single(_kernel.Lines);
    }

    [Fact]
    public void A_run_waits_for_the_start_in_progress()
    {
        // The resource is there before VM_START is answered; the run must not look at a VM that is only half started.
        Task<int>? run = null;
        _kernel.Answer(5, 0x42, 1);
        _rm.Before[MessageId.VmStart] = () => run = _vcpu.RunAsync().AsTask();
        Started(async () => Assert.Equal(0, await run!));
        Assert.Equal(VCpuExitReason.Mmio, _vcpu.Page.ExitReason);
    }

    [Fact]
    public void A_launch_that_failed_is_load_failed()
    {
        _rm.Refusals[MessageId.VmStart] = RmError.NoResource;
        _rm.Run(async () =>
        {
            Assert.False((await _vm.StartAsync()).IsOk);
            Assert.Equal(0, await _vcpu.RunAsync());
        });
        Assert.Equal(VCpuExitReason.Status, _vcpu.Page.ExitReason);
        Assert.Equal(VmRunStatus.Crashed, _vcpu.Page.Status);
    }

    [Fact]
    public void A_removed_vcpu_is_enodev_and_its_index_is_free_again()
    {
        Started(async () =>
        {
            Assert.Contains(Virq, _kernel.Irqs);
            Assert.True(_vm.RemoveFunction(_vcpu).IsOk);
            Assert.Equal(-LinuxErrno.ENODEV, await _vcpu.RunAsync());
            Assert.DoesNotContain(Virq, _kernel.Irqs);
            Assert.Equal(-LinuxErrno.ENOENT, _vm.RemoveFunction(_vcpu).Errno);
            var again = new GunyahVCpu(_vm, 0);
            Assert.True(_vm.AddFunction(again).IsOk);
            _kernel.Answer(5, 0x42, 1);
            Assert.Equal(0, await again.RunAsync());
        });
    }

    [Fact]
    public void A_resource_whose_interrupt_is_refused_stays_unclaimed()
    {
        _kernel.RefusesIrqs = true;
        Started(async () => Assert.Equal(-LinuxErrno.ENODEV, await _vcpu.RunAsync()));
        Assert.Single(_vm.Tickets.Unclaimed);
    }

    [Fact]
    public void The_run_page_is_laid_out_as_in_the_kernels_header()
    {
        _kernel.Answer(5, 0x1122_3344_5566_7788, 4, 0x99aa_bbcc);
        Started(async () => await _vcpu.RunAsync());
        _vcpu.Page.ImmediateExit = true;
        Assert.Equal(
            "01000000" + "00000000" + "01000000" + "00000000" + "8877665544332211" + "CCBBAA9900000000" + "04000000" + "01000000",
            Convert.ToHexString(_vcpu.Page.Bytes[..40]));
        Assert.Equal(4096, _vcpu.Page.Bytes.Length);
    }

    [Fact]
    public void A_status_exit_is_laid_out_as_in_the_kernels_header()
    {
        _kernel.Answer(2, 1, then: () => _rm.Exited(ExitType.ForcedStop));
        Started(async () => await _vcpu.RunAsync());
        Assert.Equal("02000000" + "00000000" + "02000000" + "07000000" + "04000000" + "0000000000000000", Convert.ToHexString(_vcpu.Page.Bytes[8..36]));
    }

    private (ulong Address, int Length, bool IsWrite, ulong Data) Mmio() =>
        (_vcpu.Page.MmioAddress, _vcpu.Page.MmioLength, _vcpu.Page.MmioIsWrite, _vcpu.Page.MmioData);

    private void Started(Func<Task> test) => _rm.Run(async () =>
    {
        Assert.True((await _vm.StartAsync()).IsOk);
        await test();
    });
}
