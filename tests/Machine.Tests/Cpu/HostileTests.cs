using FsCheck.Xunit;
using RmStack.Machine.Cpu;
using RmStack.Machine.Cpu.Decoding;
using RmStack.Machine.Tests.Cpu.Oracle;
using RmStack.Machine.Tests.Mmu;

namespace RmStack.Machine.Tests.Cpu;

/// <summary>Whatever software does, a run ends, nothing is thrown, and stale code is never executed.</summary>
public sealed class HostileTests
{
    [Property(MaxTest = 300)]
    public void Random_words_never_hang_or_throw(int seed)
    {
        var random = new Random(seed);
        var model = random.Next(2) == 0 ? CpuModel.LinuxMinimal : CpuModel.Gunyah;
        using var bench = new Bench(model, stage2: random.Next(2) == 0);
        if (random.Next(2) == 0) new PageTables(bench).Enable();
        Scribble(bench, random);
        for (var run = 0; run < 20; run++)
        {
            var before = bench.Pe.InstructionsRetired;
            var exit = bench.Pe.Run(500);
            var used = bench.Pe.InstructionsRetired - before;
            Assert.InRange(used, 1ul, 500ul);
            if (exit.Reason == CpuExitReason.BudgetUsed) Assert.Equal(500ul, used);
            Assert.Equal(bench.Clock.Now, bench.Pe.InstructionsRetired);
            switch (exit.Reason)
            {
                case CpuExitReason.Stage2Abort:
                    bench.Pe.InjectExternalAbort(exit);
                    break;
                case CpuExitReason.SystemRegisterTrap or CpuExitReason.Smc:
                    bench.Pe.InjectUndefined();
                    break;
                default:
                    bench.State.PC = random.Next(3) == 0 ? (ulong)random.NextInt64() : Bench.Code + (ulong)random.Next(0x1000);
                    break;
            }
        }

        Assert.Equal(0ul, bench.State.GetX(31));
    }

    [Property(MaxTest = 200)]
    public void Every_encoding_can_run_in_any_state(int seed)
    {
        var random = new Random(seed);
        using var bench = new Bench(CpuModel.Gunyah with { Features = (CpuFeatures)~0u });
        var encodings = A64Table.Encodings;
        for (var i = 0ul; i < 256; i++)
            bench.Word(Bench.Code + (4 * i), BlockGenerator.Sample(encodings[random.Next(encodings.Count)], random));
        for (var x = 0; x < 31; x++) bench.State.SetX(x, RandomAddress(random));
        bench.State.PSTATE = random.Next(2) == 0 ? 0u : 0x3c5;
        for (var run = 0; run < 20; run++)
        {
            bench.Pe.Run(100);
            bench.State.PC = Bench.Code + (4 * (ulong)random.Next(256));
        }

        Assert.Equal(bench.Clock.Now, bench.Pe.InstructionsRetired);
    }

    [Fact]
    public void Tables_that_point_at_themselves_end_the_walk()
    {
        using var bench = Bench.With("ldr x1, [x0]", stage2: true);
        var tables = new PageTables(bench);
        bench.Quad(tables.Slot(0x8000_0000_0000, 0), tables.Root | 3);
        tables.Enable();
        bench.State.SetX(0, 0x8040_2010_0000 & 0x0000_ffff_ffff_ffff);
        bench.RunToHvc(0xe04);
        Assert.Equal(0x25u, bench.State.ESR_EL1 >> 26);
    }

    [Fact]
    public void A_vector_that_faults_again_and_again_ends_with_the_budget()
    {
        using var bench = Bench.With("ldr x1, [x0]", stage2: true);
        new PageTables(bench).Enable();
        bench.State.VBAR_EL1 = 0xffff_0000_0000_0000;
        Assert.Equal(CpuExitReason.BudgetUsed, bench.Pe.Run(10_000).Reason);
        Assert.Equal(10_000ul, bench.Pe.InstructionsRetired);
    }

    [Fact]
    public void Code_that_rewrites_the_next_instruction_runs_the_new_one()
    {
        using var bench = Bench.With("str w1, [x0]\nnop\nhvc #1");
        bench.State.SetX(0, Bench.Code + 4);
        bench.State.SetX(1, 0xd2800542); // mov x2, #42
        bench.RunToHvc(1);
        Assert.Equal(42ul, bench.State.GetX(2));
    }

    [Fact]
    public void Code_that_was_run_and_is_rewritten_by_any_means_runs_anew()
    {
        const uint Mov1 = 0xd2800022, Mov2 = 0xd2800042, Mov3 = 0xd2800062, Ret = 0xd65f03c0;
        using var bench = Bench.With("blr x5\nmov x10, x2\nstr w1, [x6]\nblr x5\nhvc #1");
        var target = Bench.Ram + 0x3000;
        bench.Word(target, Mov1);
        bench.Word(target + 4, Ret);
        bench.State.SetX(1, Mov2);
        bench.State.SetX(5, target);
        bench.State.SetX(6, target);
        bench.RunToHvc(1);
        Assert.Equal((1ul, 2ul), (bench.State.GetX(10), bench.State.GetX(2)));

        bench.Word(target, Mov3); // by a device
        bench.State.PC = Bench.Code + 12;
        bench.RunToHvc(1);
        Assert.Equal(3ul, bench.State.GetX(2));

        bench.Load(Bench.Ram + 0x4000, "str w1, [x6]\nhvc #2"); // by another element
        var other = new ProcessingElement(CpuModel.LinuxMinimal, bench.Memory, bench.Clock);
        other.Reset(Bench.Ram + 0x4000, 0);
        other.State.SetX(1, Mov1);
        other.State.SetX(6, target);
        Assert.Equal(CpuExitReason.Hvc, other.Run(10).Reason);
        bench.State.PC = Bench.Code + 12;
        bench.RunToHvc(1);
        Assert.Equal(1ul, bench.State.GetX(2));
    }

    [Fact]
    public void Data_in_a_page_of_code_can_be_written_by_every_kind_of_store()
    {
        using var bench = Bench.With("""
            adr x0, 2f
            mov x1, #-1
            str x1, [x0]
            stp x1, x1, [x0, #16]
            strb w1, [x0, #40]
            ldxr x2, [x0, #0]
            stxr w3, xzr, [x0]
            stlr w1, [x0]
            hvc #1
            .balign 64
            2: .skip 64
            """);
        bench.RunToHvc(1);
        var data = Bench.Code + 64;
        Assert.Equal((0xffff_fffful, ulong.MaxValue, ulong.MaxValue, 0xfful), (bench.Quad(data), bench.Quad(data + 16), bench.Quad(data + 24), bench.Quad(data + 40)));
        Assert.Equal(0ul, bench.State.GetX(3));
    }

    [Fact]
    public void Code_runs_over_the_end_of_a_page_and_branches_between_pages()
    {
        using var bench = Bench.With("b 1f\n.org 0xff8\n1: mov x1, #1\nadd x1, x1, #1\nadd x1, x1, #1\ncbz xzr, 2f\n.org 0x2000\n2: tbz x1, #5, 3f\n.org 0x3ffc\n3: hvc #1");
        bench.RunToHvc(1);
        Assert.Equal(3ul, bench.State.GetX(1));
        Assert.Equal(Bench.Code + 0x4000, bench.State.PC);
        Assert.Equal(7ul, bench.Pe.InstructionsRetired);
    }

    [Fact]
    public void Running_off_the_end_of_ram_is_a_fetch_abort_at_the_first_address_outside()
    {
        using var bench = Bench.With("nop");
        bench.Word(Bench.Ram + Bench.RamSize - 4, 0xd503201f);
        bench.State.PC = Bench.Ram + Bench.RamSize - 4;
        bench.RunToHvc(0xe04);
        Assert.Equal((0x86000010u, Bench.Ram + Bench.RamSize), ((uint)bench.State.ESR_EL1, bench.State.FAR_EL1));
    }

    private static void Scribble(Bench bench, Random random)
    {
        random.NextBytes(bench.Memory.Writable(Bench.Code, 0x2000));

        // Mostly real instructions: pure noise dies at once.
        for (var i = 0ul; i < 0x800; i++)
        {
            if (random.Next(4) != 0)
                bench.Word(Bench.Code + (4 * i), BlockGenerator.Sample(A64Table.Encodings[random.Next(A64Table.Encodings.Count)], random));
        }

        for (var x = 0; x < 31; x++) bench.State.SetX(x, RandomAddress(random));
        bench.State.VBAR_EL1 = Bench.Code + (0x800 * (ulong)random.Next(4));
    }

    private static ulong RandomAddress(Random random) => random.Next(4) switch
    {
        0 => (ulong)random.NextInt64() ^ ((ulong)random.Next(2) << 63),
        1 => Bench.Code + (ulong)random.Next(0x2000),
        2 => Bench.Data + (ulong)random.Next(0x2000),
        _ => (ulong)random.Next(-16, 16),
    };
}
