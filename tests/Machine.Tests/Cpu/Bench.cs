using RmStack.Machine.Cpu;
using RmStack.Machine.Memory;
using RmStack.Machine.Mmu;
using RmStack.Machine.Time;

namespace RmStack.Machine.Tests.Cpu;

/// <summary>One processing element with some RAM, and a program in it.</summary>
internal sealed class Bench : IDisposable
{
    public const ulong Ram = 0x4000_0000;
    public const ulong RamSize = 0x40_0000;

    /// <summary>Where a program starts.</summary>
    public const ulong Code = Ram;

    /// <summary>Where the vectors of a program are, when it has some.</summary>
    public const ulong Vectors = Ram + 0x1_0000;

    /// <summary>A place for data.</summary>
    public const ulong Data = Ram + 0x2_0000;

    public Bench(CpuModel? model = null, bool stage2 = false, PhysicalMemory? memory = null)
    {
        Memory = memory ?? new PhysicalMemory(Ram, RamSize);
        Clock = new VirtualClock();
        Pe = new ProcessingElement(model ?? CpuModel.LinuxMinimal, Memory, Clock);
        if (stage2)
        {
            Stage2 = new Stage2(1, 40);
            Stage2.Map(new Stage2Mapping(Ram, RamSize, Ram, Stage2Access.ReadWriteExecute, Stage2Access.ReadWriteExecute, 15));
            Pe.Stage2 = Stage2;
        }

        Pe.Reset(Code, 0);
        Pe.State.SP = Ram + 0x8000;
        Pe.State.VBAR_EL1 = Vectors;

        // Every vector ends the program by an HVC whose immediate says which it was.
        for (var i = 0u; i < 16; i++) Word(Vectors + (0x80 * i), 0xd400_0002 | ((0xe00 + i) << 5));
    }

    public PhysicalMemory Memory { get; }

    public VirtualClock Clock { get; }

    public ProcessingElement Pe { get; }

    public Stage2? Stage2 { get; }

    public CpuState State => Pe.State;

    /// <summary>Makes a program at <see cref="Code"/>.</summary>
    public static Bench With(string source, CpuModel? model = null, bool stage2 = false)
    {
        var bench = new Bench(model, stage2);
        bench.Load(Code, source);
        return bench;
    }

    public void Load(ulong pa, string source)
    {
        var bytes = Toolchain.Assemble(source);
        bytes.CopyTo(Memory.Writable(pa, bytes.Length));
    }

    public void Word(ulong pa, uint word) => BitConverter.TryWriteBytes(Memory.Writable(pa, 4), word);

    public void Quad(ulong pa, ulong value) => BitConverter.TryWriteBytes(Memory.Writable(pa, 8), value);

    public ulong Quad(ulong pa) => BitConverter.ToUInt64(Memory.Readable(pa, 8));

    /// <summary>Runs to an exit, and fails if there is none soon.</summary>
    public CpuExit Run(ulong budget = 10_000)
    {
        var exit = Pe.Run(budget);
        Assert.NotEqual(CpuExitReason.BudgetUsed, exit.Reason);
        return exit;
    }

    /// <summary>Runs to an HVC with a given immediate.</summary>
    public void RunToHvc(int immediate, ulong budget = 10_000)
    {
        var exit = Run(budget);
        Assert.Equal(CpuExitReason.Hvc, exit.Reason);
        Assert.Equal(immediate, exit.Immediate);
    }

    public void Dispose() => Memory.Dispose();
}
