using RmStack.Machine.Cpu;
using RmStack.Machine.Gic;
using static RmStack.Machine.Gic.GicRegister;

namespace RmStack.Machine.Tests.Gic;

/// <summary>Acknowledge, priority drop, preemption and the registers around them, on both kinds of delivery.</summary>
public class CpuInterfaceTests
{
    public static TheoryData<bool> Both => [false, true];

    [Theory]
    [MemberData(nameof(Both))]
    public void Registers_at_reset(bool gunyah)
    {
        var bench = new GicBench(GicBench.Identity(gunyah));
        Assert.Equal(0ul, bench.Icc(0, ICC_PMR_EL1));
        Assert.Equal(0xFFul, bench.Icc(0, ICC_RPR_EL1));
        Assert.Equal(0x8C00ul, bench.Icc(0, ICC_CTLR_EL1));
        Assert.Equal(7ul, bench.Icc(0, ICC_SRE_EL1));
        Assert.Equal(0ul, bench.Icc(0, ICC_IGRPEN0_EL1));
        Assert.Equal(0ul, bench.Icc(0, ICC_IGRPEN1_EL1));
    }

    /// <summary>Capture 80: what every bit of each register keeps.</summary>
    [Theory]
    [InlineData(ICC_PMR_EL1, 0xF8)]
    [InlineData(ICC_CTLR_EL1, 0x8C03)]
    [InlineData(ICC_SRE_EL1, 7)]
    [InlineData(ICC_IGRPEN0_EL1, 0)]
    [InlineData(ICC_IGRPEN1_EL1, 0)]
    public void All_ones_read_back_as_on_the_real_one(uint register, ulong value)
    {
        var bench = new GicBench(GicIdentity.Gunyah);
        bench.Icc(0, register, ulong.MaxValue);
        Assert.Equal(value, bench.Icc(0, register));
    }

    /// <summary>Capture 80: group off; "EXC" is UNDEFINED, "ok" is accepted.</summary>
    [Theory]
    [InlineData(ICC_BPR0_EL1, true)]
    [InlineData(ICC_BPR1_EL1, true)]
    [InlineData(ICC_AP0R0_EL1, true)]
    [InlineData(ICC_AP0R0_EL1 + 1, false)]
    [InlineData(ICC_AP1R0_EL1, true)]
    [InlineData(ICC_AP1R0_EL1 + 1, false)]
    [InlineData(ICC_IAR0_EL1, false)]
    [InlineData(ICC_IAR1_EL1, false)]
    [InlineData(ICC_HPPIR0_EL1, false)]
    [InlineData(ICC_HPPIR1_EL1, false)]
    [InlineData(ICC_AP1R0_EL1 + 5, false)]
    [InlineData((3 << 14) | (4 << 11) | (12 << 7) | (9 << 3) | 5, false)]
    [InlineData((3 << 14) | (6 << 11) | (12 << 7) | (12 << 3) | 5, false)]
    public void With_the_group_off_reads_are_undefined_and_writes_ignored(uint register, bool writable)
    {
        var face = new GicBench(GicIdentity.Gunyah).Gic.CpuInterface(0);
        Assert.False(face.TryRead(register, out _));
        Assert.Equal(writable, face.TryWrite(register, ulong.MaxValue));
    }

    [Fact]
    public void Writes_with_the_group_off_leave_no_trace()
    {
        var bench = new GicBench(GicIdentity.Gunyah);
        foreach (var register in new[] { ICC_BPR0_EL1, ICC_BPR1_EL1, ICC_AP0R0_EL1, ICC_AP1R0_EL1 }) bench.Icc(0, register, 7);
        bench.Ready();
        Assert.Equal(2ul, bench.Icc(0, ICC_BPR0_EL1));
        Assert.Equal(3ul, bench.Icc(0, ICC_BPR1_EL1));
        Assert.Equal(0ul, bench.Icc(0, ICC_AP0R0_EL1));
        Assert.Equal(0ul, bench.Icc(0, ICC_AP1R0_EL1));
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    public void Group_enables_read_as_off_while_the_distributor_has_the_group_off(bool gunyah, ulong read)
    {
        var bench = new GicBench(GicBench.Identity(gunyah));
        bench.Icc(0, ICC_IGRPEN1_EL1, 1);
        bench.Icc(0, ICC_IGRPEN0_EL1, 1);
        bench.Write(0, 1);
        Assert.Equal(1ul, bench.Icc(0, ICC_IGRPEN0_EL1));
        Assert.Equal(read, bench.Icc(0, ICC_IGRPEN1_EL1));
        bench.Write(0, 3);
        Assert.Equal(1ul, bench.Icc(0, ICC_IGRPEN1_EL1));
    }

    [Theory]
    [InlineData(ICC_IAR0_EL1, false, false)]
    [InlineData(ICC_IAR1_EL1, false, false)]
    [InlineData(ICC_RPR_EL1, true, false)]
    [InlineData(ICC_EOIR0_EL1, false, true)]
    [InlineData(ICC_EOIR1_EL1, false, true)]
    [InlineData(ICC_DIR_EL1, false, true)]
    [InlineData(ICC_SGI0R_EL1, false, true)]
    [InlineData(ICC_SGI1R_EL1, false, true)]
    [InlineData(ICC_ASGI1R_EL1, false, true)]
    [InlineData(ICC_PMR_EL1, true, true)]
    [InlineData(ICC_AP0R0_EL1 + 1, false, false)]
    [InlineData(0u, false, false)]
    [InlineData(uint.MaxValue, false, false)]
    public void Direction_of_each_register(uint register, bool reads, bool writes)
    {
        ICpuInterface face = new GicBench(GicIdentity.QemuVirt).Ready().Gic.CpuInterface(0);
        if (register is not (ICC_IAR0_EL1 or ICC_IAR1_EL1)) Assert.Equal(reads, face.TryRead(register, out _));
        Assert.Equal(writes, face.TryWrite(register, 1023));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void A_level_line_fires_until_it_is_low(bool gunyah)
    {
        var bench = Enabled(gunyah, 40);
        var face = bench.Gic.CpuInterface(0);
        bench.Gic.AssertLevel(0, 40);
        Assert.True(face.IrqPending);
        Assert.Equal(40u, face.AcknowledgeGroup1());
        Assert.False(face.IrqPending);
        face.EndOfInterruptGroup1(40);
        Assert.True(face.IrqPending);
        Assert.Equal(40u, face.AcknowledgeGroup1());
        bench.Gic.ClearLevel(0, 40);
        face.EndOfInterruptGroup1(40);
        Assert.False(face.AnythingPending);
        Assert.Equal(GicCpuInterface.Spurious, face.AcknowledgeGroup1());
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void An_edge_fires_once_and_once_more_if_it_came_while_active(bool gunyah)
    {
        var bench = Enabled(gunyah, 40);
        bench.SetEdge(40, true);
        bench.Gic.LatchEdge(0, 40);
        bench.Gic.LatchEdge(0, 40);
        Assert.Equal(40u, bench.Iar1());
        bench.Gic.LatchEdge(0, 40);
        bench.Gic.LatchEdge(0, 40);
        Assert.True(bench.Bit(GicBench.ISPENDR, 40));
        Assert.True(bench.Bit(GicBench.ISACTIVER, 40));
        Assert.Equal(1023u, bench.Iar1());
        bench.Eoir1(40);
        Assert.Equal(40u, bench.Iar1());
        bench.Eoir1(40);
        Assert.Equal(1023u, bench.Iar1());
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void More_urgent_interrupts_preempt_and_return_in_order(bool gunyah)
    {
        var bench = Enabled(gunyah, 40, 41, 42);
        bench.SetPriority(40, 0xA0);
        bench.SetPriority(41, 0x80);
        bench.SetPriority(42, 0x98);
        bench.Gic.AssertLevel(0, 40);
        Assert.Equal(40u, bench.Iar1());
        Assert.Equal(0xA0u, bench.Rpr());
        bench.Gic.AssertLevel(0, 42);
        Assert.Equal(42u, bench.Iar1());
        bench.Gic.AssertLevel(0, 41);
        Assert.Equal(41u, bench.Iar1());
        Assert.Equal(1ul << 16 | 1ul << 19 | 1ul << 20, bench.Icc(0, ICC_AP1R0_EL1));
        foreach (var intid in new[] { 41, 42, 40 })
        {
            bench.Gic.ClearLevel(0, intid);
            bench.Eoir1((uint)intid);
        }

        Assert.Equal(0xFFu, bench.Rpr());
        Assert.Equal(1023u, bench.Iar1());
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void Equal_group_priority_does_not_preempt(bool gunyah)
    {
        var bench = Enabled(gunyah, 40, 41);
        bench.Icc(0, ICC_BPR1_EL1, 5);
        bench.SetPriority(40, 0xB8);
        bench.SetPriority(41, 0xA0);
        bench.Gic.AssertLevel(0, 40);
        Assert.Equal(40u, bench.Iar1());
        Assert.Equal(0xA0u, bench.Rpr());
        bench.Gic.AssertLevel(0, 41);
        Assert.Equal(41u, bench.Hppir1());
        Assert.Equal(1023u, bench.Iar1());
        bench.SetPriority(41, 0x98);
        Assert.Equal(41u, bench.Iar1());
        Assert.Equal(0x80u, bench.Rpr());
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void Binary_points_have_minima_and_can_be_shared(bool gunyah)
    {
        var bench = new GicBench(GicBench.Identity(gunyah)).Ready();
        bench.Icc(0, ICC_BPR0_EL1, 0);
        bench.Icc(0, ICC_BPR1_EL1, 0);
        Assert.Equal(2ul, bench.Icc(0, ICC_BPR0_EL1));
        Assert.Equal(3ul, bench.Icc(0, ICC_BPR1_EL1));
        bench.Icc(0, ICC_BPR0_EL1, 5);
        bench.Icc(0, ICC_CTLR_EL1, 1);
        Assert.Equal(6ul, bench.Icc(0, ICC_BPR1_EL1));
        bench.Icc(0, ICC_BPR1_EL1, 7);
        bench.Icc(0, ICC_BPR0_EL1, 7);
        Assert.Equal(7ul, bench.Icc(0, ICC_BPR1_EL1));
        bench.Icc(0, ICC_CTLR_EL1, 0);
        Assert.Equal(3ul, bench.Icc(0, ICC_BPR1_EL1));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void The_mask_lets_only_lower_numbers_through(bool gunyah)
    {
        var bench = Enabled(gunyah, 40);
        var face = bench.Gic.CpuInterface(0);
        bench.SetPriority(40, 0xA0);
        bench.Gic.AssertLevel(0, 40);
        face.SetPriorityMask(0xA0);
        Assert.False(face.AnythingPending);
        Assert.Equal(1023u, bench.Iar1());
        Assert.Equal(40u, bench.Hppir1());
        face.SetPriorityMask(0xA8);
        Assert.True(face.IrqPending);
        face.SetPriorityMask(0xA7);
        Assert.False(face.IrqPending);
        Assert.Equal(0xA0ul, bench.Icc(0, ICC_PMR_EL1));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void Group_0_is_signalled_as_fiq_and_hides_a_less_urgent_irq(bool gunyah)
    {
        var bench = Enabled(gunyah, 40, 41);
        var face = bench.Gic.CpuInterface(0);
        bench.SetPriority(41, 8);
        bench.Write(0x84, ~(1u << 8));
        bench.Gic.AssertLevel(0, 40);
        bench.Gic.AssertLevel(0, 41);
        Assert.True(face.FiqPending);
        Assert.False(face.IrqPending);
        Assert.Equal(1023u, bench.Iar1());
        Assert.Equal(1023ul, bench.Icc(0, ICC_HPPIR1_EL1));
        Assert.Equal(40ul, bench.Icc(0, ICC_HPPIR0_EL1));
        Assert.Equal(40ul, bench.Icc(0, ICC_IAR0_EL1));
        Assert.Equal(1ul, bench.Icc(0, ICC_AP0R0_EL1));
        Assert.False(face.AnythingPending);
        bench.Gic.ClearLevel(0, 40);
        bench.Icc(0, ICC_EOIR0_EL1, 40);
        Assert.True(face.IrqPending);
        Assert.Equal(41u, bench.Iar1());
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void With_eoi_mode_1_only_dir_deactivates(bool gunyah)
    {
        var bench = Enabled(gunyah, 40);
        bench.SetEdge(40, true);
        bench.Gic.LatchEdge(0, 40);
        Assert.Equal(40u, bench.Iar1());
        bench.Icc(0, ICC_DIR_EL1, 40);
        Assert.True(bench.Bit(GicBench.ISACTIVER, 40), "DIR without EOImode has no effect");
        bench.Icc(0, ICC_CTLR_EL1, 2);
        bench.Gic.LatchEdge(0, 40);
        bench.Eoir1(40);
        Assert.Equal(0xFFu, bench.Rpr());
        Assert.True(bench.Bit(GicBench.ISACTIVER, 40));
        Assert.Equal(1023u, bench.Iar1());
        bench.Icc(0, ICC_DIR_EL1, 40);
        Assert.Equal(40u, bench.Iar1());
    }

    [Fact]
    public void Dir_of_an_interrupt_that_another_vcpu_handles_is_ignored()
    {
        var bench = Enabled(gunyah: true, 40);
        bench.Icc(1, ICC_CTLR_EL1, 2);
        bench.Gic.AssertLevel(0, 40);
        Assert.Equal(40u, bench.Iar1());
        bench.Icc(1, ICC_DIR_EL1, 40);
        Assert.True(bench.Bit(GicBench.ISACTIVER, 40));
    }

    [Theory]
    [InlineData(1020)]
    [InlineData(1021)]
    [InlineData(1022)]
    [InlineData(1023)]
    [InlineData(8192)]
    [InlineData(0xFFFFFF)]
    public void Ending_what_does_not_exist_changes_nothing(uint intid)
    {
        foreach (var gunyah in new[] { false, true })
        {
            var bench = Enabled(gunyah, 40);
            bench.Gic.AssertLevel(0, 40);
            bench.Iar1();
            bench.Eoir1(intid);
            bench.Icc(0, ICC_CTLR_EL1, 2);
            bench.Icc(0, ICC_DIR_EL1, intid);
            Assert.Equal(0u, bench.Rpr());
            Assert.True(bench.Bit(GicBench.ISACTIVER, 40));
        }
    }

    [Fact]
    public void Reset_turns_the_groups_off_and_on_plain_hardware_everything_else_too()
    {
        foreach (var gunyah in new[] { false, true })
        {
            var bench = Enabled(gunyah, 40);
            bench.Gic.AssertLevel(0, 40);
            bench.Gic.ResetCpu(0);
            Assert.Equal(0ul, bench.Icc(0, ICC_IGRPEN1_EL1));
            Assert.False(bench.Gic.CpuInterface(0).AnythingPending);
            Assert.False(bench.Gic.WakePending(0));
            Assert.Equal(gunyah ? 0xF8ul : 0, bench.Icc(0, ICC_PMR_EL1));
            Assert.Equal(1ul, bench.Icc(1, ICC_IGRPEN1_EL1));
            Assert.True(bench.Bit(GicBench.ISPENDR, 40));
        }
    }

    [Fact]
    public void Nothing_is_allocated_while_interrupts_come_and_go()
    {
        foreach (var gunyah in new[] { false, true })
        {
            var bench = Enabled(gunyah, 40, 41, 27);
            bench.Gic.Wake = static _ => { };
            bench.Gic.SetSource(0, 41, new Never());
            for (var i = 0; i < 100; i++) Cycle(bench.Gic);
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1000; i++) Cycle(bench.Gic);
            Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        }
    }

    private static void Cycle(GicV3 gic)
    {
        var face = gic.CpuInterface(0);
        gic.AssertLevel(0, 40);
        gic.AssertLevel(0, 41);
        gic.AssertLevel(0, 27);
        gic.TryReadDistributor(0, 0x204, 4, out _);
        gic.TryWriteRedistributor(0, 0, 0x10200, 4, 1 << 3);
        gic.ClearLevel(0, 40);
        while (face.TryRead(ICC_IAR1_EL1, out var intid) && intid != 1023)
        {
            gic.ClearLevel(0, (int)intid);
            face.TryWrite(ICC_EOIR1_EL1, intid);
        }
    }

    private static GicBench Enabled(bool gunyah, params int[] intids)
    {
        var bench = new GicBench(GicBench.Identity(gunyah)).Ready();
        foreach (var intid in intids) bench.SetBit(GicBench.ISENABLER, intid);
        return bench;
    }

    private sealed class Never : IInterruptSource
    {
        public bool CheckPending(bool reasserted) => false;
    }
}
