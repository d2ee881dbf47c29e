using RmStack.Machine.Cpu;
using RmStack.Machine.Memory;
using RmStack.Machine.Mmu;
using RmStack.Machine.Time;

namespace RmStack.Fuzz.Targets;

/// <summary>Any bytes as code: the processing element gives control back after the instructions it was allowed, whatever they are.</summary>
public sealed class GuestCodeTarget : IFuzzTarget
{
    private const ulong Ram = 0x8000_0000;
    private const ulong Size = 0x10_0000;
    private const ulong Budget = 2000;

    private readonly PhysicalMemory _memory = new(Ram, Size);

    public string Name => "guest-code";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        [0x1f, 0x20, 0x03, 0xd5, 0x00, 0x00, 0x00, 0x14],
        [0x02, 0x00, 0x00, 0xd4, 0x01, 0x00, 0x00, 0xd4, 0xe0, 0x03, 0x9f, 0xd6],
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        _memory.Writable(Ram, (int)Size).Clear();
        input.CopyTo(_memory.Writable(Ram, input.Length));
        var stage2 = new Stage2(1, 36);
        stage2.Map(new Stage2Mapping(Ram, Size, Ram, Stage2Access.ReadWriteExecute, Stage2Access.ReadWriteExecute, 15));
        var clock = new VirtualClock();
        var cpu = new ProcessingElement(CpuModel.LinuxMinimal, _memory, clock) { Stage2 = stage2 };
        cpu.Reset(Ram, Ram);
        for (var exits = 0; exits < 32; exits++)
        {
            var before = cpu.InstructionsRetired;
            var exit = cpu.Run(Budget);
            FuzzFindingException.Require(cpu.InstructionsRetired - before <= Budget + 64, "a run ends when its instructions are used up");
            if (exit.Reason == CpuExitReason.Stage2Abort) cpu.InjectExternalAbort(exit);
            else if (exit.Reason == CpuExitReason.SystemRegisterTrap) cpu.InjectUndefined();
            else if (exit.Reason == CpuExitReason.Smc) cpu.State.PC += 4;
        }
    }
}
