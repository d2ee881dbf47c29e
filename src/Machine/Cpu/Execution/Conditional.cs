using RmStack.Machine.Cpu.Decoding;

namespace RmStack.Machine.Cpu.Execution;

/// <summary>CSEL, CSINC, CSINV, CSNEG, CCMP and CCMN (Arm ARM C3.5.11, C3.5.12). HOT.</summary>
internal static unsafe class Conditional
{
    public static bool DecodeSelect(uint word, A64Op* op)
    {
        op->Rd = word.Target(0);
        op->Rn = word.Source(5);
        op->Rm = word.Source(16);
        op->Aux = Word.Condition(word.Bits(12, 4));
        op->Execute = word.Bit(31) ? PickSelect<X>(word) : PickSelect<W>(word);
        return true;
    }

    public static bool DecodeCompareRegister(uint word, A64Op* op)
    {
        op->Rm = word.Source(16);
        DecodeCompare(word, op);
        op->Execute = (word.Bit(31), word.Bit(30)) switch
        {
            (false, false) => &Compare<W, Negative, Register>,
            (false, true) => &Compare<W, Positive, Register>,
            (true, false) => &Compare<X, Negative, Register>,
            (true, true) => &Compare<X, Positive, Register>,
        };
        return true;
    }

    public static bool DecodeCompareImmediate(uint word, A64Op* op)
    {
        op->Imm = word.Bits(16, 5);
        DecodeCompare(word, op);
        op->Execute = (word.Bit(31), word.Bit(30)) switch
        {
            (false, false) => &Compare<W, Negative, Immediate>,
            (false, true) => &Compare<W, Positive, Immediate>,
            (true, false) => &Compare<X, Negative, Immediate>,
            (true, true) => &Compare<X, Positive, Immediate>,
        };
        return true;
    }

    private static void DecodeCompare(uint word, A64Op* op)
    {
        op->Rn = word.Source(5);
        op->Ra = (byte)word.Bits(0, 4);
        op->Aux = Word.Condition(word.Bits(12, 4));
    }

    private static A64Handler PickSelect<T>(uint word)
        where T : struct, IWidth => (word.Bit(30), word.Bit(10)) switch
        {
            (false, false) => &Select<T, Same>,
            (false, true) => &Select<T, Increment>,
            (true, false) => &Select<T, Invert>,
            (true, true) => &Select<T, Negate>,
        };

    private static A64Op* Select<T, TElse>(ProcessingElement pe, A64Op* op, ulong* x)
        where T : struct, IWidth
        where TElse : struct, IElse
    {
        var holds = ((op->Aux >> (int)x[Slot.Nzcv]) & 1) != 0;
        x[op->Rd] = T.Trim(holds ? x[op->Rn] : TElse.Apply(x[op->Rm]));
        return op + 1;
    }

    private static A64Op* Compare<T, TSign, TOperand>(ProcessingElement pe, A64Op* op, ulong* x)
        where T : struct, IWidth
        where TSign : struct, ISign
        where TOperand : struct, IOperand
    {
        if (((op->Aux >> (int)x[Slot.Nzcv]) & 1) == 0)
        {
            x[Slot.Nzcv] = op->Ra;
            return op + 1;
        }

        var a = T.Trim(x[op->Rn]);
        var b = T.Trim(TOperand.Value(op, x));
        x[Slot.Nzcv] = TSign.IsNegative
            ? AddSubtract.FlagsOfSum<T>(a, b, T.Trim(a + b))
            : AddSubtract.FlagsOfDifference<T>(a, b, T.Trim(a - b));
        return op + 1;
    }

    private interface IElse
    {
        static abstract ulong Apply(ulong value);
    }

    private readonly struct Same : IElse
    {
        public static ulong Apply(ulong value) => value;
    }

    private readonly struct Increment : IElse
    {
        public static ulong Apply(ulong value) => value + 1;
    }

    private readonly struct Invert : IElse
    {
        public static ulong Apply(ulong value) => ~value;
    }

    private readonly struct Negate : IElse
    {
        public static ulong Apply(ulong value) => 0 - value;
    }

    private interface ISign
    {
        static abstract bool IsNegative { get; }
    }

    /// <summary>CCMP.</summary>
    private readonly struct Positive : ISign
    {
        public static bool IsNegative => false;
    }

    /// <summary>CCMN: compares with the negated operand.</summary>
    private readonly struct Negative : ISign
    {
        public static bool IsNegative => true;
    }

    private interface IOperand
    {
        static abstract ulong Value(A64Op* op, ulong* x);
    }

    private readonly struct Register : IOperand
    {
        public static ulong Value(A64Op* op, ulong* x) => x[op->Rm];
    }

    private readonly struct Immediate : IOperand
    {
        public static ulong Value(A64Op* op, ulong* x) => (ulong)op->Imm;
    }
}
