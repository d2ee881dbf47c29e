using System.Runtime.CompilerServices;
using RmStack.Machine.Cpu.Decoding;

namespace RmStack.Machine.Cpu.Execution;

/// <summary>AND, ORR, EOR, their inverting forms, and ANDS and BICS (Arm ARM C3.5.2, C3.5.6). HOT.</summary>
internal static unsafe class Logical
{
    public static bool DecodeImmediate(uint word, A64Op* op)
    {
        if (!Word.TryBitmask(word.Bits(22, 1), word.Bits(10, 6), word.Bits(16, 6), word.Bit(31) ? 64 : 32, out var mask)) return false;
        var operation = word.Bits(29, 2);
        op->Rd = operation == 3 ? word.Target(0) : word.OrSp(0);
        op->Rn = word.Source(5);
        op->Imm = (long)mask;
        op->Execute = (operation, word.Bit(31)) switch
        {
            (0, false) => &Immediate<W, And>,
            (0, true) => &Immediate<X, And>,
            (1, false) => op->Rn == Slot.Zero ? &Moves.Constant : &Immediate<W, Orr>,
            (1, true) => op->Rn == Slot.Zero ? &Moves.Constant : &Immediate<X, Orr>,
            (2, false) => &Immediate<W, Eor>,
            (2, true) => &Immediate<X, Eor>,
            (_, false) => &Immediate<W, Ands>,
            (_, true) => &Immediate<X, Ands>,
        };
        return true;
    }

    public static bool DecodeShifted(uint word, A64Op* op)
    {
        var amount = (int)word.Bits(10, 6);
        if (!word.Bit(31) && amount >= 32) return false;
        op->Rd = word.Target(0);
        op->Rn = word.Source(5);
        op->Rm = word.Source(16);
        op->Ra = (byte)amount;
        op->Execute = word.Bit(31) ? PickShift<X>(word, amount) : PickShift<W>(word, amount);
        return true;
    }

    private static A64Handler PickShift<T>(uint word, int amount)
        where T : struct, IWidth
    {
        if (amount == 0) return PickOperation<T, NoShift>(word);
        return word.Bits(22, 2) switch
        {
            0 => PickOperation<T, Lsl>(word),
            1 => PickOperation<T, Lsr>(word),
            2 => PickOperation<T, Asr>(word),
            _ => PickOperation<T, Ror>(word),
        };
    }

    private static A64Handler PickOperation<T, TShift>(uint word)
        where T : struct, IWidth
        where TShift : struct, IShift => (word.Bits(29, 2), word.Bit(21)) switch
        {
            (0, false) => &Shifted<T, TShift, And>,
            (0, true) => &Shifted<T, TShift, Bic>,
            (1, false) => &Shifted<T, TShift, Orr>,
            (1, true) => &Shifted<T, TShift, Orn>,
            (2, false) => &Shifted<T, TShift, Eor>,
            (2, true) => &Shifted<T, TShift, Eon>,
            (_, false) => &Shifted<T, TShift, Ands>,
            (_, true) => &Shifted<T, TShift, Bics>,
        };

    private static A64Op* Immediate<T, TOperation>(ProcessingElement pe, A64Op* op, ulong* x)
        where T : struct, IWidth
        where TOperation : struct, IOperation
    {
        Combine<T, TOperation>(op, x, (ulong)op->Imm);
        return op + 1;
    }

    private static A64Op* Shifted<T, TShift, TOperation>(ProcessingElement pe, A64Op* op, ulong* x)
        where T : struct, IWidth
        where TShift : struct, IShift
        where TOperation : struct, IOperation
    {
        Combine<T, TOperation>(op, x, TShift.Apply<T>(x[op->Rm], op->Ra));
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Combine<T, TOperation>(A64Op* op, ulong* x, ulong b)
        where T : struct, IWidth
        where TOperation : struct, IOperation
    {
        var result = T.Trim(TOperation.Apply(x[op->Rn], b));
        if (TOperation.SetsFlags) x[Slot.Nzcv] = (result >> (T.Bits - 1) << 3) | (result == 0 ? 4ul : 0);
        x[op->Rd] = result;
    }

    private interface IOperation
    {
        static abstract bool SetsFlags { get; }

        static abstract ulong Apply(ulong a, ulong b);
    }

    private readonly struct And : IOperation
    {
        public static bool SetsFlags => false;

        public static ulong Apply(ulong a, ulong b) => a & b;
    }

    private readonly struct Bic : IOperation
    {
        public static bool SetsFlags => false;

        public static ulong Apply(ulong a, ulong b) => a & ~b;
    }

    private readonly struct Orr : IOperation
    {
        public static bool SetsFlags => false;

        public static ulong Apply(ulong a, ulong b) => a | b;
    }

    private readonly struct Orn : IOperation
    {
        public static bool SetsFlags => false;

        public static ulong Apply(ulong a, ulong b) => a | ~b;
    }

    private readonly struct Eor : IOperation
    {
        public static bool SetsFlags => false;

        public static ulong Apply(ulong a, ulong b) => a ^ b;
    }

    private readonly struct Eon : IOperation
    {
        public static bool SetsFlags => false;

        public static ulong Apply(ulong a, ulong b) => a ^ ~b;
    }

    private readonly struct Ands : IOperation
    {
        public static bool SetsFlags => true;

        public static ulong Apply(ulong a, ulong b) => a & b;
    }

    private readonly struct Bics : IOperation
    {
        public static bool SetsFlags => true;

        public static ulong Apply(ulong a, ulong b) => a & ~b;
    }
}
