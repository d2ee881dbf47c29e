using RmStack.Machine.Cpu.Decoding;

namespace RmStack.Machine.Cpu.Execution;

/// <summary>MADD and relatives, UDIV and SDIV (Arm ARM C3.5.10). HOT.</summary>
internal static unsafe class MultiplyDivide
{
    public static bool DecodeMultiply(uint word, A64Op* op)
    {
        Operands(word, op);
        op->Execute = (word.Bit(31), word.Bit(15)) switch
        {
            (false, false) => &Add<W>,
            (false, true) => &Subtract<W>,
            (true, false) => &Add<X>,
            (true, true) => &Subtract<X>,
        };
        return true;
    }

    public static bool DecodeLong(uint word, A64Op* op)
    {
        Operands(word, op);
        op->Execute = (word.Bit(23), word.Bit(15)) switch
        {
            (false, false) => &SignedAddLong,
            (false, true) => &SignedSubtractLong,
            (true, false) => &UnsignedAddLong,
            (true, true) => &UnsignedSubtractLong,
        };
        return true;
    }

    public static bool DecodeHigh(uint word, A64Op* op)
    {
        Operands(word, op);
        op->Execute = word.Bit(23) ? &UnsignedHigh : &SignedHigh;
        return true;
    }

    public static bool DecodeDivide(uint word, A64Op* op)
    {
        Operands(word, op);
        op->Execute = (word.Bit(31), word.Bit(10)) switch
        {
            (false, false) => &UnsignedDivide<W>,
            (false, true) => &SignedDivide<W>,
            (true, false) => &UnsignedDivide<X>,
            (true, true) => &SignedDivide<X>,
        };
        return true;
    }

    private static void Operands(uint word, A64Op* op)
    {
        op->Rd = word.Target(0);
        op->Rn = word.Source(5);
        op->Rm = word.Source(16);
        op->Ra = word.Source(10);
    }

    private static A64Op* Add<T>(ProcessingElement pe, A64Op* op, ulong* x)
        where T : struct, IWidth
    {
        x[op->Rd] = T.Trim(x[op->Ra] + (x[op->Rn] * x[op->Rm]));
        return op + 1;
    }

    private static A64Op* Subtract<T>(ProcessingElement pe, A64Op* op, ulong* x)
        where T : struct, IWidth
    {
        x[op->Rd] = T.Trim(x[op->Ra] - (x[op->Rn] * x[op->Rm]));
        return op + 1;
    }

    private static A64Op* SignedAddLong(ProcessingElement pe, A64Op* op, ulong* x)
    {
        x[op->Rd] = x[op->Ra] + (ulong)((long)(int)x[op->Rn] * (int)x[op->Rm]);
        return op + 1;
    }

    private static A64Op* SignedSubtractLong(ProcessingElement pe, A64Op* op, ulong* x)
    {
        x[op->Rd] = x[op->Ra] - (ulong)((long)(int)x[op->Rn] * (int)x[op->Rm]);
        return op + 1;
    }

    private static A64Op* UnsignedAddLong(ProcessingElement pe, A64Op* op, ulong* x)
    {
        x[op->Rd] = x[op->Ra] + ((ulong)(uint)x[op->Rn] * (uint)x[op->Rm]);
        return op + 1;
    }

    private static A64Op* UnsignedSubtractLong(ProcessingElement pe, A64Op* op, ulong* x)
    {
        x[op->Rd] = x[op->Ra] - ((ulong)(uint)x[op->Rn] * (uint)x[op->Rm]);
        return op + 1;
    }

    private static A64Op* SignedHigh(ProcessingElement pe, A64Op* op, ulong* x)
    {
        x[op->Rd] = (ulong)Math.BigMul((long)x[op->Rn], (long)x[op->Rm], out _);
        return op + 1;
    }

    private static A64Op* UnsignedHigh(ProcessingElement pe, A64Op* op, ulong* x)
    {
        x[op->Rd] = Math.BigMul(x[op->Rn], x[op->Rm], out _);
        return op + 1;
    }

    private static A64Op* UnsignedDivide<T>(ProcessingElement pe, A64Op* op, ulong* x)
        where T : struct, IWidth
    {
        var divisor = T.Trim(x[op->Rm]);
        x[op->Rd] = divisor == 0 ? 0 : T.Trim(x[op->Rn]) / divisor;
        return op + 1;
    }

    private static A64Op* SignedDivide<T>(ProcessingElement pe, A64Op* op, ulong* x)
        where T : struct, IWidth
    {
        var dividend = T.Signed(x[op->Rn]);
        var divisor = T.Signed(x[op->Rm]);

        // The smallest number divided by -1 is itself; the host would trap.
        x[op->Rd] = divisor switch
        {
            0 => 0,
            -1 => T.Trim((ulong)-dividend),
            _ => T.Trim((ulong)(dividend / divisor)),
        };
        return op + 1;
    }
}
