using RmStack.Protocol;
using RmStack.Protocol.Hypercalls;
using RmStack.Protocol.Messages;

namespace RmStack.Host.Tests;

public class GunyahVmTests
{
    private readonly FakeRm _rm = new();
    private readonly FakeKernel _kernel = new();

    private static readonly MessageId[] Launch =
        [MessageId.VmAllocate, MessageId.MemLend, MessageId.VmConfigImage, MessageId.VmInit, MessageId.VmGetHypResources, MessageId.VmStart];

    [Fact]
    public void A_vm_is_started_in_the_order_of_the_driver()
    {
        var vm = Vm();
        _rm.Run(async () => Assert.Equal(DriverStatus.Ok, await vm.StartAsync()));
        Assert.Equal(Launch, _rm.Calls);
        Assert.Equal(VmState.Running, vm.State);
        Assert.Equal(FakeRm.GuestVmid, vm.Vmid);
    }

    [Fact]
    public void The_configuration_names_the_parcel_and_the_tree_within_it()
    {
        var vm = Vm();
        _rm.Run(async () => await vm.StartAsync());
        Assert.Equal(DecodeStatus.Ok, VmConfigImage.TryParse(_rm.Payloads[2], out var config));
        Assert.Equal(0u, config.Handle);
        Assert.Equal(0UL, config.ImageOffset);
        Assert.Equal(0UL, config.ImageSize);
        Assert.Equal(0x3000UL, config.DtbOffset);
        Assert.Equal(0x1000UL, config.DtbSize);
    }

    [Fact]
    public void A_vm_that_ended_is_taken_apart_in_the_order_of_the_driver()
    {
        var vm = Vm();
        _rm.Run(async () =>
        {
            await vm.StartAsync();
            _rm.Exited(ExitType.PlatformOff);
            await _rm.Driver.GetVmidAsync();
            Assert.Equal(VmState.Exited, vm.State);
            Assert.Equal(ExitType.PlatformOff, vm.Exit!.Value.Type);
            _rm.Calls.Clear();
            var result = await vm.TeardownAsync();
            Assert.Empty(result.Problems);
        });
        Assert.Equal([MessageId.VmReset, MessageId.MemReclaim, MessageId.VmDeallocate], _rm.Calls);
        Assert.Equal(0, _rm.Driver.Notifier.Count);
    }

    [Fact]
    public void A_vm_that_runs_is_stopped_first()
    {
        var vm = Vm();
        _rm.Run(async () =>
        {
            await vm.StartAsync();
            _rm.Calls.Clear();
            await vm.TeardownAsync();
        });
        Assert.Equal([MessageId.VmStop, MessageId.VmReset, MessageId.MemReclaim, MessageId.VmDeallocate], _rm.Calls);
        Assert.Equal(ExitType.ForcedStop, vm.Exit!.Value.Type);
    }

    [Fact]
    public void A_vm_that_never_was_needs_no_call()
    {
        _rm.Run(async () => Assert.Empty((await Vm().TeardownAsync()).Problems));
        Assert.Empty(_rm.Calls);
    }

    /// <summary>Each call of a launch fails in turn: how far it gets, the state it leaves, and what undoes it.</summary>
    public static TheoryData<uint, int, VmState, uint[]> Failures => new()
    {
        { MessageId.VmAllocate.Value, 1, VmState.None, [] },
        { MessageId.MemLend.Value, 2, VmState.Load, [MessageId.VmDeallocate.Value] },
        { MessageId.VmConfigImage.Value, 3, VmState.Load, [MessageId.MemReclaim.Value, MessageId.VmDeallocate.Value] },
        { MessageId.VmInit.Value, 4, VmState.InitFailed, [MessageId.VmReset.Value, MessageId.MemReclaim.Value, MessageId.VmDeallocate.Value] },
        { MessageId.VmGetHypResources.Value, 5, VmState.Ready, [MessageId.VmReset.Value, MessageId.MemReclaim.Value, MessageId.VmDeallocate.Value] },
        { MessageId.VmStart.Value, 6, VmState.Ready, [MessageId.VmReset.Value, MessageId.MemReclaim.Value, MessageId.VmDeallocate.Value] },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public void A_launch_that_is_refused_is_undone(uint refused, int calls, VmState left, uint[] undone)
    {
        var id = new MessageId(refused);
        _rm.Refusals[id] = RmError.NoMem;
        var vm = Vm();
        _rm.Run(async () =>
        {
            var status = await vm.StartAsync();
            Assert.Equal(-LinuxErrno.ENOMEM, status.Errno);
            Assert.Contains(id.ToString(), status.What, StringComparison.Ordinal);
            Assert.Equal(Launch[..calls], _rm.Calls);
            Assert.Equal(left, vm.State);

            _rm.Calls.Clear();
            var result = await vm.TeardownAsync();
            Assert.Equal(undone.Select(u => new MessageId(u)), _rm.Calls);
            Assert.Equal(0, result.LeakedRegions);
        });
        Assert.Equal(0, _rm.Driver.Notifier.Count);
        Assert.False(vm.Regions[0].Parcel is { IsLive: true });
    }

    [Fact]
    public void After_any_refusal_a_new_vm_works()
    {
        foreach (var id in Launch)
        {
            var rm = new FakeRm { Refusals = { [id] = RmError.NoResource } };
            rm.Run(async () =>
            {
                var first = Vm(rm);
                Assert.False((await first.StartAsync()).IsOk);
                await first.TeardownAsync();
                rm.Refusals.Clear();
                var second = Vm(rm);
                Assert.True((await second.StartAsync()).IsOk);
                Assert.Empty((await second.TeardownAsync()).Problems);
            });
        }
    }

    [Fact]
    public void A_second_start_of_a_running_vm_is_ok_and_calls_nobody()
    {
        var vm = Vm();
        _rm.Run(async () =>
        {
            await vm.StartAsync();
            _rm.Calls.Clear();
            Assert.Equal(DriverStatus.Ok, await vm.StartAsync());
        });
        Assert.Empty(_rm.Calls);
    }

    [Fact]
    public void A_start_after_a_failed_one_is_enodev()
    {
        _rm.Refusals[MessageId.VmInit] = RmError.ArgumentInvalid;
        var vm = Vm();
        _rm.Run(async () =>
        {
            await vm.StartAsync();
            _rm.Refusals.Clear();
            Assert.Equal(-LinuxErrno.ENODEV, (await vm.StartAsync()).Errno);
        });
    }

    [Fact]
    public void A_start_after_a_refused_vmid_tries_again()
    {
        _rm.Refusals[MessageId.VmAllocate] = RmError.NoResource;
        var vm = Vm();
        _rm.Run(async () =>
        {
            Assert.Equal(-LinuxErrno.ENODEV, (await vm.StartAsync()).Errno);
            Assert.Equal(0, _rm.Driver.Notifier.Count);
            _rm.Refusals.Clear();
            Assert.True((await vm.StartAsync()).IsOk);
        });
    }

    [Fact]
    public void An_exit_that_is_reported_during_the_start_counts_after_it()
    {
        _rm.Before[MessageId.VmStart] = () => _rm.Exited(ExitType.PlatformOff);
        var vm = Vm();
        _rm.Run(async () => Assert.Equal(-LinuxErrno.ENODEV, (await vm.StartAsync()).Errno));
        Assert.Equal(VmState.Exited, vm.State);
    }

    [Fact]
    public void The_exit_of_another_vm_changes_nothing()
    {
        var vm = Vm();
        _rm.Run(async () =>
        {
            await vm.StartAsync();
            _rm.Exited(ExitType.PlatformOff, vmid: 0x81);
            await _rm.Driver.GetVmidAsync();
        });
        Assert.Equal(VmState.Running, vm.State);
    }

    [Fact]
    public void Of_all_reported_states_only_the_end_of_a_reset_counts()
    {
        var vm = Vm();
        _rm.Run(async () =>
        {
            await vm.StartAsync();
            foreach (var state in new[] { VmState.Exited, VmState.Init, VmState.InitFailed, VmState.Resetting, VmState.Load }) _rm.Status(state);
            await _rm.Driver.GetVmidAsync();
            Assert.Equal(VmState.Running, vm.State);
            _rm.Status(VmState.Reset);
        });
        Assert.Equal(VmState.Reset, vm.State);
    }

    [Fact]
    public void Memory_is_not_reclaimed_before_the_reset_is_reported()
    {
        _rm.ReportsReset = false;
        var vm = Vm();
        _rm.Run(async () => await vm.StartAsync());
        Assert.False(_rm.Completes(async () => await vm.TeardownAsync()));
        Assert.Equal(MessageId.VmReset, _rm.Calls[^1]);
        Assert.False(_rm.Completes(() =>
        {
            _rm.Status(VmState.Reset);
            return new TaskCompletionSource().Task;
        }));
        Assert.Equal([MessageId.MemReclaim, MessageId.VmDeallocate], _rm.Calls[^2..]);
    }

    [Theory]
    [InlineData("reset")]
    [InlineData("stop")]
    public void Like_the_driver_it_waits_for_ever_when_a_reset_or_a_stop_is_refused(string what)
    {
        _rm.Refusals[what == "reset" ? MessageId.VmReset : MessageId.VmStop] = RmError.Denied;
        var vm = Vm();
        _rm.Run(async () => await vm.StartAsync());
        Assert.False(_rm.Completes(async () => await vm.TeardownAsync()));
        Assert.DoesNotContain(MessageId.MemReclaim, _rm.Calls);
    }

    [Fact]
    public void A_refused_reclaim_is_a_leak_and_the_vmid_goes_back_all_the_same()
    {
        _rm.Refusals[MessageId.MemReclaim] = RmError.MemInUse;
        var vm = Vm();
        _rm.Run(async () =>
        {
            await vm.StartAsync();
            var result = await vm.TeardownAsync();
            Assert.Equal(1, result.LeakedRegions);
            Assert.Contains("MEM_RECLAIM", Assert.Single(result.Problems), StringComparison.Ordinal);
        });
        Assert.True(vm.Regions[0].Leaked);
        Assert.Equal(MessageId.VmDeallocate, _rm.Calls[^1]);
    }

    [Fact]
    public void A_tree_outside_all_memory_is_einval()
    {
        var vm = Vm();
        vm.SetDtbConfig(0x8000_3000, 0x2000);
        _rm.Run(async () => Assert.Equal(-LinuxErrno.EINVAL, (await vm.StartAsync()).Errno));
        Assert.Equal(Launch[..2], _rm.Calls);
    }

    [Theory]
    [InlineData(0xffffffff)]
    [InlineData(31)]
    [InlineData(1020)]
    [InlineData(5120)]
    public void A_resource_whose_interrupt_cannot_be_mapped_is_enomem(uint virq)
    {
        _rm.Resources.Add(new HypResource(ResourceType.Doorbell, 0x80, 5, new CapId(9), virq));
        var vm = Vm();
        _rm.Run(async () => Assert.Equal(-LinuxErrno.ENOMEM, (await vm.StartAsync()).Errno));
        Assert.Equal(Launch[..5], _rm.Calls);
    }

    [Fact]
    public void Shared_memory_names_the_host_as_well()
    {
        var vm = new GunyahVm(_rm.Driver, _kernel);
        Assert.True(vm.SetMemoryRegion(Region(0, 0x8000_0000, 4) is var r ? new MemoryRegion { Label = 7, GuestAddress = r.GuestAddress, Pages = r.Pages, Sharing = RegionSharing.Share } : r).IsOk);
        vm.SetDtbConfig(0x8000_0000, 0x1000);
        _rm.Run(async () => Assert.True((await vm.StartAsync()).IsOk));
        Assert.Equal([MessageId.VmAllocate, MessageId.VmGetVmid, MessageId.MemShare], _rm.Calls[..3]);
        Assert.Equal(DecodeStatus.Ok, MemLend.TryParse(_rm.Payloads[2], out var share));
        Assert.Equal(7u, share.Label);
        Assert.Equal(new AclEntry(0x80, MemRights.ReadWriteExecute), share.Acl[0]);
        Assert.Equal(new AclEntry(3, MemRights.ReadWriteExecute), share.Acl[1]);
    }

    [Fact]
    public void Regions_are_checked_as_the_ioctl_does()
    {
        var vm = new GunyahVm(_rm.Driver, _kernel);
        Assert.Equal(-LinuxErrno.EINVAL, vm.SetMemoryRegion(Region(0, 0x8000_0000, 0)).Errno);
        Assert.Equal(-LinuxErrno.EINVAL, vm.SetMemoryRegion(Region(0, 0x8000_0800, 1)).Errno);
        Assert.Equal(-LinuxErrno.EOVERFLOW, vm.SetMemoryRegion(Region(0, 0xffff_ffff_ffff_f000, 2)).Errno);
        Assert.Equal(0, vm.SetMemoryRegion(Region(0, 0x8000_0000, 4)).Errno);
        Assert.Equal(-LinuxErrno.EEXIST, vm.SetMemoryRegion(Region(0, 0x9000_0000, 4)).Errno);
        Assert.Equal(-LinuxErrno.EEXIST, vm.SetMemoryRegion(Region(1, 0x8000_3000, 4)).Errno);
        Assert.Equal(0, vm.SetMemoryRegion(Region(1, 0x8000_4000, 4)).Errno);
        Assert.Equal(
            -LinuxErrno.EINVAL,
            vm.SetMemoryRegion(new MemoryRegion { Label = 2, GuestAddress = 0xa000_0000, Pages = [0x4000_0000], Rights = (MemRights)8 }).Errno);
    }

    private GunyahVm Vm(FakeRm? rm = null)
    {
        var vm = new GunyahVm((rm ?? _rm).Driver, _kernel);
        Assert.True(vm.SetMemoryRegion(Region(0, 0x8000_0000, 4)).IsOk);
        vm.SetDtbConfig(0x8000_3000, 0x1000);
        return vm;
    }

    private static MemoryRegion Region(uint label, ulong guest, int pages) => new()
    {
        Label = label,
        GuestAddress = guest,
        Pages = [.. Enumerable.Range(0, pages).Select(n => 0x4100_0000UL + ((ulong)n * 0x1000))],
    };
}
