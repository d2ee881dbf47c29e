using RmStack.Hypervisor.Hypercalls;
using RmStack.Hypervisor.Native;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Hypervisor.Tests;

/// <summary>A call with every register under the test's control.</summary>
internal sealed class RawCall(NativeContext context)
{
    public Task<ulong[]> Native(int number, params ulong[] registers) => Immediate((ushort)(HypercallNumber.HvcImmediateBase + number), registers);

    public Task<ulong[]> Smccc(int number, params ulong[] arguments) =>
        Immediate(0, [HypercallNumber.SmcccBase + (uint)number, .. arguments]);

    public async Task<ulong[]> Immediate(ushort immediate, params ulong[] registers)
    {
        var results = new ulong[HypercallFrame.RegisterCount];
        registers.CopyTo(results, 0);
        await context.Native.RawAsync(HypercallConduit.Hvc, immediate, results);
        return results;
    }
}
