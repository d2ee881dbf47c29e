using System.Runtime.CompilerServices;
using RmStack.Machine.Cpu.Decoding;

namespace RmStack.Machine.Cpu.Execution;

/// <summary>Loads and stores of one register (Arm ARM C3.3.1 to C3.3.6). HOT.</summary>
internal static unsafe class LoadStore
{
    private const uint SyndromeValid = 1 << 10;

    public static bool DecodeUnsignedOffset(uint word, A64Op* op)
    {
        op->Imm = (long)word.Bits(10, 12) << (int)word.Bits(30, 2);
        Operands(word, op, writesBack: false);
        op->Execute = Pick<AtOffset>(word);
        return true;
    }

    public static bool DecodeUnscaled(uint word, A64Op* op)
    {
        op->Imm = word.Signed(12, 9);
        Operands(word, op, writesBack: false);
        op->Execute = Pick<AtOffset>(word);
        return true;
    }

    public static bool DecodePreIndexed(uint word, A64Op* op)
    {
        op->Imm = word.Signed(12, 9);
        Operands(word, op, writesBack: true);
        op->Execute = Pick<PreIndexed>(word);
        return true;
    }

    public static bool DecodePostIndexed(uint word, A64Op* op)
    {
        op->Imm = word.Signed(12, 9);
        Operands(word, op, writesBack: true);
        op->Execute = Pick<PostIndexed>(word);
        return true;
    }

    public static bool DecodeRegister(uint word, A64Op* op)
    {
        if (!word.Bit(14)) return false; // Only word and doubleword indexes.
        op->Rm = word.Source(16);
        op->Ra = (byte)(word.Bit(12) ? word.Bits(30, 2) : 0);
        Operands(word, op, writesBack: false);
        op->Execute = word.Bits(13, 3) switch
        {
            2 => Pick<Indexed<Uxtw>>(word),
            6 => Pick<Indexed<Sxtw>>(word),
            _ => Pick<Indexed<Uxtx>>(word),
        };
        return true;
    }

    public static bool DecodeUnprivileged(uint word, A64Op* op)
    {
        op->Imm = word.Signed(12, 9);
        Operands(word, op, writesBack: false);
        op->Execute = (word.Bits(30, 2), word.Bits(22, 2)) switch
        {
            (0, 0) => &StoreUnprivileged<U8>,
            (0, 1) => &LoadUnprivileged<U8>,
            (0, 2) => &LoadUnprivileged<Signed<U8, X>>,
            (0, 3) => &LoadUnprivileged<Signed<U8, W>>,
            (1, 0) => &StoreUnprivileged<U16>,
            (1, 1) => &LoadUnprivileged<U16>,
            (1, 2) => &LoadUnprivileged<Signed<U16, X>>,
            (1, 3) => &LoadUnprivileged<Signed<U16, W>>,
            (2, 0) => &StoreUnprivileged<U32>,
            (2, 1) => &LoadUnprivileged<U32>,
            (2, 2) => &LoadUnprivileged<Signed<U32, X>>,
            (3, 0) => &StoreUnprivileged<U64>,
            _ => &LoadUnprivileged<U64>,
        };
        return true;
    }

    public static bool DecodeLiteral(uint word, A64Op* op)
    {
        op->Imm = op->Offset + (word.Signed(5, 19) << 2);
        op->Rn = Slot.Zero;
        op->Rd = word.Target(0);
        switch (word.Bits(30, 2))
        {
            case 0:
                op->Aux = SyndromeOf(word, size: 2, signed: false, wide: false);
                op->Execute = &Load<U32, Literal>;
                break;
            case 1:
                op->Aux = SyndromeOf(word, size: 3, signed: false, wide: true);
                op->Execute = &Load<U64, Literal>;
                break;
            default:
                op->Aux = SyndromeOf(word, size: 2, signed: true, wide: true);
                op->Execute = &Load<Signed<U32, X>, Literal>;
                break;
        }

        return true;
    }

    /// <summary>PRFM in all its forms: a hint about memory, which is never slow here.</summary>
    public static bool DecodePrefetch(uint word, A64Op* op)
    {
        op->Execute = &SystemInstructions.Nop;
        return true;
    }

    /// <summary>PRFM with an index register: as for loads, only word and doubleword indexes exist.</summary>
    public static bool DecodePrefetchRegister(uint word, A64Op* op)
    {
        op->Execute = &SystemInstructions.Nop;
        return word.Bit(14);
    }

    /// <summary>Bits 24:14 of the syndrome of an access by one register (Arm ARM D24.2.40).</summary>
    public static ushort SyndromeOf(uint word, uint size, bool signed, bool wide, bool ordered = false) =>
        (ushort)(SyndromeValid | (size << 8) | (signed ? 1u << 7 : 0) | (word.Bits(0, 5) << 2) | (wide ? 2u : 0) | (ordered ? 1u : 0));

    private static void Operands(uint word, A64Op* op, bool writesBack)
    {
        uint size = word.Bits(30, 2), opc = word.Bits(22, 2);
        op->Rn = word.OrSp(5);
        op->Rd = opc == 0 ? word.Source(0) : word.Target(0);
        if (!writesBack) op->Aux = SyndromeOf(word, size, signed: opc >= 2, wide: size == 3 || opc == 2);
    }

    private static A64Handler Pick<TAddressing>(uint word)
        where TAddressing : struct, IAddressing => (word.Bits(30, 2), word.Bits(22, 2)) switch
        {
            (0, 0) => &Store<U8, TAddressing>,
            (0, 1) => &Load<U8, TAddressing>,
            (0, 2) => &Load<Signed<U8, X>, TAddressing>,
            (0, 3) => &Load<Signed<U8, W>, TAddressing>,
            (1, 0) => &Store<U16, TAddressing>,
            (1, 1) => &Load<U16, TAddressing>,
            (1, 2) => &Load<Signed<U16, X>, TAddressing>,
            (1, 3) => &Load<Signed<U16, W>, TAddressing>,
            (2, 0) => &Store<U32, TAddressing>,
            (2, 1) => &Load<U32, TAddressing>,
            (2, 2) => &Load<Signed<U32, X>, TAddressing>,
            (3, 0) => &Store<U64, TAddressing>,
            _ => &Load<U64, TAddressing>,
        };

    /// <summary>True when SP is the base, is checked, and is not a multiple of 16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsSpMisaligned(ProcessingElement pe, A64Op* op, ulong* x) =>
        op->Rn == Slot.Sp && (x[Slot.Sp] & pe.SpAlignment) != 0;

    private static A64Op* Load<TDatum, TAddressing>(ProcessingElement pe, A64Op* op, ulong* x)
        where TDatum : struct, IDatum
        where TAddressing : struct, IAddressing
    {
        if (IsSpMisaligned(pe, op, x)) return pe.SpAlignmentFault(op);
        if (!pe.Load<TDatum>(op, TAddressing.Address(pe, op, x), out var value)) return pe.Elsewhere;
        x[op->Rd] = value;
        TAddressing.WriteBack(op, x);
        return op + 1;
    }

    private static A64Op* Store<TDatum, TAddressing>(ProcessingElement pe, A64Op* op, ulong* x)
        where TDatum : struct, IDatum
        where TAddressing : struct, IAddressing
    {
        if (IsSpMisaligned(pe, op, x)) return pe.SpAlignmentFault(op);
        if (!pe.Store<TDatum>(op, TAddressing.Address(pe, op, x), x[op->Rd])) return pe.Elsewhere;
        TAddressing.WriteBack(op, x);
        return op + 1;
    }

    private static A64Op* LoadUnprivileged<TDatum>(ProcessingElement pe, A64Op* op, ulong* x)
        where TDatum : struct, IDatum
    {
        if (IsSpMisaligned(pe, op, x)) return pe.SpAlignmentFault(op);
        var va = x[op->Rn] + (ulong)op->Imm;
        if (!pe.LoadSlowly(op, va, TDatum.Size, pe.UnprivilegedRegime, mustAlign: false, out var value)) return pe.Elsewhere;
        x[op->Rd] = TDatum.Extend(value);
        return op + 1;
    }

    private static A64Op* StoreUnprivileged<TDatum>(ProcessingElement pe, A64Op* op, ulong* x)
        where TDatum : struct, IDatum
    {
        if (IsSpMisaligned(pe, op, x)) return pe.SpAlignmentFault(op);
        var va = x[op->Rn] + (ulong)op->Imm;
        return pe.StoreSlowly(op, va, TDatum.Size, pe.UnprivilegedRegime, mustAlign: false, x[op->Rd]) ? op + 1 : pe.Elsewhere;
    }
}
