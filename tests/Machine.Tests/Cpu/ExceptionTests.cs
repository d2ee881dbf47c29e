using RmStack.Machine.Cpu;

namespace RmStack.Machine.Tests.Cpu;

/// <summary>Exceptions to EL1: syndrome, return address, fault address and vector (machine facts 9; Arm ARM D1, D24).</summary>
public sealed class ExceptionTests
{
    private const int SyncOfSp0 = 0xe00;
    private const int SyncOfSpX = 0xe04;
    private const int IrqOfSpX = 0xe05;
    private const int FiqOfSpX = 0xe06;
    private const int SyncOfEl0 = 0xe08;
    private const int IrqOfEl0 = 0xe09;

    /// <summary>What puts the CPU to EL0 at the instruction after it, with x0 = 1 MiB of RAM.</summary>
    private const string ToEl0 = "adr x9, 9f\nmsr elr_el1, x9\nmsr spsr_el1, xzr\neret\n9: ";

    [Theory]
    [InlineData("svc #0x1234", 0x56001234, 4)]
    [InlineData(".word 0", 0x02000000, 0)]
    [InlineData(".word 0xffff", 0x02000000, 0)]
    [InlineData("hlt #1", 0x02000000, 0)]
    [InlineData("dcps1", 0x02000000, 0)]
    [InlineData("drps", 0x02000000, 0)]
    [InlineData("brk #0x800", 0xf2000800, 0)]
    [InlineData(".word 0xd5031000", 0x02000000, 0)] // wfit
    [InlineData("casal x0, x1, [x2]", 0x02000000, 0)] // no LSE in this model
    [InlineData(".word 0xd500419f", 0x02000000, 0)] // msr pan, #1: nor PAN
    [InlineData("msr midr_el1, x0", 0x02000000, 0)]
    [InlineData("mrs x0, sp_el0\nmsr spsel, #0\nmrs x0, sp_el0", 0x02000000, 8, SyncOfSp0)]
    [InlineData("fmov x0, d0", 0x1fe00000, 0)]
    [InlineData("ldr q0, [x0]", 0x1fe00000, 0)]
    [InlineData("mrs x0, fpcr", 0x1fe00000, 0)]
    [InlineData("mov x0, #0x300000\nmsr cpacr_el1, x0\nfmov x0, d0", 0x02000000, 8)] // nothing of FP exists yet
    public void Instruction_takes_an_exception(string source, uint esr, int elr, int vector = SyncOfSpX)
    {
        using var bench = Bench.With(source);
        bench.RunToHvc(vector);
        Assert.Equal(esr, bench.State.ESR_EL1);
        Assert.Equal(Bench.Code + (ulong)elr, bench.State.ELR_EL1);
        Assert.Equal(15u, bench.State.Daif);
        Assert.Equal(1, bench.State.SPSel);
    }

    [Theory]
    [InlineData("ldr x1, [x0]", 0x96000010, 0x1000)]
    [InlineData("str w1, [x0]", 0x96000050, 0x1000)]
    [InlineData("ldp x1, x2, [x0]", 0x96000010, 0x1000)]
    [InlineData("ldxr x1, [x0]", 0x96000010, 0x1000)]
    [InlineData("ldr x1, [x2, #1]", 0x96000021, 0x40020001)] // stage 1 off: Device memory
    [InlineData("strh w1, [x2, #1]", 0x96000061, 0x40020001)]
    [InlineData("stp x0, x1, [x3]", 0x96000061, 0x40020004)]
    [InlineData("ldxr x1, [x3]", 0x96000021, 0x40020004)]
    [InlineData("stlr x1, [x3]", 0x96000061, 0x40020004)]
    [InlineData("ldaxp x0, x1, [x4]", 0x96000021, 0x40020008)]
    [InlineData("dc zva, x3", 0x96000061, 0x40020004)] // DC ZVA on Device memory
    [InlineData("br x0", 0x86000010, 0x1000)]
    [InlineData("br x1", 0x8a000000, 0x40000002)]
    public void Access_takes_an_exception_and_far_says_where(string source, uint esr, ulong far)
    {
        using var bench = Bench.With(source);
        bench.State.SetX(0, 0x1000);
        bench.State.SetX(1, Bench.Code + 2);
        bench.State.SetX(2, Bench.Data);
        bench.State.SetX(3, Bench.Data + 4);
        bench.State.SetX(4, Bench.Data + 8);
        bench.RunToHvc(SyncOfSpX);
        Assert.Equal(esr, bench.State.ESR_EL1);
        Assert.Equal(far, bench.State.FAR_EL1);
        Assert.Equal(source.StartsWith("br", StringComparison.Ordinal) ? far : Bench.Code, bench.State.ELR_EL1);
    }

    [Theory]
    [InlineData("hvc #0", 0x02000000)]
    [InlineData("smc #0", 0x02000000)]
    [InlineData("eret", 0x02000000)]
    [InlineData("msr spsel, #0", 0x02000000)]
    [InlineData("mrs x0, midr_el1", 0x02000000)] // the kernel emulates these
    [InlineData("mrs x0, id_aa64isar0_el1", 0x02000000)]
    [InlineData("mrs x0, sctlr_el1", 0x02000000)]
    [InlineData("mrs x0, currentel", 0x02000000)]
    [InlineData("msr tpidrro_el0, x0", 0x02000000)]
    [InlineData("mrs x0, s3_0_c12_c12_0", 0x02000000)] // ICC_IAR1_EL1
    [InlineData("mrs x0, s3_3_c15_c0_0", 0x02000000)]
    [InlineData("tlbi vmalle1", 0x02000000)]
    [InlineData("mrs x5, ctr_el0", 0x62000000, true)] // SCTLR.UCT = 0
    [InlineData("mrs x5, cntvct_el0", 0x62000000, true)]
    [InlineData("msr daifset, #2", 0x62000000, true)] // SCTLR.UMA = 0
    [InlineData("mrs x5, daif", 0x62000000, true)]
    [InlineData("dc zva, x0", 0x62000000, true)]
    [InlineData("ic ivau, x0", 0x62000000, true)]
    [InlineData("wfi", 0x07e00000, true)]
    [InlineData("wfe", 0x07e00001, true)]
    public void El0_may_not(string source, uint esr, bool classOnly = false)
    {
        using var bench = Bench.With(ToEl0 + source);
        bench.State.EventRegister = false;
        if (source == "wfe") bench.Load(Bench.Code, ToEl0 + "wfe\nwfe"); // the first takes the event of ERET
        bench.RunToHvc(SyncOfEl0);
        if (classOnly) Assert.Equal(esr >> 26, bench.State.ESR_EL1 >> 26);
        else Assert.Equal(esr, bench.State.ESR_EL1);
    }

    [Fact]
    public void Trapped_system_registers_of_el0_name_the_access_in_the_syndrome()
    {
        using var bench = Bench.With(ToEl0 + "mrs x5, ctr_el0");
        bench.RunToHvc(SyncOfEl0);
        // Op0 3, Op2 1, Op1 3, CRn 0, Rt 5, CRm 0, read.
        Assert.Equal(0x6200_0000u | (3 << 20) | (1 << 17) | (3 << 14) | (5 << 5) | 1, bench.State.ESR_EL1);
    }

    [Fact]
    public void Sp_that_is_not_a_multiple_of_16_faults_as_a_base_when_checked()
    {
        using var bench = Bench.With("mrs x0, sctlr_el1\norr x0, x0, #8\nmsr sctlr_el1, x0\nsub sp, sp, #8\nldr x1, [sp, #8]");
        bench.RunToHvc(SyncOfSpX);
        Assert.Equal(0x9a000000u, bench.State.ESR_EL1);
        Assert.Equal(Bench.Code + 16, bench.State.ELR_EL1);
    }

    [Fact]
    public void Eret_goes_to_el0_and_svc_comes_back_with_its_state_saved()
    {
        using var bench = Bench.With("mov x1, #0xa0000000\nmov x0, #0x123\nmsr sp_el0, x0\nadr x9, 1f\nmsr elr_el1, x9\nmsr spsr_el1, x1\neret\n1: mov x2, sp\nsvc #7");
        bench.RunToHvc(SyncOfEl0);
        Assert.Equal(0x56000007u, bench.State.ESR_EL1);
        Assert.Equal(0xa0000000u, bench.State.SPSR_EL1);
        Assert.Equal(0x123ul, bench.State.GetX(2));
        Assert.Equal(Bench.Ram + 0x8000, bench.State.SP);
        Assert.Equal(0x123ul, bench.State.SP_EL0);
        Assert.Equal(Bench.Code + 36, bench.State.ELR_EL1);
    }

    [Theory]
    [InlineData(0x600003c9)] // EL2h
    [InlineData(0x60000010)] // AArch32
    [InlineData(0x60000001)] // EL0 with M[0]
    [InlineData(0x60000006)]
    public void Illegal_return_stays_at_el1_and_the_next_instruction_takes_the_exception(uint spsr)
    {
        using var bench = Bench.With("adr x9, 1f\nmsr elr_el1, x9\nmsr spsr_el1, x0\neret\nnop\n1: nop");
        bench.State.SetX(0, spsr);
        bench.RunToHvc(SyncOfSpX);
        Assert.Equal(0x3a000000u, bench.State.ESR_EL1);
        Assert.Equal(Bench.Code + 20, bench.State.ELR_EL1);
        Assert.Equal(0x60100005u | (spsr & 0x3c0), bench.State.SPSR_EL1); // IL, NZCV and DAIF restored, EL1h kept
    }

    [Fact]
    public void Exceptions_of_el1t_use_the_first_vectors_and_go_to_sp_el1()
    {
        using var bench = Bench.With("msr spsel, #0\nmov x0, #0x10\nmov sp, x0\nsvc #1");
        bench.RunToHvc(SyncOfSp0);
        Assert.Equal(0x3c4u, bench.State.SPSR_EL1);
        Assert.Equal(Bench.Ram + 0x8000, bench.State.SP);
        Assert.Equal(0x10ul, bench.State.SP_EL0);
    }

    [Fact]
    public void An_exception_that_repeats_for_ever_uses_up_its_budget_and_ends()
    {
        using var bench = Bench.With("svc #0");
        bench.State.VBAR_EL1 = 0; // no RAM there: each vector fetch aborts
        Assert.Equal(CpuExitReason.BudgetUsed, bench.Pe.Run(1000).Reason);
        Assert.Equal(1000ul, bench.Pe.InstructionsRetired);
        Assert.Equal(0x86000010u, bench.State.ESR_EL1);
        Assert.Equal(0x200ul, bench.State.FAR_EL1);
    }

    [Fact]
    public void Injected_exceptions_are_those_that_a_hypervisor_gives()
    {
        using var bench = Bench.With("nop\nldr w5, [x0]", stage2: true);
        bench.State.SetX(0, 0x1230);
        var exit = bench.Run();
        Assert.Equal(CpuExitReason.Stage2Abort, exit.Reason);
        bench.Pe.InjectExternalAbort(exit);
        bench.RunToHvc(SyncOfSpX);
        Assert.Equal((0x96000010u, 0x1230ul, Bench.Code + 4), ((uint)bench.State.ESR_EL1, bench.State.FAR_EL1, bench.State.ELR_EL1));

        bench.State.PC = 0x2000;
        exit = bench.Run();
        Assert.Equal(0x82000005u, exit.Syndrome);
        bench.Pe.InjectExternalAbort(exit);
        bench.RunToHvc(SyncOfSpX);
        Assert.Equal((0x86000010u, 0x2000ul, 0x2000ul), ((uint)bench.State.ESR_EL1, bench.State.FAR_EL1, bench.State.ELR_EL1));

        bench.State.PC = Bench.Code;
        bench.Pe.InjectUndefined();
        bench.RunToHvc(SyncOfSpX);
        Assert.Equal((0x02000000u, Bench.Code), ((uint)bench.State.ESR_EL1, bench.State.ELR_EL1));
    }

    [Fact]
    public void An_interrupt_is_taken_when_it_is_unmasked_and_not_before()
    {
        using var bench = Bench.With("nop\nmov x1, #1\nmsr daifclr, #2\nmov x1, #2\nhvc #1");
        bench.Pe.CpuInterface = new FakeInterface { IrqPending = true };
        bench.RunToHvc(IrqOfSpX);
        Assert.Equal(1ul, bench.State.GetX(1));
        Assert.Equal(Bench.Code + 12, bench.State.ELR_EL1);
        Assert.Equal(0x345u, bench.State.SPSR_EL1);
    }

    [Fact]
    public void Fiq_has_its_own_mask_and_vector_and_interrupts_reach_el0()
    {
        var gic = new FakeInterface { FiqPending = true };
        using var bench = Bench.With("msr daifclr, #1\nhvc #1");
        bench.Pe.CpuInterface = gic;
        bench.RunToHvc(FiqOfSpX);
        bench.Load(Bench.Code, ToEl0 + "b .");
        bench.State.PC = Bench.Code;
        (gic.FiqPending, gic.IrqPending) = (false, true);
        bench.RunToHvc(IrqOfEl0);
        Assert.Equal(Bench.Code + 16, bench.State.ELR_EL1);
    }

    [Fact]
    public void Wfi_waits_only_while_nothing_is_pending_whatever_is_masked()
    {
        var gic = new FakeInterface();
        using var bench = Bench.With("wfi\nwfi\nhvc #1");
        bench.Pe.CpuInterface = gic;
        Assert.Equal(CpuExitReason.Wfi, bench.Run().Reason);
        Assert.Equal(Bench.Code + 4, bench.State.PC);
        gic.AnythingPending = true;
        bench.RunToHvc(1);
    }

    [Fact]
    public void Wfe_takes_an_event_or_waits_for_one()
    {
        var sent = 0;
        using var bench = Bench.With("sevl\nwfe\nsev\nwfe\nwfe\nhvc #1");
        bench.Pe.EventSent = () => sent++;
        Assert.Equal(CpuExitReason.Wfe, bench.Run().Reason);
        Assert.Equal(Bench.Code + 20, bench.State.PC);
        Assert.Equal(1, sent);
        bench.RunToHvc(1);
    }

    [Fact]
    public void A_deadline_ends_a_run_only_to_look_at_the_timer_and_is_met_to_the_tick()
    {
        var gic = new FakeInterface();
        using var bench = Bench.With("msr daifclr, #2\n1: add x1, x1, #1\nb 1b");
        var timer = new FakeTimer(bench.Clock, gic) { NextDeadline = 101 };
        bench.Pe.CpuInterface = gic;
        bench.Pe.Timer = timer;
        bench.RunToHvc(IrqOfSpX);
        Assert.Equal(50ul, bench.State.GetX(1));
        Assert.Equal(102ul, bench.Clock.Now); // 101 instructions and the HVC of the vector
    }

    [Fact]
    public void Counter_reads_see_the_instruction_they_are_in()
    {
        using var bench = Bench.With("nop\nmrs x1, cntvct_el0\nnop\nmrs x2, cntpct_el0\nmrs x3, cntfrq_el0\nhvc #1");
        bench.RunToHvc(1);
        Assert.Equal((1ul, 3ul, 62_500_000ul), (bench.State.GetX(1), bench.State.GetX(2), bench.State.GetX(3)));
        Assert.Equal(6ul, bench.Clock.Now);
    }

    [Fact]
    public void Hypervisor_and_monitor_calls_leave_with_the_right_address_and_immediate()
    {
        using var bench = Bench.With("hvc #0xabcd\nsmc #0x12");
        bench.RunToHvc(0xabcd);
        Assert.Equal(Bench.Code + 4, bench.State.PC);
        var exit = bench.Run();
        Assert.Equal((CpuExitReason.Smc, 0x5e000012u), (exit.Reason, exit.Syndrome));
        Assert.Equal(Bench.Code + 4, bench.State.PC);
    }

    [Fact]
    public void Software_step_lets_el0_run_one_instruction_at_a_time()
    {
        const int Stepped = 5;
        using var bench = Bench.With("mov x1, #1\nmov x2, #2\nsvc #0");
        bench.Load(Bench.Ram + 0x800, "msr oslar_el1, xzr\nmov x9, #1\nmsr mdscr_el1, x9\nmsr elr_el1, x0\nmov x9, #0x200000\nmsr spsr_el1, x9\neret");
        bench.Load(Bench.Vectors + 0x400, $"mrs x10, esr_el1\nmrs x12, spsr_el1\norr x13, x12, #0x200000\nmsr spsr_el1, x13\nhvc #{Stepped}\neret");
        bench.State.PC = Bench.Ram + 0x800;
        bench.State.SetX(0, Bench.Code);
        bench.RunToHvc(Stepped);
        Assert.Equal((1ul, 0ul, 0xcb000022ul, 0ul), (bench.State.GetX(1), bench.State.GetX(2), bench.State.GetX(10), bench.State.GetX(12)));
        bench.RunToHvc(Stepped);
        Assert.Equal((2ul, 0xcb000022ul), (bench.State.GetX(2), bench.State.GetX(10)));
        bench.RunToHvc(Stepped);
        Assert.Equal((0x56000000ul, 0ul), (bench.State.GetX(10), bench.State.GetX(12)));
    }

    private sealed class FakeInterface : ICpuInterface
    {
        public bool IrqPending { get; set; }

        public bool FiqPending { get; set; }

        public bool AnythingPending { get; set; }

        public bool TryRead(uint encoding, out ulong value)
        {
            value = encoding;
            return true;
        }

        public bool TryWrite(uint encoding, ulong value) => true;
    }

    private sealed class FakeTimer(RmStack.Machine.Time.VirtualClock clock, FakeInterface gic) : ICounterTimer
    {
        public ulong NextDeadline { get; set; }

        public bool TryRead(uint encoding, out ulong value)
        {
            value = 0;
            return false;
        }

        public bool TryWrite(uint encoding, ulong value) => false;

        public void Update()
        {
            gic.IrqPending = clock.Now >= NextDeadline;
            NextDeadline = ulong.MaxValue;
        }
    }
}
