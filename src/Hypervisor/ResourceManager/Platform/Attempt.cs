using RmStack.Hypervisor.Native;
using RmStack.Protocol.Hypercalls;

namespace RmStack.ResourceManager.Platform;

/// <summary>A sequence of hypercalls that ends with the first one refused; reads as one condition.</summary>
internal sealed class Attempt
{
    /// <summary>The refusal that ended it, or Ok.</summary>
    public GunyahError Failure { get; private set; }

    /// <summary>True when the call was answered with Ok.</summary>
    public bool Ok(GunyahError error)
    {
        if (Failure == GunyahError.Ok) Failure = error;
        return error == GunyahError.Ok;
    }

    /// <summary>The same for a call that gives a capability; Invalid when it was refused.</summary>
    public bool Ok(CapResult result, out CapId cap)
    {
        cap = result.Error == GunyahError.Ok ? result.Cap : CapId.Invalid;
        return Ok(result.Error);
    }

    /// <summary>For what the RM cannot go on without while it boots.</summary>
    /// <exception cref="InvalidOperationException">A call was refused.</exception>
    public void Demand(string what)
    {
        if (Failure != GunyahError.Ok) throw new InvalidOperationException($"The Resource Manager cannot boot: {what} was refused with {Failure}.");
    }
}
