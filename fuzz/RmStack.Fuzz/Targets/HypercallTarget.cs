using System.Buffers.Binary;
using RmStack.Hypervisor;
using RmStack.Hypervisor.Hypercalls;
using RmStack.Hypervisor.Native;
using RmStack.Machine.Memory;
using RmStack.Machine.Time;

namespace RmStack.Fuzz.Targets;

/// <summary>
/// Any calls with any registers from the VM that holds every capability: each is answered, and at the end every page still
/// has exactly one owner.
/// </summary>
public sealed class HypercallTarget : IFuzzTarget
{
    private const int CallSize = 1 + (7 * 4);

    public string Name => "hypercalls";

    public IReadOnlyList<byte[]> Seeds { get; } = [Call(0x02, 1, 0), Call(0x07, 1, 0), Call(0x21, 7, 0x00f0_0008), Call(0x61, 0, 5, 7, 0, 0x1000), Call(0x65, 2)];

    public void Run(ReadOnlySpan<byte> input)
    {
        using var memory = new PhysicalMemory(0x4000_0000, 0x8000_0000);
        var program = new Program(input.ToArray());
        var software = new NativeSoftware();
        software.Install(RootVm.Vmid, program);
        var hypervisor = new GunyahHypervisor(memory, new VirtualClock(), new HypervisorOptions { Engines = software });
        RootVm.Boot(hypervisor, new PlatformLayout());
        for (var steps = 0; steps < 1000 && program.Done is not { IsCompleted: true } && hypervisor.Scheduler.Step(); steps++)
        {
        }

        if (program.Done is { IsFaulted: true } failed) throw failed.Exception!;
        var next = memory.Base;
        foreach (var range in hypervisor.Ownership.Ranges)
        {
            FuzzFindingException.Require(range.Start == next && range.End > range.Start, "ownership has no gaps and no overlaps");
            next = range.End;
        }

        FuzzFindingException.Require(next == memory.Base + memory.Size, "ownership covers all memory");
    }

    private static byte[] Call(byte number, params uint[] arguments)
    {
        var call = new byte[CallSize];
        call[0] = number;
        for (var n = 0; n < arguments.Length; n++) BinaryPrimitives.WriteUInt32LittleEndian(call.AsSpan(1 + (n * 4)), arguments[n]);
        return call;
    }

    private sealed class Program(byte[] input) : INativeProgram
    {
        public Task? Done { get; private set; }

        public Task RunAsync(NativeContext context) => Done = MakeCalls(context);

        private async Task MakeCalls(NativeContext context)
        {
            var registers = new ulong[HypercallFrame.RegisterCount];
            for (var at = 0; at + CallSize <= input.Length; at += CallSize)
            {
                Array.Clear(registers);
                for (var n = 0; n < 7; n++) registers[n] = BinaryPrimitives.ReadUInt32LittleEndian(input.AsSpan(at + 1 + (n * 4)));
                await context.Native.RawAsync((input[at] & 0x80) != 0 ? HypercallConduit.Smc : HypercallConduit.Hvc, (ushort)(0x6000 + (input[at] & 0x7f)), registers);
            }
        }
    }
}
