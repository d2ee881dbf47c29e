using RmStack.Machine.Cpu.Decoding;
using RmStack.Machine.Mmu;

namespace RmStack.Machine.Cpu.Execution;

/// <summary>LDP, STP, LDPSW, LDNP and STNP (Arm ARM C3.3.7, C3.3.8). HOT.</summary>
internal static unsafe class LoadStorePair
{
    public static bool DecodeOffset(uint word, A64Op* op)
    {
        Operands(word, op);
        op->Execute = Pick<AtOffset>(word);
        return true;
    }

    public static bool DecodePreIndexed(uint word, A64Op* op)
    {
        Operands(word, op);
        op->Execute = Pick<PreIndexed>(word);
        return true;
    }

    public static bool DecodePostIndexed(uint word, A64Op* op)
    {
        Operands(word, op);
        op->Execute = Pick<PostIndexed>(word);
        return true;
    }

    private static void Operands(uint word, A64Op* op)
    {
        var load = word.Bit(22);
        op->Rd = load ? word.Target(0) : word.Source(0);
        op->Ra = load ? word.Target(10) : word.Source(10);
        op->Rn = word.OrSp(5);
        op->Imm = word.Signed(15, 7) * (word.Bit(31) ? 8 : 4);
    }

    private static A64Handler Pick<TAddressing>(uint word)
        where TAddressing : struct, IAddressing => (word.Bits(30, 2), word.Bit(22)) switch
        {
            (0, false) => &Store<U32, TAddressing>,
            (0, true) => &Load<U32, TAddressing>,
            (1, _) => &Load<Signed<U32, X>, TAddressing>,
            (_, false) => &Store<U64, TAddressing>,
            (_, true) => &Load<U64, TAddressing>,
        };

    private static A64Op* Load<TDatum, TAddressing>(ProcessingElement pe, A64Op* op, ulong* x)
        where TDatum : struct, IDatum
        where TAddressing : struct, IAddressing
    {
        if (LoadStore.IsSpMisaligned(pe, op, x)) return pe.SpAlignmentFault(op);
        var va = TAddressing.Address(pe, op, x);
        ulong first, second;
        if (pe.TryDirectRead(va, TDatum.Size, 2 * TDatum.Size, out var place))
        {
            first = TDatum.Read(place);
            second = TDatum.Read(place + TDatum.Size);
        }
        else
        {
            if (!pe.Locate(op, va, 2 * TDatum.Size, TDatum.Size, MemoryAccess.Read, pe.Regime, mustAlign: false, out var parts)) return pe.Elsewhere;
            var bytes = stackalloc byte[16];
            parts.CopyTo(bytes);
            first = TDatum.Read(bytes);
            second = TDatum.Read(bytes + TDatum.Size);
        }

        x[op->Rd] = first;
        x[op->Ra] = second;
        TAddressing.WriteBack(op, x);
        return op + 1;
    }

    private static A64Op* Store<TDatum, TAddressing>(ProcessingElement pe, A64Op* op, ulong* x)
        where TDatum : struct, IDatum
        where TAddressing : struct, IAddressing
    {
        if (LoadStore.IsSpMisaligned(pe, op, x)) return pe.SpAlignmentFault(op);
        var va = TAddressing.Address(pe, op, x);
        if (pe.TryDirectWrite(va, TDatum.Size, 2 * TDatum.Size, out var place))
        {
            TDatum.Write(place, x[op->Rd]);
            TDatum.Write(place + TDatum.Size, x[op->Ra]);
        }
        else
        {
            if (!pe.Locate(op, va, 2 * TDatum.Size, TDatum.Size, MemoryAccess.Write, pe.Regime, mustAlign: false, out var parts)) return pe.Elsewhere;
            var bytes = stackalloc byte[16];
            TDatum.Write(bytes, x[op->Rd]);
            TDatum.Write(bytes + TDatum.Size, x[op->Ra]);
            pe.Write(parts, bytes);
        }

        TAddressing.WriteBack(op, x);
        return op + 1;
    }
}
