using System.Buffers.Binary;
using System.Numerics;
using RmStack.Machine.Cpu.Decoding;

namespace RmStack.Machine.Cpu.Execution;

/// <summary>SBFM, BFM, UBFM, EXTR, variable shifts, and reversing and counting bits (Arm ARM C3.5.4, C3.5.7 to C3.5.9). HOT.</summary>
internal static unsafe class Bitfield
{
    public static bool DecodeMove(uint word, A64Op* op)
    {
        var wide = word.Bit(31);
        var bits = wide ? 64 : 32;
        int rotate = (int)word.Bits(16, 6), top = (int)word.Bits(10, 6);
        if (word.Bit(22) != wide || rotate >= bits || top >= bits) return false;
        op->Rd = word.Target(0);
        op->Rn = word.Source(5);

        // Either bits top:rotate go to the bottom, or bits top:0 go up to bit (bits - rotate).
        var extracts = top >= rotate;
        var width = extracts ? top - rotate + 1 : top + 1;
        var mask = width == 64 ? ulong.MaxValue : (1UL << width) - 1;
        op->Imm = (long)mask;
        op->Ra = (byte)(extracts ? rotate : bits - rotate);
        op->Rm = (byte)(63 - top);
        switch (word.Bits(29, 2))
        {
            case 0 when extracts:
                op->Ra = (byte)(63 - top + rotate);
                op->Execute = wide ? &SignedExtract<X> : &SignedExtract<W>;
                break;
            case 0:
                op->Execute = wide ? &SignedInsert<X> : &SignedInsert<W>;
                break;
            case 1:
                op->Execute = (wide, extracts) switch
                {
                    (false, true) => &KeepExtract<W>,
                    (true, true) => &KeepExtract<X>,
                    (false, false) => &KeepInsert<W>,
                    (true, false) => &KeepInsert<X>,
                };
                break;
            default:
                op->Execute = extracts ? &Extract : &Insert;
                break;
        }

        return true;
    }

    public static bool DecodeExtract(uint word, A64Op* op)
    {
        var wide = word.Bit(31);
        var low = (int)word.Bits(10, 6);
        if (word.Bit(22) != wide || (!wide && low >= 32)) return false;
        op->Rd = word.Target(0);
        op->Rn = word.Source(5);
        op->Rm = word.Source(16);
        op->Ra = (byte)low;
        op->Execute = wide ? &ExtractPair64 : &ExtractPair32;
        return true;
    }

    public static bool DecodeVariableShift(uint word, A64Op* op)
    {
        op->Rd = word.Target(0);
        op->Rn = word.Source(5);
        op->Rm = word.Source(16);
        op->Execute = word.Bit(31) ? PickVariable<X>(word) : PickVariable<W>(word);
        return true;
    }

    public static bool DecodeOneSource(uint word, A64Op* op)
    {
        op->Rd = word.Target(0);
        op->Rn = word.Source(5);
        op->Execute = (word.Bits(10, 6), word.Bit(31)) switch
        {
            (0, false) => &ReverseBits32,
            (0, true) => &ReverseBits64,
            (1, false) => &ReverseIn16<W>,
            (1, true) => &ReverseIn16<X>,
            (2, false) => &Reverse32,
            (2, true) => &ReverseIn32,
            (3, _) => &Reverse64,
            (4, false) => &CountZeros32,
            (4, true) => &CountZeros64,
            (_, false) => &CountSign32,
            (_, true) => &CountSign64,
        };
        return true;
    }

    /// <summary>PACIA, AUTIA and the like without keys: the pointer stays what it is.</summary>
    public static bool DecodePointerKept(uint word, A64Op* op)
    {
        op->Execute = &SystemInstructions.Nop;
        return true;
    }

    private static A64Handler PickVariable<T>(uint word)
        where T : struct, IWidth => word.Bits(10, 2) switch
        {
            0 => &Variable<T, Lsl>,
            1 => &Variable<T, Lsr>,
            2 => &Variable<T, Asr>,
            _ => &Variable<T, Ror>,
        };

    private static A64Op* Extract(ProcessingElement pe, A64Op* op, ulong* x)
    {
        x[op->Rd] = (x[op->Rn] >> op->Ra) & (ulong)op->Imm;
        return op + 1;
    }

    private static A64Op* Insert(ProcessingElement pe, A64Op* op, ulong* x)
    {
        x[op->Rd] = (x[op->Rn] & (ulong)op->Imm) << op->Ra;
        return op + 1;
    }

    private static A64Op* SignedExtract<T>(ProcessingElement pe, A64Op* op, ulong* x)
        where T : struct, IWidth
    {
        x[op->Rd] = T.Trim((ulong)((long)(x[op->Rn] << op->Rm) >> op->Ra));
        return op + 1;
    }

    private static A64Op* SignedInsert<T>(ProcessingElement pe, A64Op* op, ulong* x)
        where T : struct, IWidth
    {
        x[op->Rd] = T.Trim((ulong)((long)(x[op->Rn] << op->Rm) >> op->Rm << op->Ra));
        return op + 1;
    }

    private static A64Op* KeepExtract<T>(ProcessingElement pe, A64Op* op, ulong* x)
        where T : struct, IWidth
    {
        var mask = (ulong)op->Imm;
        x[op->Rd] = T.Trim((x[op->Rd] & ~mask) | ((x[op->Rn] >> op->Ra) & mask));
        return op + 1;
    }

    private static A64Op* KeepInsert<T>(ProcessingElement pe, A64Op* op, ulong* x)
        where T : struct, IWidth
    {
        var mask = (ulong)op->Imm;
        x[op->Rd] = T.Trim((x[op->Rd] & ~(mask << op->Ra)) | ((x[op->Rn] & mask) << op->Ra));
        return op + 1;
    }

    private static A64Op* ExtractPair32(ProcessingElement pe, A64Op* op, ulong* x)
    {
        x[op->Rd] = (uint)(((x[op->Rn] << 32) | (uint)x[op->Rm]) >> op->Ra);
        return op + 1;
    }

    private static A64Op* ExtractPair64(ProcessingElement pe, A64Op* op, ulong* x)
    {
        // Two shifts for the upper part, since a shift by 64 is none.
        x[op->Rd] = (x[op->Rm] >> op->Ra) | (x[op->Rn] << 1 << (63 - op->Ra));
        return op + 1;
    }

    private static A64Op* Variable<T, TShift>(ProcessingElement pe, A64Op* op, ulong* x)
        where T : struct, IWidth
        where TShift : struct, IShift
    {
        x[op->Rd] = TShift.Apply<T>(x[op->Rn], (int)x[op->Rm] & (T.Bits - 1));
        return op + 1;
    }

    private static A64Op* ReverseBits32(ProcessingElement pe, A64Op* op, ulong* x)
    {
        x[op->Rd] = ReverseBits(x[op->Rn] << 32);
        return op + 1;
    }

    private static A64Op* ReverseBits64(ProcessingElement pe, A64Op* op, ulong* x)
    {
        x[op->Rd] = ReverseBits(x[op->Rn]);
        return op + 1;
    }

    private static ulong ReverseBits(ulong value)
    {
        value = ((value >> 1) & 0x5555_5555_5555_5555) | ((value & 0x5555_5555_5555_5555) << 1);
        value = ((value >> 2) & 0x3333_3333_3333_3333) | ((value & 0x3333_3333_3333_3333) << 2);
        value = ((value >> 4) & 0x0f0f_0f0f_0f0f_0f0f) | ((value & 0x0f0f_0f0f_0f0f_0f0f) << 4);
        return BinaryPrimitives.ReverseEndianness(value);
    }

    private static A64Op* ReverseIn16<T>(ProcessingElement pe, A64Op* op, ulong* x)
        where T : struct, IWidth
    {
        var value = x[op->Rn];
        x[op->Rd] = T.Trim(((value >> 8) & 0x00ff_00ff_00ff_00ff) | ((value & 0x00ff_00ff_00ff_00ff) << 8));
        return op + 1;
    }

    private static A64Op* Reverse32(ProcessingElement pe, A64Op* op, ulong* x)
    {
        x[op->Rd] = BinaryPrimitives.ReverseEndianness((uint)x[op->Rn]);
        return op + 1;
    }

    private static A64Op* ReverseIn32(ProcessingElement pe, A64Op* op, ulong* x)
    {
        x[op->Rd] = BitOperations.RotateRight(BinaryPrimitives.ReverseEndianness(x[op->Rn]), 32);
        return op + 1;
    }

    private static A64Op* Reverse64(ProcessingElement pe, A64Op* op, ulong* x)
    {
        x[op->Rd] = BinaryPrimitives.ReverseEndianness(x[op->Rn]);
        return op + 1;
    }

    private static A64Op* CountZeros32(ProcessingElement pe, A64Op* op, ulong* x)
    {
        x[op->Rd] = (ulong)BitOperations.LeadingZeroCount((uint)x[op->Rn]);
        return op + 1;
    }

    private static A64Op* CountZeros64(ProcessingElement pe, A64Op* op, ulong* x)
    {
        x[op->Rd] = (ulong)BitOperations.LeadingZeroCount(x[op->Rn]);
        return op + 1;
    }

    private static A64Op* CountSign32(ProcessingElement pe, A64Op* op, ulong* x)
    {
        var value = (int)x[op->Rn];
        x[op->Rd] = (ulong)BitOperations.LeadingZeroCount((uint)(value ^ (value >> 31))) - 1;
        return op + 1;
    }

    private static A64Op* CountSign64(ProcessingElement pe, A64Op* op, ulong* x)
    {
        var value = (long)x[op->Rn];
        x[op->Rd] = (ulong)BitOperations.LeadingZeroCount((ulong)(value ^ (value >> 63))) - 1;
        return op + 1;
    }
}
