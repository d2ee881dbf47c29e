using RmStack.Machine.Cpu.Decoding;
using RmStack.Machine.Mmu;

namespace RmStack.Machine.Cpu.Execution;

/// <summary>Exclusive, ordered and atomic accesses (Arm ARM B2.9, C3.3.9 to C3.3.13). Elements run one at a time, so every access is atomic.</summary>
internal static unsafe class Atomic
{
    public static bool DecodeLoadExclusive(uint word, A64Op* op)
    {
        Operands(word, op);
        op->Rd = word.Target(0);
        op->Execute = &LoadExclusive;
        return true;
    }

    public static bool DecodeStoreExclusive(uint word, A64Op* op)
    {
        Operands(word, op);
        op->Rm = word.Target(16);
        op->Execute = &StoreExclusive;
        return true;
    }

    public static bool DecodeLoadExclusivePair(uint word, A64Op* op)
    {
        Operands(word, op);
        op->Rd = word.Target(0);
        op->Rm = word.Target(10);
        op->Execute = word.Bit(30) ? &LoadExclusivePair64 : &LoadExclusivePair32;
        return true;
    }

    public static bool DecodeStoreExclusivePair(uint word, A64Op* op)
    {
        Operands(word, op);
        op->Rm = word.Target(16);
        op->Imm = word.Source(10);
        op->Execute = word.Bit(30) ? &StoreExclusivePair64 : &StoreExclusivePair32;
        return true;
    }

    public static bool DecodeLoadOrdered(uint word, A64Op* op)
    {
        Operands(word, op);
        op->Rd = word.Target(0);
        op->Aux = LoadStore.SyndromeOf(word, word.Bits(30, 2), signed: false, wide: word.Bits(30, 2) == 3, ordered: true);
        op->Execute = &LoadOrdered;
        return true;
    }

    public static bool DecodeStoreOrdered(uint word, A64Op* op)
    {
        Operands(word, op);
        op->Aux = LoadStore.SyndromeOf(word, word.Bits(30, 2), signed: false, wide: word.Bits(30, 2) == 3, ordered: true);
        op->Execute = &StoreOrdered;
        return true;
    }

    public static bool DecodeCompareAndSwap(uint word, A64Op* op)
    {
        Operands(word, op);
        op->Rm = word.Source(16);
        op->Execute = &CompareAndSwap;
        return true;
    }

    public static bool DecodeCompareAndSwapPair(uint word, A64Op* op)
    {
        if (word.Bit(0) || word.Bit(16)) return false;
        Operands(word, op);
        op->Rm = word.Source(16);
        op->Ra = (byte)(word.Bit(30) ? 8 : 4);
        op->Execute = &CompareAndSwapPair;
        return true;
    }

    public static bool DecodeReadModifyWrite(uint word, A64Op* op)
    {
        Operands(word, op);
        op->Rd = word.Target(0);
        op->Rm = word.Source(16);
        op->Execute = word.Bits(12, 4) switch
        {
            0 => &Modify<Add>,
            1 => &Modify<Clear>,
            2 => &Modify<ExclusiveOr>,
            3 => &Modify<Set>,
            4 => &Modify<SignedMaximum>,
            5 => &Modify<SignedMinimum>,
            6 => &Modify<UnsignedMaximum>,
            7 => &Modify<UnsignedMinimum>,
            _ => &Modify<Swap>,
        };
        return true;
    }

    private static void Operands(uint word, A64Op* op)
    {
        op->Rd = word.Source(0);
        op->Rn = word.OrSp(5);
        op->Ra = (byte)(1 << (int)word.Bits(30, 2));
    }

    private static A64Op* LoadExclusive(ProcessingElement pe, A64Op* op, ulong* x)
    {
        if (LoadStore.IsSpMisaligned(pe, op, x)) return pe.SpAlignmentFault(op);
        var va = x[op->Rn];
        if (!pe.LoadSlowly(op, va, op->Ra, pe.Regime, mustAlign: true, out var value)) return pe.Elsewhere;
        pe.MarkExclusive(va, value, 0);
        x[op->Rd] = value;
        return op + 1;
    }

    private static A64Op* LoadExclusivePair32(ProcessingElement pe, A64Op* op, ulong* x)
    {
        if (LoadStore.IsSpMisaligned(pe, op, x)) return pe.SpAlignmentFault(op);
        var va = x[op->Rn];
        if (!pe.LoadSlowly(op, va, 8, pe.Regime, mustAlign: true, out var value)) return pe.Elsewhere;
        pe.MarkExclusive(va, value, 0);
        x[op->Rd] = (uint)value;
        x[op->Rm] = value >> 32;
        return op + 1;
    }

    private static A64Op* LoadExclusivePair64(ProcessingElement pe, A64Op* op, ulong* x)
    {
        if (LoadStore.IsSpMisaligned(pe, op, x)) return pe.SpAlignmentFault(op);
        var va = x[op->Rn];
        if (!pe.Locate(op, va, 16, 16, MemoryAccess.Read, pe.Regime, mustAlign: true, out var place)) return pe.Elsewhere;
        var values = (ulong*)place.First;
        pe.MarkExclusive(va, values[0], values[1]);
        x[op->Rd] = values[0];
        x[op->Rm] = values[1];
        return op + 1;
    }

    private static A64Op* StoreExclusive(ProcessingElement pe, A64Op* op, ulong* x)
    {
        if (LoadStore.IsSpMisaligned(pe, op, x)) return pe.SpAlignmentFault(op);
        var value = x[op->Rd];
        return StoreIfExclusive(pe, op, x, op->Ra, value, 0);
    }

    private static A64Op* StoreExclusivePair32(ProcessingElement pe, A64Op* op, ulong* x)
    {
        if (LoadStore.IsSpMisaligned(pe, op, x)) return pe.SpAlignmentFault(op);
        return StoreIfExclusive(pe, op, x, 8, (uint)x[op->Rd] | (x[op->Imm] << 32), 0);
    }

    private static A64Op* StoreExclusivePair64(ProcessingElement pe, A64Op* op, ulong* x)
    {
        if (LoadStore.IsSpMisaligned(pe, op, x)) return pe.SpAlignmentFault(op);
        return StoreIfExclusive(pe, op, x, 16, x[op->Rd], x[op->Imm]);
    }

    private static A64Op* StoreIfExclusive(ProcessingElement pe, A64Op* op, ulong* x, int size, ulong low, ulong high)
    {
        // Without the monitor nothing is said about the address: the store just fails.
        var va = x[op->Rn];
        if (!pe.IsExclusive(va))
        {
            pe.ClearExclusive();
            x[op->Rm] = 1;
            return op + 1;
        }

        if (!pe.Locate(op, va, size, size, MemoryAccess.Write, pe.Regime, mustAlign: true, out var place)) return pe.Elsewhere;
        var unchanged = pe.IsUnchangedSinceExclusive(place.First, size);
        pe.ClearExclusive();
        if (unchanged)
        {
            var bytes = stackalloc ulong[2] { low, high };
            pe.Write(place, (byte*)bytes);
        }

        x[op->Rm] = unchanged ? 0ul : 1;
        return op + 1;
    }

    private static A64Op* LoadOrdered(ProcessingElement pe, A64Op* op, ulong* x)
    {
        if (LoadStore.IsSpMisaligned(pe, op, x)) return pe.SpAlignmentFault(op);
        if (!pe.LoadSlowly(op, x[op->Rn], op->Ra, pe.Regime, mustAlign: true, out var value)) return pe.Elsewhere;
        x[op->Rd] = value;
        return op + 1;
    }

    private static A64Op* StoreOrdered(ProcessingElement pe, A64Op* op, ulong* x)
    {
        if (LoadStore.IsSpMisaligned(pe, op, x)) return pe.SpAlignmentFault(op);
        return pe.StoreSlowly(op, x[op->Rn], op->Ra, pe.Regime, mustAlign: true, x[op->Rd]) ? op + 1 : pe.Elsewhere;
    }

    private static A64Op* CompareAndSwap(ProcessingElement pe, A64Op* op, ulong* x)
    {
        if (LoadStore.IsSpMisaligned(pe, op, x)) return pe.SpAlignmentFault(op);
        if (!LocateForUpdate(pe, op, x[op->Rn], op->Ra, out var place)) return pe.Elsewhere;
        ulong old = 0;
        place.CopyTo((byte*)&old);
        var mask = ulong.MaxValue >> (64 - (8 * op->Ra));
        if (old == (x[op->Rm] & mask))
        {
            var value = x[op->Rd];
            pe.Write(place, (byte*)&value);
        }

        x[op->Rm == Slot.Zero ? Slot.Sink : op->Rm] = old;
        return op + 1;
    }

    private static A64Op* CompareAndSwapPair(ProcessingElement pe, A64Op* op, ulong* x)
    {
        if (LoadStore.IsSpMisaligned(pe, op, x)) return pe.SpAlignmentFault(op);
        int size = op->Ra, first = op->Rm, desired = op->Rd;
        if (!LocateForUpdate(pe, op, x[op->Rn], 2 * size, out var place)) return pe.Elsewhere;
        ulong low, high;
        bool equal;
        var values = stackalloc ulong[2];
        if (size == 8)
        {
            (low, high) = (((ulong*)place.First)[0], ((ulong*)place.First)[1]);
            equal = low == x[first] && high == x[first + 1];
            (values[0], values[1]) = (x[desired], x[desired + 1]);
        }
        else
        {
            (low, high) = (((uint*)place.First)[0], ((uint*)place.First)[1]);
            equal = low == (uint)x[first] && high == (uint)x[first + 1];
            values[0] = (uint)x[desired] | (x[desired + 1] << 32);
        }

        if (equal) pe.Write(place, (byte*)values);
        x[first] = low;
        if (first + 1 != Slot.Zero) x[first + 1] = high;
        return op + 1;
    }

    private static A64Op* Modify<TOperation>(ProcessingElement pe, A64Op* op, ulong* x)
        where TOperation : struct, IOperation
    {
        if (LoadStore.IsSpMisaligned(pe, op, x)) return pe.SpAlignmentFault(op);
        if (!LocateForUpdate(pe, op, x[op->Rn], op->Ra, out var place)) return pe.Elsewhere;
        ulong old = 0;
        place.CopyTo((byte*)&old);
        var unused = 64 - (8 * op->Ra);
        var value = TOperation.Apply(old, x[op->Rm] << unused >> unused, unused);
        pe.Write(place, (byte*)&value);
        x[op->Rd] = old;
        return op + 1;
    }

    /// <summary>Finds memory that is read and then written. A fault that a read would have had is reported as one of a read.</summary>
    private static bool LocateForUpdate(ProcessingElement pe, A64Op* op, ulong va, int size, out MemoryPlace place) =>
        pe.Locate(op, va, size, size, MemoryAccess.Read, pe.Regime, mustAlign: true, out place)
        && pe.Locate(op, va, size, size, MemoryAccess.Write, pe.Regime, mustAlign: true, out place);

    private interface IOperation
    {
        /// <summary>Combines two numbers that have <paramref name="unused"/> zero bits at the top.</summary>
        static abstract ulong Apply(ulong old, ulong operand, int unused);
    }

    private readonly struct Add : IOperation
    {
        public static ulong Apply(ulong old, ulong operand, int unused) => old + operand;
    }

    private readonly struct Clear : IOperation
    {
        public static ulong Apply(ulong old, ulong operand, int unused) => old & ~operand;
    }

    private readonly struct ExclusiveOr : IOperation
    {
        public static ulong Apply(ulong old, ulong operand, int unused) => old ^ operand;
    }

    private readonly struct Set : IOperation
    {
        public static ulong Apply(ulong old, ulong operand, int unused) => old | operand;
    }

    private readonly struct SignedMaximum : IOperation
    {
        public static ulong Apply(ulong old, ulong operand, int unused) => (long)(old << unused) >= (long)(operand << unused) ? old : operand;
    }

    private readonly struct SignedMinimum : IOperation
    {
        public static ulong Apply(ulong old, ulong operand, int unused) => (long)(old << unused) <= (long)(operand << unused) ? old : operand;
    }

    private readonly struct UnsignedMaximum : IOperation
    {
        public static ulong Apply(ulong old, ulong operand, int unused) => Math.Max(old, operand);
    }

    private readonly struct UnsignedMinimum : IOperation
    {
        public static ulong Apply(ulong old, ulong operand, int unused) => Math.Min(old, operand);
    }

    private readonly struct Swap : IOperation
    {
        public static ulong Apply(ulong old, ulong operand, int unused) => operand;
    }
}
