using System.Runtime.InteropServices;
using RmStack.Hypervisor.Native;
using RmStack.Hypervisor.Objects;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Hypervisor.Tests;

/// <summary>Proxy-scheduled vCPUs that run real code: what the proxy and the guest see (observed on the public build).</summary>
public class VCpuTests
{
    private const ulong GuestRam = 0x8000_0000;
    private const ulong GuestRamAt = 0x9000_0000;
    private const uint WakeupIntid = 45;
    private const uint HaltIntid = 46;

    private static void WithGuest(uint[] code, Func<Bench.Root, Bench.Vm, Task> test, Action<Bench.Root, Bench.Vm>? before = null)
    {
        using var bench = new Bench();
        bench.Run(async root =>
        {
            var vm = root.CreateVm(0x80, GuestRamAt, GuestRam, 0x10000, proxy: true);
            root.Context.Interrupts.Initialise(Bench.Layout.GicdBase);
            Load(root, vm, code);
            before?.Invoke(root, vm);
            await test(root, vm);
            Invariants.Check(root.Bench.Hypervisor);
        });
    }

    private static void Load(Bench.Root root, Bench.Vm vm, uint[] code)
    {
        const ulong Window = 0x1_0000_0000;
        var offset = GuestRamAt - root.Caps.MemoryBase;
        Bench.Root.Ok(root.Calls.Map(root.Caps.AddressSpace, vm.Extent, Window, Bench.MapRwx, Bench.Partial, offset, 0x10000));
        root.Memory.Write(Window, MemoryMarshal.AsBytes<uint>(code));
        Bench.Root.Ok(root.Calls.Unmap(root.Caps.AddressSpace, vm.Extent, Window, Bench.Partial, offset, 0x10000));
    }

    private static void PowerOn(Bench.Root root, Bench.Vm vm) => Bench.Root.Ok(root.Calls.PowerOn(vm.VCpu, GuestRam, 0, 0));

    private static async Task<RunResult> Run(Bench.Root root, Bench.Vm vm, ulong resume = 0)
    {
        var result = await root.Calls.RunAsync(vm.VCpu, resume);
        for (var n = 0; n < 50 && result is { Error: GunyahError.Ok, State: (uint)VCpuRunState.Ready }; n++)
            result = await root.Calls.RunAsync(vm.VCpu);
        return result;
    }

    private static RunResult State(VCpuRunState state, ulong d0 = 0, ulong d1 = 0, ulong d2 = 0) => new(GunyahError.Ok, (uint)state, d0, d1, d2);

    // mov x1, #0x10000000; mov w2, #0x1234; str w2, [x1]; ldrsb x3, [x1, #8]; str x3, [x1, #16]; ldrh w4, [x1, #4];
    // str x4, [x1, #24]; PSCI SYSTEM_OFF; b .
    private static readonly uint[] Mmio =
    [
        0xd2a20001, 0x52824682, 0xb9000022, 0x39802023, 0xf9000823, 0x79400824, 0xf9000c24, 0xd2b08000, 0x91002000, 0xd4000002, 0x14000000,
    ];

    [Fact]
    public void Device_accesses_come_to_the_proxy_and_a_read_gets_what_it_answers() => WithGuest(Mmio, async (root, vm) =>
    {
        PowerOn(root, vm);
        Assert.Equal(State(VCpuRunState.VmmioWrite, 0x1000_0000, 4, 0x1234), await Run(root, vm));
        Assert.Equal(State(VCpuRunState.VmmioRead, 0x1000_0008, 1), await Run(root, vm));
        Assert.Equal(State(VCpuRunState.VmmioWrite, 0x1000_0010, 8, 0xffff_ffff_ffff_ff80), await Run(root, vm, 0x80));
        Assert.Equal(State(VCpuRunState.VmmioRead, 0x1000_0004, 2), await Run(root, vm));

        // The hypervisor does not cut an unsigned value to the size of the access.
        Assert.Equal(State(VCpuRunState.VmmioWrite, 0x1000_0018, 8, 0x1234_5678), await Run(root, vm, 0xdead_beef_1234_5678));
        Assert.Equal(State(VCpuRunState.PoweredOff), await Run(root, vm));
        Assert.Equal(State(VCpuRunState.PoweredOff), await Run(root, vm));
        Bench.Root.Ok(root.Calls.Kill(vm.VCpu));
        Assert.Equal(State(VCpuRunState.PoweredOff, 1), await Run(root, vm));
        Bench.Root.Ok(root.Calls.Kill(vm.VCpu));
    });

    [Fact]
    public void A_power_off_tells_whoever_listens_on_the_halt_interrupt()
    {
        var halts = 0;
        WithGuest(
            [0xd2b08000, 0x91002000, 0xd4000002, 0x14000000],
            async (root, vm) =>
            {
                PowerOn(root, vm);
                Assert.Equal(State(VCpuRunState.PoweredOff), await Run(root, vm));
                await Task.Yield();
                Assert.Equal(1, halts);
                var check = root.Calls.RunCheck(vm.VCpu);
                Assert.Equal(State(VCpuRunState.PoweredOff), check);
            },
            (root, vm) =>
            {
                root.Context.Interrupts.Enable(HaltIntid, () => halts++);
                Bench.Root.Ok(root.Calls.BindVcpuVirq(vm.VCpu, root.Caps.Vic, HaltIntid, 0));
            });
    }

    [Fact]
    public void Before_power_on_a_run_says_off() => WithGuest([0x14000000], async (root, vm) =>
        Assert.Equal(State(VCpuRunState.PoweredOff), await Run(root, vm)));

    [Fact]
    public void A_vcpu_that_is_not_proxy_scheduled_is_busy()
    {
        using var bench = new Bench();
        bench.Run(async root =>
        {
            var vm = root.CreateVm(0x80, GuestRamAt, GuestRam, 0x10000, proxy: false);
            Assert.Equal(GunyahError.Busy, (await root.Calls.RunAsync(vm.VCpu)).Error);
            Assert.Equal(GunyahError.CspaceWrongObjectType, (await root.Calls.RunAsync(vm.Vic)).Error);
        });
    }

    [Fact]
    public void A_guest_that_never_gives_up_comes_back_as_ready() => WithGuest([0x14000000], async (root, vm) =>
    {
        PowerOn(root, vm);
        for (var n = 0; n < 3; n++) Assert.Equal(State(VCpuRunState.Ready), await root.Calls.RunAsync(vm.VCpu));
    });

    [Fact]
    public void An_interrupt_for_the_proxy_ends_its_run()
    {
        var bells = 0;
        WithGuest(
            [0x14000000],
            async (root, vm) =>
            {
                PowerOn(root, vm);
                var before = root.Bench.Hypervisor.Clock.Now;
                root.Context.Time.CreateTimer(_ => bells++, null, TimeSpan.FromMicroseconds(100), Timeout.InfiniteTimeSpan);
                await root.Calls.RunAsync(vm.VCpu);
                Assert.InRange(bells, 1, 1);
                Assert.True(root.Bench.Hypervisor.Clock.Now > before);
            });
    }

    // mov x5, #0x10000000; wfi; str w5, [x5]; wfi; b .
    private static readonly uint[] Wfi = [0xd2a20005, 0xd503207f, 0xb90000a5, 0xd503207f, 0x14000000];

    [Fact]
    public void Wfi_expects_a_wakeup_and_says_so_again_at_every_run() => WithGuest(Wfi, async (root, vm) =>
    {
        PowerOn(root, vm);
        Assert.Equal(State(VCpuRunState.ExpectsWakeup, 0, 1), await Run(root, vm));
        Assert.Equal(State(VCpuRunState.ExpectsWakeup, 0, 1), await Run(root, vm));
    });

    // mov x1, #0x100000000; ldr x0, [x1]; b .
    [Fact]
    public void An_exception_loop_is_a_fault_and_halts_the_vcpu() => WithGuest([0xd2c00021, 0xf9400020, 0x14000000], async (root, vm) =>
    {
        PowerOn(root, vm);
        Assert.Equal(State(VCpuRunState.Fault), await Run(root, vm));
        Assert.Equal(State(VCpuRunState.Fault), await Run(root, vm));
    });

    // mov x8, #0x88; mov x9, #0x99; mov x10, #0xaa; mov x18, #0x18; hvc #0x6000; mov x20, #0x10000000; str x0, x1, x7, x8, x9,
    // x10, x18; mov x7, #7; x0 = 0xc6008000; smc #0; str x0; str x7; PSCI SYSTEM_RESET
    private static readonly uint[] Identify =
    [
        0xd2801108, 0xd2801329, 0xd280154a, 0xd2800312, 0xd40c0002, 0xd2a20014, 0xf9000280, 0xf9000281, 0xf9000287, 0xf9000288,
        0xf9000289, 0xf900028a, 0xf9000292, 0xd28000e7, 0xd2b8c000, 0xf2900000, 0xd4000003, 0xf9000280, 0xf9000287, 0xd2b08000,
        0x91002400, 0xd4000002, 0x14000000,
    ];

    [Fact]
    public void Registers_after_a_call_are_those_of_its_path() => WithGuest(Identify, async (root, vm) =>
    {
        PowerOn(root, vm);
        ulong[] expected = [0x5100_0000_0000_8001, 0x1000_0eff, 0, 0x88, GuestRam + 0x14, 0, 0x18, 0x5100_0000_0000_8001, 7];
        foreach (var value in expected) Assert.Equal(State(VCpuRunState.VmmioWrite, 0x1000_0000, 8, value), await Run(root, vm));
        Assert.Equal(State(VCpuRunState.PsciSystemReset, 1UL << 63), await Run(root, vm));
        Bench.Root.Ok(root.Calls.Kill(vm.VCpu));
        Assert.Equal(State(VCpuRunState.PoweredOff, 1), await Run(root, vm));
    });

    /// <summary>Sets up SPI 962 as an edge, enables it, waits; its IRQ vector reports ICC_IAR1_EL1 to 0x10000000 and ends it.</summary>
    private static uint[] TakeSpi()
    {
        var code = new uint[0x2a8 + 2];
        uint[] main =
        [
            0x10004000, 0xd518c000, 0xd2a20014, 0xd2a7ffe1, 0x52800042, 0xb9000022, 0x91020023, 0x12800002, 0xb9007862, 0x91300023,
            0x52800402, 0xb900f062, 0x91040023, 0x52800082, 0xb9007862, 0xd2801e02, 0xd5184602, 0xd2800022, 0xd518cce2, 0xd5033fdf,
            0xd50342ff, 0xd503207f, 0x17ffffff,
        ];
        uint[] vector = [0xd538cc04, 0xf9000284, 0xd518cc24, 0xd69f03e0];
        main.CopyTo(code, 0);
        Array.Resize(ref code, 0x2a0 + vector.Length);
        vector.CopyTo(code, 0x2a0);
        return code;
    }

    [Fact]
    public void A_doorbell_wakes_the_guest_tells_the_proxy_and_is_taken_as_an_interrupt()
    {
        var wakeups = 0;
        WithGuest(
            TakeSpi(),
            async (root, vm) =>
            {
                var bell = root.Create(HypercallNumber.PartitionCreateDoorbell);
                Bench.Root.Ok(root.Calls.Activate(bell));
                Bench.Root.Ok(root.Calls.BindDoorbell(bell, vm.Vic, 962));
                PowerOn(root, vm);
                Assert.Equal(State(VCpuRunState.ExpectsWakeup, 0, 1), await Run(root, vm));
                var before = wakeups;
                Assert.Equal((GunyahError.Ok, 0UL), root.Calls.DoorbellSend(bell, 1));
                await Task.Yield();
                Assert.Equal(before + 1, wakeups);
                Assert.Equal(State(VCpuRunState.VmmioWrite, 0x1000_0000, 8, 962), await Run(root, vm));
                Assert.Equal(State(VCpuRunState.ExpectsWakeup, 0, 1), await Run(root, vm));
                Assert.Equal((GunyahError.Ok, 1UL), root.Calls.DoorbellSend(bell, 4));
                Assert.Equal(State(VCpuRunState.VmmioWrite, 0x1000_0000, 8, 962), await Run(root, vm));
            },
            (root, vm) =>
            {
                root.Context.Interrupts.Enable(WakeupIntid, () => wakeups++);
                Bench.Root.Ok(root.Calls.BindVcpuVirq(vm.VCpu, root.Caps.Vic, WakeupIntid, Bench.WakeupVirq));
            });
    }

    [Fact]
    public void Memory_taken_from_under_a_running_guest_faults_it() => WithGuest([0x14000000], async (root, vm) =>
    {
        PowerOn(root, vm);
        Assert.Equal(State(VCpuRunState.Ready), await root.Calls.RunAsync(vm.VCpu));
        var other = root.CreateSparse();
        Bench.Root.Ok(root.Calls.Donate(Bench.DonateToSibling, vm.Extent, other, GuestRamAt - root.Caps.MemoryBase, 0x10000));
        Assert.Equal(State(VCpuRunState.Fault), await Run(root, vm));
    });

    [Fact]
    public void Registers_can_be_written_only_while_the_vcpu_is_off() => WithGuest(Mmio, (root, vm) =>
    {
        Bench.Root.Ok(root.Calls.WriteVcpuRegister(vm.VCpu, Scheduling.VCpuRegisterSet.X, 30, 5));
        Assert.Equal(GunyahError.ArgumentInvalid, root.Calls.WriteVcpuRegister(vm.VCpu, Scheduling.VCpuRegisterSet.X, 31, 5));
        Assert.Equal(GunyahError.ArgumentInvalid, root.Calls.WriteVcpuRegister(vm.VCpu, Scheduling.VCpuRegisterSet.Pc, 0, 2));
        Assert.Equal(GunyahError.ArgumentInvalid, root.Calls.WriteVcpuRegister(vm.VCpu, (Scheduling.VCpuRegisterSet)3, 0, 0));
        PowerOn(root, vm);
        Assert.Equal(GunyahError.Busy, root.Calls.WriteVcpuRegister(vm.VCpu, Scheduling.VCpuRegisterSet.X, 0, 5));
        Assert.Equal(GunyahError.Busy, root.Calls.PowerOn(vm.VCpu, GuestRam, 0, 0));
        Assert.Equal(GunyahError.ArgumentInvalid, root.Calls.PowerOn(vm.VCpu, GuestRam, 0, 4));
        return Task.CompletedTask;
    });

    [Fact]
    public void A_vcpu_needs_everything_attached_before_it_can_be_activated()
    {
        using var bench = new Bench();
        bench.Run(root =>
        {
            var bare = root.Create(HypercallNumber.PartitionCreateThread);
            Assert.Equal(GunyahError.ObjectConfig, root.Calls.Activate(bare));
            Assert.Equal(GunyahError.ObjectState, root.Calls.Activate(bare));
            var other = root.Create(HypercallNumber.PartitionCreateThread);
            Assert.Equal(GunyahError.ArgumentInvalid, root.Calls.ConfigureVcpu(other, 1 << 20));
            Assert.Equal(GunyahError.ArgumentInvalid, root.Calls.SetAffinity(other, 8));
            Assert.Equal(GunyahError.Denied, root.Calls.SetPriority(other, 63));
            Assert.Equal(GunyahError.ArgumentInvalid, root.Calls.SetTimeslice(other, 99_999));
            return Task.CompletedTask;
        });
    }
}
