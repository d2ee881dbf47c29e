using RmStack.Machine.Mmu;

namespace RmStack.Machine.Cpu;

/// <summary>What a hypervisor asks of the element of one of its vCPUs.</summary>
public sealed unsafe partial class ProcessingElement
{
    private const ulong SctlrMmu = 1;

    /// <summary>True while stage 1 is on.</summary>
    public bool Stage1Enabled => (State.SCTLR_EL1 & SctlrMmu) != 0;

    /// <summary>Stage 1 of the translation of an access at EL1, for a hypervisor that was given an address by its guest.</summary>
    /// <param name="va">Virtual address.</param>
    /// <param name="write">True for a write.</param>
    /// <param name="ipa">Where it leads.</param>
    /// <returns>False on any fault.</returns>
    public bool TryTranslateStage1(ulong va, bool write, out ulong ipa)
    {
        var found = _walk.Stage1(va, write ? MemoryAccess.Write : MemoryAccess.Read, MemoryRegime.Kernel, out var result, out _);
        ipa = result.Ipa;
        return found;
    }
}
