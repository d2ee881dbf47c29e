using RmStack.Machine.Cpu;
using RmStack.Machine.Tests.Cpu;

namespace RmStack.Machine.Tests.Mmu;

/// <summary>Stage 1 as EL1 software sees it (machine facts 8; Arm ARM D8).</summary>
public sealed class TranslationTests
{
    private const ulong Va = 0x12_3456_7000;
    private const ulong Upper = 0xffff_8000_0000_0000;
    private const ulong All = PageTables.Accessed;
    private const int SyncOfSpX = 0xe04;
    private const int SyncOfEl0 = 0xe08;

    private static Bench Start(string source, out PageTables tables, CpuModel? model = null)
    {
        var bench = Bench.With(source, model, stage2: true);
        tables = new PageTables(bench);
        tables.Enable();
        bench.State.SetX(0, Va);
        bench.Quad(Bench.Data, 0x1122_3344_5566_7788);
        return bench;
    }

    private static Bench StartAtEl0(string source, out PageTables tables, ulong code = All | PageTables.User | PageTables.KernelExecuteNever)
    {
        var bench = Start(source, out tables);
        tables.Map(Bench.Code, Bench.Code, code);
        bench.State.PSTATE = 0;
        return bench;
    }

    [Theory]
    [InlineData(3, Va)]
    [InlineData(3, Upper + 0x5000)]
    [InlineData(3, Va | 0xab00_0000_0000_0000)] // tag
    [InlineData(2, 0x12_3460_0000)]
    [InlineData(1, 0x14_0000_0000)]
    public void An_address_reaches_its_page_or_block_in_either_half(int level, ulong va)
    {
        using var bench = Start("ldr x1, [x0]\nhvc #1", out var tables);
        var size = 1UL << (39 - (9 * level));
        tables.Map(va & 0x0000_ffff_ffff_ffff & ~(size - 1), Bench.Data & ~(size - 1), All, level);
        bench.State.SetX(0, va + (Bench.Data & (size - 1)));
        bench.RunToHvc(1);
        Assert.Equal(0x1122_3344_5566_7788ul, bench.State.GetX(1));
    }

    [Theory]
    [InlineData("ldr x1, [x0]", 0ul, 0x96000007)] // nothing: level 3, for its neighbour has tables
    [InlineData("str x1, [x0]", 0ul, 0x96000047)]
    [InlineData("ldr x1, [x0]", Bench.Data | 3, 0x9600000b)] // access flag
    [InlineData("str x1, [x0]", Bench.Data | 3, 0x9600004b)]
    [InlineData("str x1, [x0]", Bench.Data | All | PageTables.ReadOnly | 3, 0x9600004f)]
    [InlineData("ldr x1, [x0]", Bench.Data | All | 1, 0x96000007)] // a block at level 3 does not exist
    [InlineData("ldr x1, [x0]", 0x0000_0100_0000_0000 | All | 3, 0x96000003)] // 41 bits
    [InlineData("ldtr x1, [x0]", Bench.Data | All | 3, 0x9600000f)] // as EL0
    [InlineData("sttr x1, [x0]", Bench.Data | All | PageTables.User | PageTables.ReadOnly | 3, 0x9600004f)]
    [InlineData("br x0", Bench.Data | All | PageTables.KernelExecuteNever | 3, 0x8600000f)]
    [InlineData("br x0", Bench.Data | All | PageTables.User | 3, 0x8600000f)] // EL0 can write it
    [InlineData("br x0", 0ul, 0x86000007)]
    [InlineData("ldr x1, [x0, #1]", Bench.Data | All | PageTables.Device | 3, 0x96000021, 1)]
    [InlineData("ldp x1, x2, [x3]", Bench.Data | All | PageTables.Device | 3, 0x96000021, 4)]
    [InlineData("dc zva, x3", Bench.Data | All | PageTables.ReadOnly | 3, 0x9600004f, 4)]
    [InlineData("dc cvac, x3", 0ul, 0x96000147, 4)]
    [InlineData("ic ivau, x3", 0ul, 0x96000147, 4)]
    [InlineData("ldr x1, [x0]", 0x0000_00c0_0000_0000 | All | 3, 0)] // beyond RAM: stage 2
    public void A_descriptor_refuses_with_the_right_code(string source, ulong descriptor, uint esr, ulong offset = 0)
    {
        using var bench = Start(source, out var tables);
        bench.Quad(tables.Slot(Va, 3), descriptor);
        bench.State.SetX(3, Va + 4);
        if (esr == 0)
        {
            var exit = bench.Run();
            Assert.Equal((CpuExitReason.Stage2Abort, 0xc0_0000_0000ul), (exit.Reason, exit.FaultIpa));
            return;
        }

        bench.RunToHvc(SyncOfSpX);
        Assert.Equal(esr, bench.State.ESR_EL1);
        Assert.Equal(Va + offset, bench.State.FAR_EL1);
    }

    [Theory]
    [InlineData(0x0001_0000_0000_0000, 0x96000004)] // neither half
    [InlineData(0xfffe_0000_0000_0000, 0x96000004)]
    [InlineData(0x0000_9000_0000_0000, 0x96000004)] // no table at level 0
    [InlineData(0x0000_007f_c000_0000, 0x96000005)] // level 1
    [InlineData(0x0000_0000_7fe0_0000, 0x96000006)] // level 2
    [InlineData(0x0000_0000_4010_0000, 0x96000007)]
    public void A_missing_table_tells_its_level(ulong va, uint esr)
    {
        using var bench = Start("ldr x1, [x0]", out _);
        bench.State.SetX(0, va);
        bench.RunToHvc(SyncOfSpX);
        Assert.Equal(esr, bench.State.ESR_EL1);
        Assert.Equal(va, bench.State.FAR_EL1);
    }

    [Theory]
    [InlineData(61, "ldtr x1, [x0]", 0x9600000f)] // APTable[0]: EL0 nothing
    [InlineData(62, "str x1, [x0]", 0x9600004f)] // APTable[1]: no writes
    [InlineData(59, "br x0", 0x8600000f)] // PXNTable
    public void Attributes_of_a_table_hold_for_what_is_below(int bit, string source, uint esr)
    {
        using var bench = Start(source, out var tables);
        tables.Map(Va, Bench.Data, All | PageTables.User);
        if (source.StartsWith("br", StringComparison.Ordinal)) tables.Map(Va, Bench.Data, All);
        var slot = tables.Slot(Va, 1);
        bench.Quad(slot, bench.Quad(slot) | (1UL << bit));
        bench.RunToHvc(SyncOfSpX);
        Assert.Equal(esr, bench.State.ESR_EL1);
    }

    [Theory]
    [InlineData("ldr x1, [x0]", 0ul, 0x92000007)]
    [InlineData("str x1, [x0]", Bench.Data | All | 3, 0x9200004f)]
    [InlineData("str x1, [x0]", Bench.Data | All | PageTables.User | PageTables.ReadOnly | 3, 0x9200004f)]
    [InlineData("br x0", Bench.Data | All | PageTables.User | PageTables.UserExecuteNever | 3, 0x8200000f)]
    [InlineData("br x0", 0ul, 0x82000007)]
    public void El0_faults_with_the_class_of_a_lower_level(string source, ulong descriptor, uint esr)
    {
        using var bench = StartAtEl0(source, out var tables);
        bench.Quad(tables.Slot(Va, 3), descriptor);
        bench.RunToHvc(SyncOfEl0);
        Assert.Equal(esr, bench.State.ESR_EL1);
        Assert.Equal(Va, bench.State.FAR_EL1);
    }

    [Fact]
    public void A_page_that_el0_can_only_execute_is_fetched_from()
    {
        using var bench = StartAtEl0("svc #3", out _, code: All);
        bench.RunToHvc(SyncOfEl0);
        Assert.Equal(0x56000003u, bench.State.ESR_EL1);
    }

    [Fact]
    public void Unaligned_accesses_work_in_normal_memory_also_across_pages()
    {
        using var bench = Start("ldr x1, [x0]\nstr x1, [x2]\nldp x3, x4, [x2, #-8]\nhvc #1", out var tables);
        tables.Map(Va, Bench.Data, All);
        tables.Map(Va + 0x1000, Bench.Data + 0x5000, All);
        bench.Quad(Bench.Data + 0xff0, 0x0102_0304_0506_0708);
        bench.Quad(Bench.Data + 0xff8, 0x8877_6655_4433_2211);
        bench.Quad(Bench.Data + 0x5000, 0xffee_ddcc_bbaa_9900);
        bench.State.SetX(0, Va + 0xffd);
        bench.State.SetX(2, Va + 0xffb);
        bench.RunToHvc(1);
        Assert.Equal(0xccbb_aa99_0088_7766ul, bench.State.GetX(1));
        Assert.Equal(bench.State.GetX(1), bench.State.GetX(4));
        Assert.Equal(0x3322_1101_0203_0405ul, bench.State.GetX(3));
        Assert.Equal(0xffee_ddcc_bbcc_bbaaul, bench.Quad(Bench.Data + 0x5000));
    }

    [Fact]
    public void A_store_across_pages_writes_nothing_when_the_second_page_faults_and_far_is_its_first_byte()
    {
        using var bench = Start("str x1, [x0]", out var tables);
        tables.Map(Va, Bench.Data, All);
        bench.State.SetX(0, Va + 0xffc);
        bench.State.SetX(1, ulong.MaxValue);
        bench.RunToHvc(SyncOfSpX);
        Assert.Equal(0x96000047u, bench.State.ESR_EL1);
        Assert.Equal(Va + 0x1000, bench.State.FAR_EL1);
        Assert.Equal(0ul, bench.Quad(Bench.Data + 0xff8));
    }

    [Fact]
    public void A_fault_leaves_the_base_of_a_writing_back_access_alone()
    {
        using var bench = Start("ldr x1, [x0], #8", out _);
        bench.State.SetX(1, 77);
        bench.RunToHvc(SyncOfSpX);
        Assert.Equal((Va, 77ul), (bench.State.GetX(0), bench.State.GetX(1)));
    }

    [Fact]
    public void An_entry_that_became_valid_needs_no_tlbi()
    {
        using var bench = Start("ldr x1, [x0]\nhvc #1", out var tables);
        bench.RunToHvc(SyncOfSpX);
        Assert.Equal(0x96000005u, bench.State.ESR_EL1);
        tables.Map(Va, Bench.Data, All);
        bench.State.PC = Bench.Code;
        bench.RunToHvc(1);
        Assert.Equal(0x1122_3344_5566_7788ul, bench.State.GetX(1));
    }

    [Theory]
    [InlineData("tlbi vae1is, x5")]
    [InlineData("tlbi vaale1is, x5")]
    [InlineData("tlbi vmalle1")]
    [InlineData("tlbi aside1is, xzr")]
    public void Tlbi_lets_a_changed_entry_be_seen(string tlbi)
    {
        using var bench = Start($"ldr x1, [x0]\nstr x3, [x4]\ndsb ish\n{tlbi}\ndsb ish\nisb\nldr x2, [x0]\nhvc #1", out var tables);
        tables.Map(Va, Bench.Data, All);
        bench.Quad(Bench.Data + 0x1000, 42);
        var table = tables.Slot(Va, 3);
        tables.Map(table & ~0xffful, table & ~0xffful, All);
        bench.State.SetX(3, (Bench.Data + 0x1000) | All | 3);
        bench.State.SetX(4, table);
        bench.State.SetX(5, Va >> 12);
        bench.RunToHvc(1);
        Assert.Equal((0x1122_3344_5566_7788ul, 42ul), (bench.State.GetX(1), bench.State.GetX(2)));
    }

    [Fact]
    public void Tlbi_of_one_address_in_a_block_forgets_the_whole_block()
    {
        using var bench = Start("ldr x1, [x0]\nstr x3, [x4]\ntlbi vae1is, x5\nldr x2, [x0]\nhvc #1", out var tables);
        const ulong Block = 0x12_3460_0000;
        tables.Map(Block, Bench.Ram, All, level: 2);
        var table = tables.Slot(Block, 2);
        tables.Map(table & ~0xffful, table & ~0xffful, All);
        bench.Quad(Bench.Ram + 0x22_0000, 42);
        bench.State.SetX(0, Block + 0x2_0000);
        bench.State.SetX(3, (Bench.Ram + 0x20_0000) | All | 1);
        bench.State.SetX(4, table);
        bench.State.SetX(5, (Block + 0x1f_f000) >> 12);
        bench.RunToHvc(1);
        Assert.Equal((0x1122_3344_5566_7788ul, 42ul), (bench.State.GetX(1), bench.State.GetX(2)));
    }

    [Fact]
    public void Pan_keeps_el1_from_pages_of_el0_but_not_ldtr()
    {
        using var bench = Start("ldr x1, [x0]\nmsr pan, #1\nldtr x2, [x0]\nldr x3, [x0]", out var tables, CpuModel.Gunyah);
        tables.Map(Va, Bench.Data, All | PageTables.User);
        bench.RunToHvc(SyncOfSpX);
        Assert.Equal(0x9600000fu, bench.State.ESR_EL1);
        Assert.Equal(Bench.Code + 12, bench.State.ELR_EL1);
        Assert.Equal(bench.State.GetX(1), bench.State.GetX(2));
    }

    [Fact]
    public void A_new_ttbr0_brings_its_own_translations_without_a_tlbi()
    {
        using var bench = Start("ldr x1, [x0]\nmsr ttbr0_el1, x3\nisb\nldr x2, [x0]\nmsr ttbr0_el1, x4\nisb\nldr x5, [x0]\nhvc #1", out var tables);
        tables.Map(Va, Bench.Data, All);
        var other = new PageTables(bench, Bench.Ram + 0x30_0000);
        other.Map(Va, Bench.Data + 0x1000, All);
        bench.Quad(Bench.Data + 0x1000, 42);
        bench.State.SetX(3, other.Root | (7UL << 48));
        bench.State.SetX(4, tables.Root);
        bench.RunToHvc(1);
        Assert.Equal((0x1122_3344_5566_7788ul, 42ul, 0x1122_3344_5566_7788ul), (bench.State.GetX(1), bench.State.GetX(2), bench.State.GetX(5)));
    }

    [Fact]
    public void Software_switches_stage_1_on_by_itself()
    {
        using var bench = Start("msr sctlr_el1, x6\nisb\nldr x1, [x0]\nhvc #1", out var tables);
        tables.Map(Va, Bench.Data, All);
        bench.State.SetX(6, bench.State.SCTLR_EL1);
        bench.State.SCTLR_EL1 = 0x30d00800;
        bench.RunToHvc(1);
        Assert.Equal(0x1122_3344_5566_7788ul, bench.State.GetX(1));
    }

    [Theory]
    [InlineData("at s1e1r, x0", 0xff00_0000_0000_0800ul | Bench.Data)]
    [InlineData("at s1e1w, x0", 0xff00_0000_0000_0800ul | Bench.Data)]
    [InlineData("at s1e0r, x0", 0x0000_0000_0000_081fUL)] // permission, level 3
    [InlineData("add x0, x0, #1, lsl #12\nat s1e1r, x0", 0x0000_0000_0000_080fUL)] // translation, level 3
    public void At_puts_the_result_into_par(string source, ulong par)
    {
        using var bench = Start(source + "\nmrs x1, par_el1\nhvc #1", out var tables);
        tables.Map(Va, Bench.Data, All);
        bench.RunToHvc(1);
        Assert.Equal(par, bench.State.GetX(1));
    }

    [Fact]
    public void A_walk_that_leaves_ram_is_an_external_abort_without_stage_2()
    {
        using var bench = Start("ldr x1, [x0]", out var tables);
        bench.Pe.Stage2 = null;
        bench.Quad(tables.Slot(Va, 1), 0x10_0000_0003);
        bench.RunToHvc(SyncOfSpX);
        Assert.Equal(0x96000016u, bench.State.ESR_EL1);
    }
}
