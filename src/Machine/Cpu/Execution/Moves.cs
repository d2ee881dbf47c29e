using RmStack.Machine.Cpu.Decoding;

namespace RmStack.Machine.Cpu.Execution;

/// <summary>MOVN, MOVZ, MOVK, ADR and ADRP (Arm ARM C3.5.3, C3.5.5). HOT.</summary>
internal static unsafe class Moves
{
    public static bool DecodeWide(uint word, A64Op* op)
    {
        var shift = 16 * (int)word.Bits(21, 2);
        if (!word.Bit(31) && shift >= 32) return false;
        var immediate = (ulong)word.Bits(5, 16) << shift;
        op->Rd = word.Target(0);
        op->Ra = (byte)shift;
        switch (word.Bits(29, 2))
        {
            case 0:
                op->Imm = (long)(word.Bit(31) ? ~immediate : (uint)~immediate);
                op->Execute = &Constant;
                break;
            case 2:
                op->Imm = (long)immediate;
                op->Execute = &Constant;
                break;
            default:
                op->Imm = (long)immediate;
                op->Execute = word.Bit(31) ? &Keep<X> : &Keep<W>;
                break;
        }

        return true;
    }

    public static bool DecodeAdr(uint word, A64Op* op)
    {
        op->Rd = word.Target(0);
        op->Imm = op->Offset + ((word.Signed(5, 19) << 2) | word.Bits(29, 2));
        op->Execute = &PageRelative;
        return true;
    }

    public static bool DecodeAdrp(uint word, A64Op* op)
    {
        op->Rd = word.Target(0);
        op->Imm = ((word.Signed(5, 19) << 2) | word.Bits(29, 2)) << 12;
        op->Execute = &PageRelative;
        return true;
    }

    /// <summary>Writes a constant.</summary>
    public static A64Op* Constant(ProcessingElement pe, A64Op* op, ulong* x)
    {
        x[op->Rd] = (ulong)op->Imm;
        return op + 1;
    }

    private static A64Op* Keep<T>(ProcessingElement pe, A64Op* op, ulong* x)
        where T : struct, IWidth
    {
        x[op->Rd] = T.Trim((x[op->Rd] & ~(0xffffUL << op->Ra)) | (ulong)op->Imm);
        return op + 1;
    }

    private static A64Op* PageRelative(ProcessingElement pe, A64Op* op, ulong* x)
    {
        x[op->Rd] = pe.PageOfCode + (ulong)op->Imm;
        return op + 1;
    }
}
