using RmStack.Machine.Timers;
using static RmStack.Machine.Gic.GicRegister;
using static RmStack.Machine.Tests.Gic.Qemu.OperationKind;

namespace RmStack.Machine.Tests.Gic.Qemu;

/// <summary>The same accesses on the model and on QEMU, read by read.</summary>
public class QemuGicTests
{
    private static readonly uint[] Registers =
    [
        ModelMachine.ISR_EL1, ICC_PMR_EL1, ICC_IAR0_EL1, ICC_EOIR0_EL1, ICC_HPPIR0_EL1, ICC_BPR0_EL1, ICC_AP0R0_EL1, ICC_AP0R0_EL1 + 1,
        ICC_AP1R0_EL1, ICC_AP1R0_EL1 + 1, ICC_DIR_EL1, ICC_RPR_EL1, ICC_SGI1R_EL1, ICC_ASGI1R_EL1, ICC_SGI0R_EL1, ICC_IAR1_EL1,
        ICC_EOIR1_EL1, ICC_HPPIR1_EL1, ICC_BPR1_EL1, ICC_CTLR_EL1, ICC_SRE_EL1, ICC_IGRPEN0_EL1, ICC_IGRPEN1_EL1,
        TimerRegister.CNTFRQ_EL0, TimerRegister.CNTKCTL_EL1, TimerRegister.CNTV_CTL_EL0, TimerRegister.CNTV_CVAL_EL0,
        TimerRegister.CNTP_CTL_EL0, TimerRegister.CNTP_CVAL_EL0,
    ];

    [Fact]
    public void Every_register_reads_the_same_at_reset()
    {
        var script = new List<Operation>();
        foreach (var register in Registers)
        {
            if (register != TimerRegister.CNTFRQ_EL0) script.Add(new(ReadSystem, register, 0));
        }

        for (var offset = 0ul; offset < 0x10000; offset += 4)
        {
            // The rest repeats or is reserved.
            if (offset is (>= 0x100 and < 0xFF0 and not 0xC00) and (< 0x400 or > 0x420) and (< 0x800 or > 0x810)) continue;
            if (offset is > 0x1000 and < 0x6100 or > 0x6120 and < 0xFF80) continue;
            // QEMU says that it has LPIs even without an ITS; the model has none.
            if (offset != 4) script.Add(new(Read32, QemuMachine.Distributor + offset, 0));
        }

        for (var frame = 0ul; frame < 2; frame++)
        {
            foreach (var offset in new ulong[] { 4, 12, 0x10, 0x14, 0x18, 0x40, 0xC0, 0xFFD0, 0xFFE0, 0xFFE4, 0xFFE8, 0xFFEC, 0xFFF0, 0xFFFC,
                0x10080, 0x10100, 0x10180, 0x10200, 0x10280, 0x10300, 0x10380, 0x10400, 0x1041C, 0x10C00, 0x10C04, 0x10D00, 0x10E00 })
                script.Add(new(Read32, QemuMachine.Redistributors + frame * 0x20000 + offset, 0));
        }

        Compare(script);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Random_programs_see_the_same(int seed)
    {
        var script = new List<Operation>();
        var writer = new ScriptWriter(new Random(seed), script);
        for (var i = 0; i < 2500; i++)
        {
            writer.Step();
            foreach (var register in new[] { ModelMachine.ISR_EL1, ICC_RPR_EL1, ICC_HPPIR0_EL1, ICC_HPPIR1_EL1 }) script.Add(new(ReadSystem, register, 0));
        }

        Compare(script);
    }

    [Fact]
    public void The_uart_answers_the_same()
    {
        var script = new List<Operation>();
        var random = new Random(11);
        for (var offset = 0xFE0ul; offset < 0x1000; offset += 4) script.Add(new(Read32, QemuMachine.Uart + offset, 0));
        var bits = new (ulong Offset, ulong Bits)[]
        {
            (0x20, 0xFF), (0x24, 0xFFFF), (0x28, 0x3F), (0x2C, 0xFE), (0x30, 0xFF07), (0x34, 0x3F), (0x38, 0x7FF), (0x44, 0x7FF),
        };
        foreach (var (offset, _) in bits[..^1]) script.Add(new(Read32, QemuMachine.Uart + offset, 0));
        for (var i = 0; i < 300; i++)
        {
            var (offset, mask) = bits[random.Next(bits.Length)];
            script.Add(new(Write32, QemuMachine.Uart + offset, (ulong)random.NextInt64() & mask));
            foreach (var read in new ulong[] { 0x18, offset == 0x44 ? 0x3C : offset, 0x3C, 0x40 }) script.Add(new(Read32, QemuMachine.Uart + read, 0));
        }

        Compare(script);
    }

    private static void Compare(List<Operation> script)
    {
        var expected = QemuMachine.Run(script, Registers);
        var model = new ModelMachine();
        var history = new List<string>();
        var reads = 0;
        foreach (var operation in script)
        {
            var value = model.Do(operation);
            history.Add(operation.Reads ? $"{operation} -> {expected[reads]:x}" : operation.ToString());
            if (!operation.Reads) continue;
            if (value != expected[reads]) Assert.Fail($"read {reads}: the model says {value:x}\n{string.Join('\n', history.TakeLast(60))}");
            reads++;
        }
    }
}
