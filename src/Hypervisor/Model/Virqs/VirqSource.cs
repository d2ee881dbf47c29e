using RmStack.Hypervisor.Objects;
using RmStack.Machine.Gic;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Hypervisor.Virqs;

/// <summary>
/// Something that can raise a virtual interrupt once it is bound to one (Gunyah: virq.h). Assertions made while it is
/// not bound are lost.
/// </summary>
/// <param name="checkPending">
/// Asked when the guest ends a level interrupt: does the condition still hold? The argument says whether it was asserted
/// again since the guest was told.
/// </param>
public sealed class VirqSource(Func<bool, bool> checkPending) : IInterruptSource
{
    /// <summary>The controller it is bound to, or null.</summary>
    public Vic? Vic { get; private set; }

    /// <summary>The interrupt number it is bound to.</summary>
    public int Virq { get; private set; }

    /// <summary>Binds it to a shared interrupt. Binding asserts nothing, whatever the condition is at the moment.</summary>
    /// <returns>VirqBound when this source has one; ArgumentInvalid for a number out of range; Busy when the number is taken.</returns>
    public GunyahError Bind(Vic vic, uint virq)
    {
        if (Vic is not null) return GunyahError.VirqBound;
        var error = vic.Take(this, virq);
        if (error != GunyahError.Ok) return error;
        Vic = vic;
        Virq = (int)virq;
        return GunyahError.Ok;
    }

    /// <summary>Unbinds it: a level is withdrawn, an edge that was latched stays.</summary>
    public void Unbind()
    {
        if (Vic is not { } vic) return;
        vic.Gic.ClearLevel(0, Virq);
        vic.Free(Virq);
        Vic = null;
    }

    /// <summary>Asserts it as a level and an edge: visible however the guest configured it.</summary>
    public void Assert() => Vic?.Gic.AssertLevel(0, Virq);

    /// <summary>Latches an edge only: invisible while the guest has it configured as level.</summary>
    public void AssertEdge() => Vic?.Gic.LatchEdge(0, Virq);

    /// <summary>Withdraws the level.</summary>
    public void Clear() => Vic?.Gic.ClearLevel(0, Virq);

    /// <inheritdoc/>
    public bool CheckPending(bool reasserted) => checkPending(reasserted);
}
