using System.Runtime.CompilerServices;
using RmStack.Machine.Cpu.Decoding;

namespace RmStack.Machine.Cpu.Execution;

/// <summary>ADD, SUB, ADC, SBC and their flag-setting forms (Arm ARM C3.5). HOT.</summary>
internal static unsafe class AddSubtract
{
    /// <summary>NZCV of <paramref name="a"/> + <paramref name="b"/> (+ carry) = <paramref name="sum"/>, all trimmed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong FlagsOfSum<T>(ulong a, ulong b, ulong sum)
        where T : struct, IWidth
    {
        var carry = ((a & b) | ((a | b) & ~sum)) >> (T.Bits - 1);
        var overflow = ((a ^ sum) & (b ^ sum)) >> (T.Bits - 1);
        return (sum >> (T.Bits - 1) << 3) | (sum == 0 ? 4ul : 0) | (carry << 1) | overflow;
    }

    /// <summary>NZCV of <paramref name="a"/> - <paramref name="b"/> = <paramref name="difference"/>, all trimmed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong FlagsOfDifference<T>(ulong a, ulong b, ulong difference)
        where T : struct, IWidth
    {
        var overflow = ((a ^ b) & (a ^ difference)) >> (T.Bits - 1);
        return (difference >> (T.Bits - 1) << 3) | (difference == 0 ? 4ul : 0) | (a >= b ? 2ul : 0) | overflow;
    }

    public static bool DecodeImmediate(uint word, A64Op* op)
    {
        var immediate = (long)word.Bits(10, 12) << (word.Bit(22) ? 12 : 0);
        var flags = word.Bit(29);
        op->Rd = flags ? word.Target(0) : word.OrSp(0);
        op->Rn = word.OrSp(5);
        op->Imm = immediate;
        if (!flags)
        {
            if (word.Bit(30)) op->Imm = -immediate;
            op->Execute = word.Bit(31) ? &Immediate<X> : &Immediate<W>;
        }
        else if (word.Bit(30))
        {
            op->Execute = word.Bit(31) ? &SubtractImmediateFlags<X> : &SubtractImmediateFlags<W>;
        }
        else
        {
            op->Execute = word.Bit(31) ? &AddImmediateFlags<X> : &AddImmediateFlags<W>;
        }

        return true;
    }

    public static bool DecodeShifted(uint word, A64Op* op)
    {
        var amount = (int)word.Bits(10, 6);
        var kind = word.Bits(22, 2);
        if (kind == 3 || (!word.Bit(31) && amount >= 32)) return false;
        op->Rd = word.Target(0);
        op->Rn = word.Source(5);
        op->Rm = word.Source(16);
        op->Ra = (byte)amount;
        op->Execute = word.Bit(31) ? PickShift<X>(word, amount, kind) : PickShift<W>(word, amount, kind);
        return true;
    }

    public static bool DecodeExtended(uint word, A64Op* op)
    {
        var amount = word.Bits(10, 3);
        if (amount > 4) return false;
        op->Rd = word.Bit(29) ? word.Target(0) : word.OrSp(0);
        op->Rn = word.OrSp(5);
        op->Rm = word.Source(16);
        op->Ra = (byte)amount;
        op->Execute = word.Bit(31) ? PickExtend<X>(word) : PickExtend<W>(word);
        return true;
    }

    public static bool DecodeCarry(uint word, A64Op* op)
    {
        op->Rd = word.Target(0);
        op->Rn = word.Source(5);
        op->Rm = word.Source(16);
        op->Execute = (word.Bit(31), word.Bit(30), word.Bit(29)) switch
        {
            (false, false, false) => &Carry<W, Plus, KeepFlags>,
            (false, false, true) => &Carry<W, Plus, SetFlags>,
            (false, true, false) => &Carry<W, Minus, KeepFlags>,
            (false, true, true) => &Carry<W, Minus, SetFlags>,
            (true, false, false) => &Carry<X, Plus, KeepFlags>,
            (true, false, true) => &Carry<X, Plus, SetFlags>,
            (true, true, false) => &Carry<X, Minus, KeepFlags>,
            (true, true, true) => &Carry<X, Minus, SetFlags>,
        };
        return true;
    }

    private static A64Handler PickShift<T>(uint word, int amount, uint kind)
        where T : struct, IWidth
    {
        if (amount == 0) return PickShifted<T, NoShift>(word);
        return kind switch
        {
            0 => PickShifted<T, Lsl>(word),
            1 => PickShifted<T, Lsr>(word),
            _ => PickShifted<T, Asr>(word),
        };
    }

    private static A64Handler PickShifted<T, TShift>(uint word)
        where T : struct, IWidth
        where TShift : struct, IShift => word.Bits(29, 2) switch
        {
            0 => &Shifted<T, TShift, Plus, KeepFlags>,
            1 => &Shifted<T, TShift, Plus, SetFlags>,
            2 => &Shifted<T, TShift, Minus, KeepFlags>,
            _ => &Shifted<T, TShift, Minus, SetFlags>,
        };

    private static A64Handler PickExtend<T>(uint word)
        where T : struct, IWidth => word.Bits(13, 3) switch
        {
            0 => PickExtended<T, Uxtb>(word),
            1 => PickExtended<T, Uxth>(word),
            2 => PickExtended<T, Uxtw>(word),
            3 => PickExtended<T, Uxtx>(word),
            4 => PickExtended<T, Sxtb>(word),
            5 => PickExtended<T, Sxth>(word),
            6 => PickExtended<T, Sxtw>(word),
            _ => PickExtended<T, Uxtx>(word),
        };

    private static A64Handler PickExtended<T, TExtend>(uint word)
        where T : struct, IWidth
        where TExtend : struct, IExtend => word.Bits(29, 2) switch
        {
            0 => &Extended<T, TExtend, Plus, KeepFlags>,
            1 => &Extended<T, TExtend, Plus, SetFlags>,
            2 => &Extended<T, TExtend, Minus, KeepFlags>,
            _ => &Extended<T, TExtend, Minus, SetFlags>,
        };

    private static A64Op* Immediate<T>(ProcessingElement pe, A64Op* op, ulong* x)
        where T : struct, IWidth
    {
        x[op->Rd] = T.Trim(x[op->Rn] + (ulong)op->Imm);
        return op + 1;
    }

    private static A64Op* AddImmediateFlags<T>(ProcessingElement pe, A64Op* op, ulong* x)
        where T : struct, IWidth
    {
        Combine<T, Plus, SetFlags>(op, x, (ulong)op->Imm);
        return op + 1;
    }

    private static A64Op* SubtractImmediateFlags<T>(ProcessingElement pe, A64Op* op, ulong* x)
        where T : struct, IWidth
    {
        Combine<T, Minus, SetFlags>(op, x, (ulong)op->Imm);
        return op + 1;
    }

    private static A64Op* Shifted<T, TShift, TOperation, TFlags>(ProcessingElement pe, A64Op* op, ulong* x)
        where T : struct, IWidth
        where TShift : struct, IShift
        where TOperation : struct, ISign
        where TFlags : struct, IFlags
    {
        Combine<T, TOperation, TFlags>(op, x, TShift.Apply<T>(x[op->Rm], op->Ra));
        return op + 1;
    }

    private static A64Op* Extended<T, TExtend, TOperation, TFlags>(ProcessingElement pe, A64Op* op, ulong* x)
        where T : struct, IWidth
        where TExtend : struct, IExtend
        where TOperation : struct, ISign
        where TFlags : struct, IFlags
    {
        Combine<T, TOperation, TFlags>(op, x, T.Trim(TExtend.Apply(x[op->Rm]) << op->Ra));
        return op + 1;
    }

    private static A64Op* Carry<T, TOperation, TFlags>(ProcessingElement pe, A64Op* op, ulong* x)
        where T : struct, IWidth
        where TOperation : struct, ISign
        where TFlags : struct, IFlags
    {
        var a = T.Trim(x[op->Rn]);
        var b = T.Trim(TOperation.Subtracts ? ~x[op->Rm] : x[op->Rm]);
        var sum = T.Trim(a + b + (x[Slot.Nzcv] >> 1 & 1));
        if (TFlags.Set) x[Slot.Nzcv] = FlagsOfSum<T>(a, b, sum);
        x[op->Rd] = sum;
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Combine<T, TOperation, TFlags>(A64Op* op, ulong* x, ulong b)
        where T : struct, IWidth
        where TOperation : struct, ISign
        where TFlags : struct, IFlags
    {
        var a = T.Trim(x[op->Rn]);
        var result = T.Trim(TOperation.Subtracts ? a - b : a + b);
        if (TFlags.Set) x[Slot.Nzcv] = TOperation.Subtracts ? FlagsOfDifference<T>(a, b, result) : FlagsOfSum<T>(a, b, result);
        x[op->Rd] = result;
    }

    private interface ISign
    {
        static abstract bool Subtracts { get; }
    }

    private readonly struct Plus : ISign
    {
        public static bool Subtracts => false;
    }

    private readonly struct Minus : ISign
    {
        public static bool Subtracts => true;
    }

    private interface IFlags
    {
        static abstract bool Set { get; }
    }

    private readonly struct KeepFlags : IFlags
    {
        public static bool Set => false;
    }

    private readonly struct SetFlags : IFlags
    {
        public static bool Set => true;
    }
}
