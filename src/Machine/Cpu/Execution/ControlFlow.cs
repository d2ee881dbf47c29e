using RmStack.Machine.Cpu.Decoding;
using RmStack.Machine.Memory;

namespace RmStack.Machine.Cpu.Execution;

/// <summary>Branches (Arm ARM C3.2). One whose target is in the same page is a jump among decoded operations. HOT.</summary>
internal static unsafe class ControlFlow
{
    public static bool DecodeBranch(uint word, A64Op* op)
    {
        var near = Aim(op, word.Signed(0, 26) * 4);
        if (word.Bit(31)) op->Execute = near ? &CallNear : &CallFar;
        else op->Execute = near ? &BranchNear : &BranchFar;
        return true;
    }

    public static bool DecodeConditional(uint word, A64Op* op)
    {
        var near = Aim(op, word.Signed(5, 19) * 4);
        op->Aux = Word.Condition(word.Bits(0, 4));
        op->Execute = near ? &ConditionalNear : &ConditionalFar;
        return true;
    }

    public static bool DecodeCompare(uint word, A64Op* op)
    {
        var near = Aim(op, word.Signed(5, 19) * 4);
        op->Rn = word.Source(0);
        op->Execute = (word.Bit(31), word.Bit(24)) switch
        {
            (false, false) => near ? &ZeroNear<W> : &ZeroFar<W>,
            (false, true) => near ? &NotZeroNear<W> : &NotZeroFar<W>,
            (true, false) => near ? &ZeroNear<X> : &ZeroFar<X>,
            (true, true) => near ? &NotZeroNear<X> : &NotZeroFar<X>,
        };
        return true;
    }

    public static bool DecodeTest(uint word, A64Op* op)
    {
        var near = Aim(op, word.Signed(5, 14) * 4);
        op->Rn = word.Source(0);
        op->Ra = (byte)((word.Bits(31, 1) << 5) | word.Bits(19, 5));
        if (word.Bit(24)) op->Execute = near ? &SetNear : &SetFar;
        else op->Execute = near ? &ClearNear : &ClearFar;
        return true;
    }

    public static bool DecodeRegister(uint word, A64Op* op)
    {
        op->Rn = word.Source(5);
        op->Execute = word.Bits(21, 2) == 1 ? &CallRegister : &BranchRegister;
        return true;
    }

    /// <summary>RETAA and RETAB: always by the link register, whose authentication is off.</summary>
    public static bool DecodeReturn(uint word, A64Op* op)
    {
        op->Rn = Slot.Lr;
        op->Execute = &BranchRegister;
        return true;
    }

    /// <summary>Puts the distance of a branch into Imm: bytes of decoded code when near, bytes from the start of the page when far.</summary>
    private static bool Aim(A64Op* op, long distance)
    {
        var target = op->Offset + distance;
        var near = target is >= 0 and < PhysicalMemory.PageSize;
        op->Imm = near ? distance / 4 * sizeof(A64Op) : target;
        return near;
    }

    private static A64Op* Near(A64Op* op) => (A64Op*)((byte*)op + op->Imm);

    private static A64Op* Far(ProcessingElement pe, A64Op* op) => pe.Goto(pe.PageOfCode + (ulong)op->Imm);

    private static A64Op* BranchNear(ProcessingElement pe, A64Op* op, ulong* x) => Near(op);

    private static A64Op* BranchFar(ProcessingElement pe, A64Op* op, ulong* x) => Far(pe, op);

    private static A64Op* CallNear(ProcessingElement pe, A64Op* op, ulong* x)
    {
        x[Slot.Lr] = pe.AddressOf(op) + 4;
        return Near(op);
    }

    private static A64Op* CallFar(ProcessingElement pe, A64Op* op, ulong* x)
    {
        x[Slot.Lr] = pe.AddressOf(op) + 4;
        return Far(pe, op);
    }

    private static A64Op* ConditionalNear(ProcessingElement pe, A64Op* op, ulong* x) =>
        ((op->Aux >> (int)x[Slot.Nzcv]) & 1) != 0 ? Near(op) : op + 1;

    private static A64Op* ConditionalFar(ProcessingElement pe, A64Op* op, ulong* x) =>
        ((op->Aux >> (int)x[Slot.Nzcv]) & 1) != 0 ? Far(pe, op) : op + 1;

    private static A64Op* ZeroNear<T>(ProcessingElement pe, A64Op* op, ulong* x)
        where T : struct, IWidth => T.Trim(x[op->Rn]) == 0 ? Near(op) : op + 1;

    private static A64Op* ZeroFar<T>(ProcessingElement pe, A64Op* op, ulong* x)
        where T : struct, IWidth => T.Trim(x[op->Rn]) == 0 ? Far(pe, op) : op + 1;

    private static A64Op* NotZeroNear<T>(ProcessingElement pe, A64Op* op, ulong* x)
        where T : struct, IWidth => T.Trim(x[op->Rn]) != 0 ? Near(op) : op + 1;

    private static A64Op* NotZeroFar<T>(ProcessingElement pe, A64Op* op, ulong* x)
        where T : struct, IWidth => T.Trim(x[op->Rn]) != 0 ? Far(pe, op) : op + 1;

    private static A64Op* SetNear(ProcessingElement pe, A64Op* op, ulong* x) => ((x[op->Rn] >> op->Ra) & 1) != 0 ? Near(op) : op + 1;

    private static A64Op* SetFar(ProcessingElement pe, A64Op* op, ulong* x) => ((x[op->Rn] >> op->Ra) & 1) != 0 ? Far(pe, op) : op + 1;

    private static A64Op* ClearNear(ProcessingElement pe, A64Op* op, ulong* x) => ((x[op->Rn] >> op->Ra) & 1) == 0 ? Near(op) : op + 1;

    private static A64Op* ClearFar(ProcessingElement pe, A64Op* op, ulong* x) => ((x[op->Rn] >> op->Ra) & 1) == 0 ? Far(pe, op) : op + 1;

    private static A64Op* BranchRegister(ProcessingElement pe, A64Op* op, ulong* x) => pe.Goto(x[op->Rn]);

    private static A64Op* CallRegister(ProcessingElement pe, A64Op* op, ulong* x)
    {
        var target = x[op->Rn];
        x[Slot.Lr] = pe.AddressOf(op) + 4;
        return pe.Goto(target);
    }
}
