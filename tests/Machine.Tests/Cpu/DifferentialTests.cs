using System.Globalization;
using System.Text;
using RmStack.Machine.Cpu;
using RmStack.Machine.Cpu.Decoding;
using RmStack.Machine.Memory;
using RmStack.Machine.Mmu;
using RmStack.Machine.Tests.Cpu.Oracle;
using RmStack.Machine.Time;

namespace RmStack.Machine.Tests.Cpu;

/// <summary>QEMU's user mode and the model run the same blocks from the same state and have to end in the same state.</summary>
public sealed class DifferentialTests
{
    private const ulong Tables = OracleRecord.Leave + 0x1000;
    private const ulong Vectors = 0x4000_0000;
    private const int Batch = 1000;

    private static int Seed =>
        int.TryParse(Environment.GetEnvironmentVariable("RMSTACK_SEED"), CultureInfo.InvariantCulture, out var seed) ? seed : 20240101;

    public static TheoryData<string, string, int> Cpus => new()
    {
        { "linux-minimal", "cortex-a35", 24_000 },
        { "gunyah", "max", 8_000 },
    };

    [Theory]
    [MemberData(nameof(Cpus))]
    public void Random_blocks_end_in_the_state_that_qemu_computes(string name, string qemuCpu, int blocks)
    {
        var model = Model(name);
        var random = new Random(Seed);
        var generator = new BlockGenerator(random, model);

        // Batches, so that literals reach their windows.
        for (var done = 0; done < blocks; done += Batch)
        {
            var input = new OracleImage(Batch);
            for (var i = 0; i < Batch; i++) generator.Fill(input, i);
            Compare(input, model, qemuCpu);
        }
    }

    [Theory]
    [InlineData("linux-minimal", "cortex-a35")]
    public void Random_words_of_the_data_processing_space_are_undefined_where_qemu_says_so(string name, string qemuCpu)
    {
        const int Count = 60_000;
        var random = new Random(Seed + 1);
        var input = new OracleImage(Count);
        for (var i = 0; i < Count; i++)
        {
            var record = input[i];
            for (var x = 0; x < 31; x++)
                if (x != OracleRecord.Base) record[x] = (ulong)random.NextInt64() ^ ((ulong)random.Next(2) << 63);
            input.SetCode(i, [DataProcessingWord(random)]);
        }

        Compare(input, Model(name), qemuCpu);
    }

    private static uint DataProcessingWord(Random random)
    {
        while (true)
        {
            // op0 = 100x is data processing with an immediate, x101 with registers.
            var word = (uint)random.NextInt64();
            word = random.Next(2) == 0 ? (word & ~0x1c00_0000u) | 0x1000_0000 : (word & ~0x0e00_0000u) | 0x0a00_0000;
            if ((word & 31) is not (OracleRecord.Base or 31)) return word;
        }
    }

    private static CpuModel Model(string name) => name == "gunyah" ? CpuModel.Gunyah : CpuModel.LinuxMinimal;

    private static void Compare(OracleImage input, CpuModel model, string qemuCpu)
    {
        var expected = input.With(RunQemu(input.Bytes, qemuCpu));
        var actual = input.With(RunModel(input, model));
        for (var i = 0; i < input.Blocks; i++)
            if (!expected[i].Bytes.SequenceEqual(actual[i].Bytes)) Assert.Fail(Describe(input, expected[i], actual[i], i));
    }

    private static byte[] RunQemu(byte[] input, string cpu)
    {
        using var scratch = new ScratchDirectory();
        var source = Toolchain.SourceFile("tests", "Machine.Tests", "Cpu", "Oracle", "runner.s");
        Toolchain.Run(Toolchain.As, "-o", scratch.File("runner.o"), source);
        Toolchain.Run(Toolchain.Ld, "-Ttext=0x7000000", "-o", scratch.File("runner"), scratch.File("runner.o"));
        File.WriteAllBytes(scratch.File("in"), input);
        Toolchain.Run(Toolchain.Qemu, "-cpu", cpu, scratch.File("runner"), scratch.File("in"), scratch.File("out"));
        return File.ReadAllBytes(scratch.File("out"));
    }

    private static byte[] RunModel(OracleImage input, CpuModel model)
    {
        const ulong Base = OracleRecord.Leave;
        var size = (OracleRecord.Records - Base + (ulong)input.Bytes.Length + 0xfff) & ~0xfffUL;
        using var memory = new PhysicalMemory(Base, size);
        var pe = new ProcessingElement(model, memory, new VirtualClock());

        // Two blocks of 1 GiB: the first is RAM that EL0 may use in every way, the second belongs to EL1 and is where the
        // vectors would be, but stage 2 maps nothing there, so that every exception ends the run.
        BitConverter.TryWriteBytes(memory.Writable(Tables, 8), 0x0000_0000_0000_0441 | (1UL << 53));
        BitConverter.TryWriteBytes(memory.Writable(Tables + 8, 8), Vectors | 0x401);
        var stage2 = new Stage2(1, 40);
        stage2.Map(new Stage2Mapping(Base, size, Base, Stage2Access.ReadWriteExecute, Stage2Access.ReadWriteExecute, 15));
        pe.Stage2 = stage2;
        var state = pe.State;
        state.MAIR_EL1 = 0xff;
        state.TCR_EL1 = 25 | (2UL << 32) | (1 << 23);
        state.TTBR0_EL1 = Tables;
        state.VBAR_EL1 = Vectors;
        state.SCTLR_EL1 = 0x30d00801 | (1 << 26) | (1 << 15) | (1 << 14);
        BitConverter.TryWriteBytes(memory.Writable(OracleRecord.Leave, 4), 0xd4000001); // svc #0
        input.Bytes.CopyTo(memory.Writable(OracleRecord.Records, input.Bytes.Length));

        var output = input.With((byte[])input.Bytes.Clone());
        for (var i = 0; i < input.Blocks; i++)
        {
            var record = output[i];
            for (var x = 0; x < 31; x++) state.SetX(x, record[x]);
            state.PSTATE = (uint)record.Nzcv;
            state.SP = record[(int)OracleRecord.Base];
            state.PC = input.CodeOf(i);
            var exit = pe.Run(1000);
            Assert.Equal(CpuExitReason.Stage2Abort, exit.Reason);
            memory.Readable(OracleImage.AddressOf(i), OracleRecord.Size).CopyTo(record.Bytes);
            for (var x = 0; x < 31; x++) record[x] = state.GetX(x);
            record.Nzcv = state.SPSR_EL1 & 0xf000_0000;
            record.Signal = exit.FaultAddress == Vectors + 0x400 ? SignalOf((uint)state.ESR_EL1) : 11;
            if (record.Signal != 0) record.SignalPc = state.ELR_EL1;
        }

        return output.Bytes;
    }

    private static ulong SignalOf(uint esr) => (esr >> 26) switch
    {
        0x15 => 0,
        0x00 => 4,
        0x07 => 4, // The space of FP and SIMD was not asked for.
        0x24 when (esr & 0x3f) == 0x21 => 7,
        0x20 or 0x24 => 11,
        0x3c => 5,
        _ => 99,
    };

    private static string Describe(OracleImage image, OracleRecord want, OracleRecord got, int block)
    {
        var text = new StringBuilder().AppendLine(CultureInfo.InvariantCulture, $"Block {block} of seed {Seed} (set RMSTACK_SEED) differs:");
        for (var i = 1; i <= OracleRecord.Words; i++)
            text.AppendLine(CultureInfo.InvariantCulture, $"  {image.Word(block, i):x8} {A64Decoder.Mnemonic(image.Word(block, i), CpuModel.Gunyah)}");
        var input = image[block];
        for (var i = 0; i < 32; i++)
        {
            if (want[i] != got[i])
                text.AppendLine(CultureInfo.InvariantCulture, $"  {(i == 31 ? "nzcv" : "x" + i)}: start {input[i]:x16}, QEMU {want[i]:x16}, model {got[i]:x16}");
        }

        if (!want.WindowBytes.SequenceEqual(got.WindowBytes)) text.AppendLine("  the window differs");
        return text.AppendLine(CultureInfo.InvariantCulture, $"  signal: QEMU {want.Signal} at {want.SignalPc:x}, model {got.Signal} at {got.SignalPc:x}").ToString();
    }
}
