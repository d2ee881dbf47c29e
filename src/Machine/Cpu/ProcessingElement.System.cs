using RmStack.Machine.Cpu.Decoding;
using RmStack.Machine.Mmu;

namespace RmStack.Machine.Cpu;

/// <summary>What system instructions need of the element.</summary>
public sealed unsafe partial class ProcessingElement
{
    /// <summary>A system register or instruction that the model does not have: EL1 leaves it to the hypervisor.</summary>
    internal A64Op* UnknownSystemAccess(A64Op* op, uint word, bool read)
    {
        if (State.EL == 0) return Undefined(op);
        var iss = Syndrome.SystemAccess(SystemEncoding.FromWord(word), word & 31, read);
        return Exit(new CpuExit { Reason = CpuExitReason.SystemRegisterTrap, Syndrome = Syndrome.Of(Syndrome.EcSystem, iss) }, AddressOf(op));
    }

    /// <summary>An access that EL1 has trapped, or that FEAT_IDST reports as one.</summary>
    internal A64Op* TrapSystemAccess(A64Op* op, uint encoding, uint rt, bool read) =>
        TakeException(Syndrome.Of(Syndrome.EcSystem, Syndrome.SystemAccess(encoding, rt, read)), AddressOf(op));

    /// <summary>WFI or WFE at EL0 that EL1 has trapped.</summary>
    internal A64Op* WaitTrap(A64Op* op, bool isWfe) => TakeException(Syndrome.WaitFor(isWfe), AddressOf(op));

    /// <summary>Seed of RNDR. The same seed gives the same numbers.</summary>
    public ulong RandomSeed { get; set; }

    /// <summary>RNDR: splitmix64 of the seed.</summary>
    internal ulong NextRandom()
    {
        var z = RandomSeed += 0x9e37_79b9_7f4a_7c15;
        z = (z ^ (z >> 30)) * 0xbf58_476d_1ce4_e5b9;
        z = (z ^ (z >> 27)) * 0x94d0_49bb_1331_11eb;
        return z ^ (z >> 31);
    }

    /// <summary>DC ZVA.</summary>
    /// <param name="op">The instruction.</param>
    /// <param name="va">What its register holds; a fault reports this.</param>
    /// <param name="block">First byte to clear.</param>
    /// <param name="length">Bytes to clear, inside one page.</param>
    internal bool ZeroSlowly(A64Op* op, ulong va, ulong block, int length)
    {
        // On Device memory it is an alignment fault whatever the address.
        if (!FindPage(op, va, MemoryAccess.Write, _regime, misaligned: true, Syndrome.Write, out var entry)) return false;
        var place = new MemoryPlace
        {
            First = (byte*)(nint)block + entry.Addend,
            FirstPage = entry.Page,
            FirstOffset = (int)(block & 0xfff),
            FirstLength = length,
        };
        var zero = stackalloc byte[length];
        Write(place, zero);
        return true;
    }

    /// <summary>DC and IC by address: stage 1 must translate it.</summary>
    internal bool CheckMaintenance(A64Op* op, ulong va, bool user)
    {
        var regime = user ? MemoryRegime.User : MemoryRegime.Kernel;
        if (_walk.Stage1(va, MemoryAccess.Read, regime, out _, out var fault)) return true;
        DataAbort(op, va, fault, Syndrome.CacheMaintenance | Syndrome.Write);
        return false;
    }

    /// <summary>AT S1E0 and S1E1: puts the result of stage 1 into PAR_EL1.</summary>
    internal bool TranslateAddress(A64Op* op, ulong va, MemoryAccess access, MemoryRegime regime)
    {
        const ulong Res1 = 1 << 11;
        if (_walk.Stage1(va, access, regime, out var result, out var fault))
        {
            State.PAR_EL1 = Res1 | ((ulong)result.Attributes << 56) | (result.Ipa & 0x000f_ffff_ffff_f000) | ((ulong)result.Shareability << 7);
            return true;
        }

        // Only what stage 1 itself refuses goes to PAR; a walk that stage 2 or the bus refuses is taken as an abort.
        if (fault.Origin == FaultOrigin.Stage2 || (fault.Code & ~3u) == FaultCode.ExternalOnWalk)
        {
            DataAbort(op, va, fault, Syndrome.CacheMaintenance | Syndrome.Write);
            return false;
        }

        State.PAR_EL1 = Res1 | (fault.Code << 1) | 1;
        return true;
    }
}
