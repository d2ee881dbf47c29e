using RmStack.Machine.Cpu;

namespace RmStack.Machine.Tests.Cpu;

public sealed class SystemRegisterTests
{
    public static TheoryData<string, string, ulong> Values => new()
    {
        // machine facts 2.3
        { "linux-minimal", "midr_el1", 0x411fd040 },
        { "linux-minimal", "mpidr_el1", 0x80000003 },
        { "linux-minimal", "id_aa64pfr0_el1", 0x1100000001000011 },
        { "linux-minimal", "id_aa64dfr0_el1", 0x101006 },
        { "linux-minimal", "id_aa64isar0_el1", 0x10000 },
        { "linux-minimal", "id_aa64mmfr0_el1", 0xf000022 },
        { "linux-minimal", "id_aa64mmfr1_el1", 0 },
        { "linux-minimal", "s3_0_c0_c4_7", 0 },
        { "linux-minimal", "s3_0_c0_c7_7", 0 },
        { "linux-minimal", "ctr_el0", 0xb444c004 },
        { "linux-minimal", "dczid_el0", 4 },
        { "linux-minimal", "clidr_el1", 0 },
        { "linux-minimal", "currentel", 4 },
        { "linux-minimal", "spsel", 1 },
        { "linux-minimal", "daif", 0x3c0 },
        { "linux-minimal", "sctlr_el1", 0x30d00800 },
        { "linux-minimal", "oslsr_el1", 0xa },
        { "linux-minimal", "isr_el1", 0 },

        // what a guest of Gunyah observed
        { "gunyah", "midr_el1", 0xf0480 },
        { "gunyah", "ctr_el0", 0x8444c004 },
        { "gunyah", "clidr_el1", 0x2000023 },
        { "gunyah", "ccsidr_el1", 0x701fe00a },
        { "gunyah", "id_pfr0_el1", 0x10131 },
        { "gunyah", "id_aa64pfr0_el1", 0x1100000001001112 },
        { "gunyah", "id_aa64dfr0_el1", 0x10305609 },
        { "gunyah", "id_aa64isar0_el1", 0x2000100010210120 },
        { "gunyah", "id_aa64mmfr0_el1", 0xf001121 },
        { "gunyah", "id_aa64mmfr1_el1", 0x10212120 },
        { "gunyah", "id_aa64mmfr2_el1", 0x1011 },
        { "gunyah", "mvfr1_el1", 0x13211111 },
        { "gunyah", "actlr_el1", 0 },
        { "gunyah", "oslsr_el1", 0 },
        { "gunyah", "mdccint_el1", 0 },
        { "gunyah", "s3_0_c4_c2_3", 0 }, // PAN
        { "gunyah", "s3_0_c12_c1_1", 0 }, // DISR_EL1
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void Register_reads_at_reset(string model, string register, ulong value)
    {
        using var bench = Bench.With($"mrs x1, {register}\nhvc #1", Model(model));
        bench.Pe.Mpidr = 0x8000_0003;
        bench.RunToHvc(1);
        Assert.Equal(value, bench.State.GetX(1));
    }

    [Theory]
    [InlineData("vbar_el1", 0xffff_ffff_ffff_f800)]
    [InlineData("ttbr0_el1", ulong.MaxValue)]
    [InlineData("mair_el1", ulong.MaxValue)]
    [InlineData("amair_el1", ulong.MaxValue)]
    [InlineData("par_el1", ulong.MaxValue)]
    [InlineData("far_el1", ulong.MaxValue)]
    [InlineData("afsr1_el1", ulong.MaxValue)]
    [InlineData("contextidr_el1", ulong.MaxValue)]
    [InlineData("tpidr_el0", ulong.MaxValue)]
    [InlineData("tpidrro_el0", ulong.MaxValue)]
    [InlineData("tpidr_el1", ulong.MaxValue)]
    [InlineData("sp_el0", ulong.MaxValue)]
    [InlineData("cntkctl_el1", ulong.MaxValue)]
    [InlineData("actlr_el1", 0ul)]
    [InlineData("mdscr_el1", 0xffff_fffful)]
    [InlineData("dbgbvr0_el1", ulong.MaxValue)]
    [InlineData("dbgbcr1_el1", 0xffff_fffful)]
    [InlineData("dbgwvr1_el1", 0xffff_ffff_ffff_fffc)]
    [InlineData("osdlr_el1", 0ul)]
    [InlineData("nzcv", 0xf000_0000ul)]
    [InlineData("daif", 0x3c0ul)]
    public void Ones_written_to_a_register_read_back_as_its_bits(string register, ulong value)
    {
        using var bench = Bench.With($"mov x0, #-1\nmsr {register}, x0\nmrs x1, {register}\nhvc #1");
        bench.RunToHvc(1);
        Assert.Equal(value, bench.State.GetX(1));
    }

    [Theory]
    [InlineData("mrs x3, s3_0_c15_c0_0", 0x62303c61)]
    [InlineData("msr s3_0_c15_c2_1, x4", 0x62323c84)]
    [InlineData("mrs x5, dbgbvr2_el1", 0x622800a5)] // two breakpoints
    [InlineData("mrs x5, pmcr_el0", 0x6230e4b9)]
    [InlineData("mrs x5, cntp_ctl_el0", 0x6232f8a5)] // no timer here
    [InlineData("mrs x5, s3_0_c12_c12_0", 0x623030b9)] // nor a GIC: ICC_IAR1_EL1
    [InlineData("sys #1, c11, c0, #0, x6", 0x62106cc0)]
    [InlineData("sysl x7, #0, c15, c1, #2", 0x62143ce3)]
    public void What_the_model_does_not_have_is_left_to_the_hypervisor(string source, uint syndrome)
    {
        using var bench = Bench.With(source);
        var exit = bench.Run();
        Assert.Equal(CpuExitReason.SystemRegisterTrap, exit.Reason);
        Assert.Equal(syndrome, exit.Syndrome);
        Assert.Equal(Bench.Code, bench.State.PC);
    }

    [Theory]
    [InlineData("s3_0_c0_c0_1", 0x62320001)]
    [InlineData("s3_1_c0_c0_2", 0x62344001)]
    [InlineData("s3_3_c0_c7_7", 0x623ec00f)]
    public void Unassigned_encodings_of_the_id_space_trap_under_gunyah_and_are_undefined_elsewhere(string register, uint esr)
    {
        using var gunyah = Bench.With($"mrs x0, {register}", CpuModel.Gunyah);
        gunyah.RunToHvc(0xe04);
        Assert.Equal(esr, gunyah.State.ESR_EL1);
        using var plain = Bench.With($"mrs x0, {register}");
        plain.RunToHvc(0xe04);
        Assert.Equal(0x0200_0000u, plain.State.ESR_EL1);
    }

    [Theory]
    [InlineData(".word 0xd500419f")] // msr pan, #1
    [InlineData(".word 0xd503415f")] // msr dit, #1
    [InlineData(".word 0xdac10020")] // pacia x0, x1
    [InlineData(".word 0xd503221f")] // esb
    [InlineData(".word 0xd50b7380")] // cfp rctx, x0
    [InlineData(".word 0xd508811f")] // tlbi vmalle1os
    [InlineData("dc isw, x0")]
    [InlineData("dc csw, x0")]
    [InlineData("casp x0, x1, x2, x3, [x4]")]
    [InlineData("ldadd w0, w1, [x4]")]
    [InlineData("at s1e1r, x0")]
    [InlineData("mrs x0, s3_3_c2_c4_0")] // rndr
    [InlineData("msr oslar_el1, xzr")]
    public void Instruction_works_under_gunyah(string source)
    {
        using var bench = Bench.With(source + "\nhvc #1", CpuModel.Gunyah);
        bench.State.SetX(4, Bench.Data);
        bench.RunToHvc(1);
    }

    [Theory]
    [InlineData(".word 0xd50b7460")] // dc gva
    [InlineData(".word 0xd50c879f")] // tlbi alle1
    [InlineData(".word 0xd50c7880")] // at s12e1r
    [InlineData("mrs x0, s3_4_c1_c1_0")] // hcr_el2
    [InlineData("mrs x0, s3_0_c2_c1_0")] // a key
    public void What_gunyah_answers_with_undefined_reaches_the_hypervisor_as_a_trap(string source)
    {
        using var bench = Bench.With(source, CpuModel.Gunyah);
        Assert.Equal(CpuExitReason.SystemRegisterTrap, bench.Run().Reason);
        bench.Pe.InjectUndefined();
        bench.RunToHvc(0xe04);
        Assert.Equal(0x0200_0000u, bench.State.ESR_EL1);
        Assert.Equal(Bench.Code, bench.State.ELR_EL1);
    }

    [Fact]
    public void Cache_sizes_follow_the_selector()
    {
        using var bench = Bench.With("mov x0, #1\nmsr csselr_el1, x0\nmrs x1, ccsidr_el1\nmov x0, #7\nmsr csselr_el1, x0\nmrs x2, ccsidr_el1\nhvc #1", CpuModel.Gunyah);
        bench.RunToHvc(1);
        Assert.Equal((0x201fe012ul, 0ul), (bench.State.GetX(1), bench.State.GetX(2)));
    }

    [Fact]
    public void Random_numbers_repeat_with_the_seed()
    {
        using var bench = Bench.With("mrs x1, s3_3_c2_c4_0\nmrs x2, s3_3_c2_c4_0\nhvc #1", CpuModel.Gunyah);
        bench.RunToHvc(1);
        var (first, second) = (bench.State.GetX(1), bench.State.GetX(2));
        Assert.NotEqual(first, second);
        bench.Pe.RandomSeed = 0;
        bench.State.PC = Bench.Code;
        bench.RunToHvc(1);
        Assert.Equal((first, second), (bench.State.GetX(1), bench.State.GetX(2)));
    }

    private static CpuModel Model(string name) => name == "gunyah" ? CpuModel.Gunyah : CpuModel.LinuxMinimal;
}
