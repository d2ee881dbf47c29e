using RmStack.Machine.Cpu;
using RmStack.Machine.Mmu;
using RmStack.Machine.Tests.Cpu;

namespace RmStack.Machine.Tests.Mmu;

/// <summary>Exits for accesses that stage 2 refuses (machine facts 7.2 and 8.3; MMIO as a guest of Gunyah observes it).</summary>
public sealed class Stage2Tests
{
    [Theory]
    [InlineData("ldr w2, [x0, #0x18]", 0x900_0000, 0x18, 0x93820005)] // PL011 FR
    [InlineData("strb w1, [x0]", 0x900_0000, 0, 0x93010045)] // PL011 DR
    [InlineData("ldr w0, [x0]", 0x800_ffe8, 0, 0x93800005)] // GICD_PIDR2
    [InlineData("ldr x20, [x0]", 0x80a_0008, 0, 0x93d48005)] // GICR_TYPER
    [InlineData("str x0, [x0]", 0x800_6100, 0, 0x93c08045)] // GICD_IROUTER
    [InlineData("str wzr, [x0]", 0x800_0000, 0, 0x939f0045)] // GICD_CTLR
    [InlineData("strh wzr, [x0]", 0x900_0038, 0, 0x935f0045)] // PL011 IMSC
    [InlineData("ldarh w0, [x0]", 0x900_0030, 0, 0x93404005)] // PL011 CR with AR
    [InlineData("ldar w2, [x0]", 0x900_0018, 0, 0x93824005)]
    [InlineData("stlr x3, [x0]", 0x900_0018, 0, 0x93c3c045)]
    [InlineData("ldrsb w4, [x0]", 0x900_0018, 0, 0x93240005)]
    [InlineData("ldrsb x4, [x0]", 0x900_0018, 0, 0x93248005)]
    [InlineData("ldrsw x4, [x0]", 0x900_0018, 0, 0x93a48005)]
    [InlineData("ldtr w4, [x0]", 0x900_0018, 0, 0x93840005)]
    [InlineData("ldur w4, [x0, #-4]", 0x900_0018, -4, 0x93840005)]
    [InlineData("ldr w4, [x0, w1, uxtw #2]", 0x900_0018, 4, 0x93840005)]
    public void Access_by_one_register_has_a_valid_syndrome(string source, ulong ipa, int offset, uint syndrome)
    {
        using var bench = Bench.With("nop\n" + source, stage2: true);
        bench.State.SetX(0, ipa);
        bench.State.SetX(1, 1);
        var exit = bench.Run();
        Assert.Equal(CpuExitReason.Stage2Abort, exit.Reason);
        Assert.Equal(syndrome, exit.Syndrome);
        Assert.Equal(ipa + (ulong)offset, exit.FaultIpa);
        Assert.Equal(ipa + (ulong)offset, exit.FaultAddress);
        Assert.Equal(Bench.Code + 4, bench.State.PC);
        Assert.Equal(ipa, bench.State.GetX(0));
    }

    [Theory]
    [InlineData("ldr w2, [x0, #4]!", 0x92000005, 4)]
    [InlineData("str w2, [x0], #4", 0x92000045)]
    [InlineData("ldp w2, w3, [x0]", 0x92000005)]
    [InlineData("stp x2, x3, [x0]", 0x92000045)]
    [InlineData("ldxr w2, [x0]", 0x92000005)]
    [InlineData("ldaxp x2, x3, [x0]", 0x92000005)]
    [InlineData("casal w2, w3, [x0]", 0x92000005)]
    [InlineData("ldadd w2, w3, [x0]", 0x92000005)]
    [InlineData("swp w2, w3, [x0]", 0x92000005)]
    public void Other_accesses_have_none(string source, uint syndrome, ulong offset = 0)
    {
        const ulong Ipa = 0x900_0000;
        using var bench = Bench.With(source, CpuModel.Gunyah, stage2: true);
        bench.State.SetX(0, Ipa);
        var exit = bench.Run();
        Assert.Equal((CpuExitReason.Stage2Abort, syndrome, Ipa + offset), (exit.Reason, exit.Syndrome, exit.FaultIpa));
        Assert.Equal(Ipa, bench.State.GetX(0));
        Assert.Equal(Bench.Code, bench.State.PC);
    }

    [Fact]
    public void Dc_zva_has_no_valid_syndrome()
    {
        using var bench = Bench.With("dc zva, x0", stage2: true);
        var tables = new PageTables(bench);
        tables.Map(0x12_3456_7000, 0x900_0000, PageTables.Accessed);
        tables.Enable();
        bench.State.SetX(0, 0x12_3456_7048);
        var exit = bench.Run();
        Assert.Equal((0x92000045u, 0x900_0048ul, 0x12_3456_7048ul), (exit.Syndrome, exit.FaultIpa, exit.FaultAddress));
    }

    [Theory]
    [InlineData("prfm pldl1keep, [x0]")]
    [InlineData("dc civac, x0")]
    [InlineData("dc cvac, x0")]
    [InlineData("dc ivac, x0")]
    [InlineData("ic ivau, x0")]
    public void Prefetch_and_cache_maintenance_do_not_exit(string source)
    {
        using var bench = Bench.With(source + "\nhvc #1", stage2: true);
        bench.State.SetX(0, 0x900_0000);
        bench.RunToHvc(1);
    }

    [Fact]
    public void A_store_exclusive_without_the_monitor_fails_and_does_not_exit()
    {
        using var bench = Bench.With("stxr w1, w2, [x0]\nhvc #1", stage2: true);
        bench.State.SetX(0, 0x900_0000);
        bench.RunToHvc(1);
        Assert.Equal(1ul, bench.State.GetX(1));
    }

    [Fact]
    public void A_fetch_that_is_refused_exits_with_an_instruction_abort()
    {
        using var bench = Bench.With("br x0", stage2: true);
        bench.State.SetX(0, 0x900_0004);
        var exit = bench.Run();
        Assert.Equal((0x82000005u, 0x900_0004ul, 0x900_0004ul), (exit.Syndrome, exit.FaultAddress, exit.FaultIpa));
        Assert.Equal(0x900_0004ul, bench.State.PC);
    }

    [Fact]
    public void A_walk_into_nothing_tells_the_address_of_the_descriptor()
    {
        using var bench = Bench.With("str w1, [x0]", stage2: true);
        var tables = new PageTables(bench);
        bench.Quad(tables.Slot(0x12_3456_7000, 2), 0x900_0000 | 3);
        tables.Enable();
        bench.State.SetX(0, 0x12_3456_7000);
        var exit = bench.Run();
        Assert.Equal((CpuExitReason.Stage2Abort, 0x92000085u), (exit.Reason, exit.Syndrome));
        Assert.Equal(0x900_0000ul + (8 * 0x167), exit.FaultIpa);
        Assert.Equal(0x12_3456_7000ul, exit.FaultAddress);
    }

    [Theory]
    [InlineData(Stage2Access.Read, "str w2, [x0]", 0x9382004f)]
    [InlineData(Stage2Access.Write, "ldr w2, [x0]", 0x9382000f)]
    [InlineData(Stage2Access.ReadWrite, "br x0", 0x8200000f)]
    public void A_right_that_is_missing_is_a_permission_fault(Stage2Access rights, string source, uint syndrome)
    {
        using var bench = Bench.With(source, stage2: true);
        bench.Stage2!.Map(new Stage2Mapping(Bench.Data, 0x1000, Bench.Data, rights, rights, 15));
        bench.State.SetX(0, Bench.Data);
        var exit = bench.Run();
        Assert.Equal((syndrome, Bench.Data), (exit.Syndrome, exit.FaultIpa));
    }

    [Fact]
    public void Rights_differ_between_el1_and_el0()
    {
        using var bench = Bench.With("ldr w2, [x0]\nadr x9, 1f\nmsr elr_el1, x9\nmsr spsr_el1, xzr\neret\n1: ldr w2, [x0]", stage2: true);
        bench.Stage2!.Map(new Stage2Mapping(Bench.Data, 0x1000, Bench.Data, Stage2Access.Read, Stage2Access.None, 15));
        bench.State.SetX(0, Bench.Data);
        var exit = bench.Run();
        Assert.Equal(0x9382000fu, exit.Syndrome);
        Assert.Equal(Bench.Code + 20, bench.State.PC);
    }

    [Fact]
    public void What_was_taken_away_is_gone_at_the_next_run_and_what_was_given_is_there()
    {
        using var bench = Bench.With("1: ldr w2, [x0]\nb 1b", stage2: true);
        bench.State.SetX(0, Bench.Data);
        Assert.Equal(CpuExitReason.BudgetUsed, bench.Pe.Run(100).Reason);
        bench.Stage2!.Unmap(Bench.Data, 0x1000);
        Assert.Equal(CpuExitReason.Stage2Abort, bench.Pe.Run(100).Reason);
        bench.Stage2.Map(new Stage2Mapping(Bench.Data, 0x1000, Bench.Data + 0x1000, Stage2Access.Read, Stage2Access.None, 15));
        bench.Quad(Bench.Data + 0x1000, 99);
        Assert.Equal(CpuExitReason.BudgetUsed, bench.Pe.Run(100).Reason);
        Assert.Equal(99ul, bench.State.GetX(2));
    }

    [Fact]
    public void An_ipa_leads_to_another_pa_for_data_and_for_code()
    {
        using var bench = Bench.With("hvc #1", stage2: true);
        bench.Stage2!.Map(new Stage2Mapping(0x8000_0000, 0x2000, Bench.Ram + 0x10_0000, Stage2Access.ReadWriteExecute, Stage2Access.None, 15));
        bench.Load(Bench.Ram + 0x10_0000, "str x0, [x0, #0x100]\nhvc #2");
        bench.State.SetX(0, 0x8000_0000);
        bench.State.PC = 0x8000_0000;
        bench.RunToHvc(2);
        Assert.Equal(0x8000_0000ul, bench.Quad(Bench.Ram + 0x10_0100));
    }

    [Fact]
    public void An_address_beyond_the_ipa_space_is_a_translation_fault()
    {
        using var bench = Bench.With("ldr w2, [x0]", stage2: true);
        bench.Pe.Stage2 = Copy(bench.Stage2!, ipaBits: 36);
        bench.State.SetX(0, 1UL << 36);
        Assert.Equal(0x93820004u, bench.Run().Syndrome);
    }

    [Fact]
    public void An_emulated_load_goes_on_where_the_hypervisor_says()
    {
        using var bench = Bench.With("ldr w2, [x0]\nadd x2, x2, #1\nhvc #1", stage2: true);
        bench.State.SetX(0, 0x900_0000);
        Assert.Equal(CpuExitReason.Stage2Abort, bench.Run().Reason);
        bench.State.SetX(2, 41);
        bench.State.PC += 4;
        bench.RunToHvc(1);
        Assert.Equal(42ul, bench.State.GetX(2));
    }

    [Fact]
    public void A_broadcast_tlbi_reaches_the_other_element_of_the_vm()
    {
        using var bench = Bench.With("1: ldr x1, [x0]\nb 1b", stage2: true);
        var tables = new PageTables(bench);
        const ulong Va = 0x12_3456_7000;
        tables.Map(Va, Bench.Data, PageTables.Accessed);
        tables.Enable();
        bench.Quad(Bench.Data + 0x1000, 42);
        bench.State.SetX(0, Va);
        bench.Pe.Run(100);
        tables.Map(Va, Bench.Data + 0x1000, PageTables.Accessed);
        bench.Pe.Run(100);
        Assert.Equal(0ul, bench.State.GetX(1)); // still the old page: nobody said anything

        var other = new ProcessingElement(CpuModel.LinuxMinimal, bench.Memory, bench.Clock) { Stage2 = bench.Stage2 };
        bench.Load(Bench.Ram + 0x1000, "tlbi vaae1is, x5\nhvc #3");
        other.Reset(Bench.Ram + 0x1000, 0);
        other.State.SetX(5, Va >> 12);
        Assert.Equal(CpuExitReason.Hvc, other.Run(10).Reason);
        bench.Pe.Run(100);
        Assert.Equal(42ul, bench.State.GetX(1));
    }

    private static Stage2 Copy(Stage2 from, int ipaBits)
    {
        var copy = new Stage2(2, ipaBits);
        foreach (var mapping in from.Mappings) copy.Map(mapping);
        return copy;
    }
}
