using RmStack.Machine.Cpu.Decoding;
using RmStack.Machine.Mmu;

namespace RmStack.Machine.Cpu.Execution;

/// <summary>SYS: cache and TLB maintenance, DC ZVA and address translation (Arm ARM C5.3 to C5.5).</summary>
internal static unsafe class Maintenance
{
    private const ulong SctlrDze = 1 << 14;
    private const ulong SctlrUci = 1 << 26;
    private const int ZeroBlock = 64;

    public static A64Op* Execute(ProcessingElement pe, A64Op* op, ulong* x)
    {
        var word = (uint)op->Imm;
        var encoding = SystemEncoding.FromWord(word);
        uint op1 = word.Bits(16, 3), crn = word.Bits(12, 4), crm = word.Bits(8, 4), op2 = word.Bits(5, 3);
        var address = x[op->Rd];
        return (op1, crn, crm, op2) switch
        {
            (3, 7, 4, 1) => ZeroByAddress(pe, op, address),
            (3, 7, 5, 1) when pe.Memory.ForeignSize != 0 => InvalidateInstructions(pe, op, CacheByAddress(pe, op, encoding, address)),
            (3, 7, 5, 1) or (3, 7, 10, 1) or (3, 7, 11, 1) or (3, 7, 14, 1) => CacheByAddress(pe, op, encoding, address),
            (3, 7, 12, 1) when pe.Model.Has(CpuFeatures.Dpb) => CacheByAddress(pe, op, encoding, address),
            (3, 7, 13, 1) when pe.Model.Has(CpuFeatures.Dpb2) => CacheByAddress(pe, op, encoding, address),
            (3, 7, 3, 4 or 5 or 7) when pe.Model.Has(CpuFeatures.SpecRes) => pe.State.EL == 0 ? pe.Undefined(op) : op + 1,
            _ when pe.State.EL == 0 => pe.Undefined(op),
            (0, 7, 6, 1) => CacheByAddress(pe, op, encoding, address),
            (0, 7, 1, 0) or (0, 7, 5, 0) when pe.Memory.ForeignSize != 0 => InvalidateInstructions(pe, op, op + 1),
            (0, 7, 1, 0) or (0, 7, 5, 0) or (0, 7, 6, 2) or (0, 7, 10, 2) or (0, 7, 14, 2) => op + 1,
            (0, 7, 8, < 4) => Translate(pe, op, address, (op2 & 1) != 0, op2 >= 2 ? MemoryRegime.User : MemoryRegime.Kernel),
            (0, 7, 9, < 2) when pe.Model.Has(CpuFeatures.Pan2) =>
                Translate(pe, op, address, (op2 & 1) != 0, pe.State.PAN ? MemoryRegime.KernelPan : MemoryRegime.Kernel),
            (0, 8, 3 or 7, 0 or 1 or 2 or 3 or 5 or 7) => Invalidate(pe, op, address, op2, broadcast: crm == 3),
            (0, 8, 1, 0 or 1 or 2 or 3 or 5 or 7) when pe.Model.Has(CpuFeatures.TlbiOs) => Invalidate(pe, op, address, op2, broadcast: true),
            _ => pe.UnknownSystemAccess(op, word, read: false),
        };
    }

    private static A64Op* Invalidate(ProcessingElement pe, A64Op* op, ulong operand, uint op2, bool broadcast)
    {
        // 1 VAE1, 3 VAAE1, 5 VALE1, 7 VAALE1 name an address, in bits 43:0; 0 VMALLE1 and 2 ASIDE1 do not. The TLB
        // holds one ASID, so forgetting for all ASIDs is no more than was asked for.
        if ((op2 & 1) != 0) pe.FlushTranslation((ulong)((long)(operand << 20) >> 8));
        else pe.FlushTranslations();
        if (broadcast) pe.BroadcastFlush();
        return pe.Resynchronise(op);
    }

    // IC IVAU, IALLU and IALLUIS where somebody outside writes memory too: to throw away more than was asked for is allowed.
    private static A64Op* InvalidateInstructions(ProcessingElement pe, A64Op* op, A64Op* next)
    {
        if (next != op + 1) return next;
        pe.Memory.DropForeignCode();
        return pe.Resynchronise(op);
    }

    private static A64Op* ZeroByAddress(ProcessingElement pe, A64Op* op, ulong va)
    {
        if (pe.State.EL == 0 && (pe.State.SCTLR_EL1 & SctlrDze) == 0) return Trap(pe, op);
        var block = va & ~(ulong)(ZeroBlock - 1);
        if (pe.TryDirectWrite(block, 1, ZeroBlock, normalOnly: true, out var place))
        {
            new Span<byte>(place, ZeroBlock).Clear();
            return op + 1;
        }

        return pe.ZeroSlowly(op, va, block, ZeroBlock) ? op + 1 : pe.Elsewhere;
    }

    private static A64Op* CacheByAddress(ProcessingElement pe, A64Op* op, uint encoding, ulong va)
    {
        var user = pe.State.EL == 0;
        if (user && (pe.State.SCTLR_EL1 & SctlrUci) == 0) return Trap(pe, op);

        // There is no cache. What is left of the instruction is that stage 1 has to translate the address, readable at EL0;
        // EL1 needs no rights. A refusal by stage 2 is not reported.
        return pe.CheckMaintenance(op, va, user) ? op + 1 : pe.Elsewhere;
    }

    private static A64Op* Translate(ProcessingElement pe, A64Op* op, ulong va, bool write, MemoryRegime regime) =>
        pe.TranslateAddress(op, va, write ? MemoryAccess.Write : MemoryAccess.Read, regime) ? op + 1 : pe.Elsewhere;

    private static A64Op* Trap(ProcessingElement pe, A64Op* op)
    {
        var word = (uint)op->Imm;
        var iss = Syndrome.SystemAccess(SystemEncoding.FromWord(word), word.Bits(0, 5), read: false);
        return pe.TakeException(Syndrome.Of(Syndrome.EcSystem, iss), pe.AddressOf(op));
    }
}
