using System.Diagnostics;
using RmStack.Machine.Cpu;
using Xunit.Abstractions;

namespace RmStack.Machine.Tests.Cpu;

public sealed class InterpreterTests(ITestOutputHelper output)
{
    [Fact]
    public void A_loop_runs_and_ends_with_a_hypercall()
    {
        using var bench = Bench.With("""
            mov x1, #10
            mov x2, #0
            1: add x2, x2, x1
            subs x1, x1, #1
            b.ne 1b
            hvc #7
            """);
        bench.RunToHvc(7);
        Assert.Equal(55ul, bench.State.GetX(2));
        Assert.Equal(Bench.Code + 24, bench.State.PC);
        Assert.Equal(33ul, bench.Pe.InstructionsRetired);
        Assert.Equal(33ul, bench.Clock.Now);
    }

    [Fact]
    public void A_budget_is_used_to_the_last_instruction_and_can_be_continued()
    {
        using var bench = Bench.With("mov x1, #1\nadd x1, x1, #1\nadd x1, x1, #1\nhvc #1");
        Assert.Equal(CpuExitReason.BudgetUsed, bench.Pe.Run(2).Reason);
        Assert.Equal(2ul, bench.State.GetX(1));
        Assert.Equal(Bench.Code + 8, bench.State.PC);
        bench.RunToHvc(1);
        Assert.Equal(3ul, bench.State.GetX(1));
    }

    [Fact]
    public void Speed_of_a_tight_loop_is_reported()
    {
        using var bench = Bench.With("""
            1: add x2, x2, x1
            ldr x3, [x4]
            eor x5, x5, x3, lsl #3
            subs x1, x1, #1
            b.ne 1b
            hvc #7
            """);
        bench.State.SetX(1, ulong.MaxValue);
        bench.State.SetX(4, Bench.Data);
        bench.Pe.Run(20_000_000);
        var watch = Stopwatch.StartNew();
        bench.Pe.Run(50_000_000);
        output.WriteLine($"{50 / watch.Elapsed.TotalSeconds:0} MIPS");
        Assert.Equal(70_000_000ul, bench.Pe.InstructionsRetired);
    }
}
