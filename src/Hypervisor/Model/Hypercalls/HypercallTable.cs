using RmStack.Protocol.Hypercalls;

namespace RmStack.Hypervisor.Hypercalls;

/// <summary>
/// Every hypercall the model answers, stated once: number, arguments, results, behaviour (Gunyah API; numbers and shapes
/// as the code of the 12/2023 hypervisor has them). The dispatcher, traces and documentation are made from it. A number
/// without a row is UNIMPLEMENTED.
/// </summary>
public static class HypercallTable
{
    /// <summary>The rows, in the order of numbers.</summary>
    public static IReadOnlyList<HypercallEntry> Entries { get; } =
        [.. new[]
        {
            ObjectCalls.Entries,
            CSpaceCalls.Entries,
            IpcCalls.Entries,
            VicCalls.Entries,
            MemoryCalls.Entries,
            VcpuCalls.Entries,
            VpmGroupCalls.Entries,
        }.SelectMany(static family => family).OrderBy(static entry => entry.Number)];

    /// <summary>The rows by number, null where there is none.</summary>
    internal static HypercallEntry?[] ByNumber { get; } = Index();

    private static HypercallEntry?[] Index()
    {
        var table = new HypercallEntry?[HypercallNumber.Highest + 1];
        foreach (var entry in Entries) table[entry.Number] = entry;
        return table;
    }
}
