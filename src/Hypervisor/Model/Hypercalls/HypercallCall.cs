using System.Runtime.CompilerServices;
using RmStack.Hypervisor.Objects;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Hypervisor.Hypercalls;

/// <summary>Eight registers' worth of arguments or results.</summary>
[InlineArray(HypercallFrame.RegisterCount)]
public struct HypercallRegisters
{
    private ulong _first;
}

/// <summary>One hypercall while it is being handled: converted arguments in native order, and the results.</summary>
public ref struct HypercallCall
{
    internal HypercallRegisters Arguments;
    internal HypercallRegisters Results;

    /// <summary>The vCPU that makes the call.</summary>
    public VCpu Caller { get; internal init; }

    /// <summary>The hypervisor.</summary>
    public GunyahHypervisor Hypervisor { get; internal init; }

    /// <summary>True when the results come later: the caller is inside the call until then.</summary>
    internal bool Deferred { get; set; }

    /// <summary>The capabilities of the caller.</summary>
    public readonly CSpace CSpace => Caller.CSpace!;

    /// <summary>Argument <paramref name="index"/> in native order.</summary>
    public readonly ulong Arg(int index) => Arguments[index];

    /// <summary>An argument as a capability id.</summary>
    public readonly CapId Cap(int index) => new(Arguments[index]);

    /// <summary>An argument of 32 bits.</summary>
    public readonly uint Word(int index) => (uint)Arguments[index];

    /// <summary>Sets X0 to an error, sign-extended.</summary>
    public void Return(GunyahError error) => Results[0] = (ulong)(long)(int)error;

    /// <summary>Sets result <paramref name="index"/>.</summary>
    public void Result(int index, ulong value) => Results[index] = value;

    /// <summary>Looks up an active object; on failure the error is the result.</summary>
    internal bool Lookup<T>(int index, ObjectType type, uint rights, out T target)
        where T : HypObject => Check(CSpace.Lookup(Cap(index), type, rights, out target));

    /// <summary>Looks up an object in any state; on failure the error is the result.</summary>
    internal bool LookupAnyState<T>(int index, ObjectType type, uint rights, out T target)
        where T : HypObject => Check(CSpace.LookupAnyState(Cap(index), type, rights, out target));

    /// <summary>Looks up an object to configure or attach it; on failure the error is the result.</summary>
    internal bool LookupForSetup<T>(int index, ObjectType type, out T target)
        where T : HypObject => Check(CSpace.LookupForSetup(Cap(index), type, out target));

    /// <summary>True for Ok; otherwise the error becomes the result.</summary>
    internal bool Check(GunyahError error)
    {
        if (error == GunyahError.Ok) return true;
        Return(error);
        return false;
    }
}
