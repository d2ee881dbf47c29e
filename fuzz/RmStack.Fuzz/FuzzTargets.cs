using RmStack.Fuzz.Targets;

namespace RmStack.Fuzz;

/// <summary>Every target.</summary>
public static class FuzzTargets
{
    /// <summary>Makes a fresh set.</summary>
    public static IReadOnlyList<IFuzzTarget> All() =>
        [new ReassemblerTarget(), new MessageTextTarget(), new DeviceTreeTarget(), new GuestImageTarget(), new GuestCodeTarget(), new HypercallTarget()];
}
