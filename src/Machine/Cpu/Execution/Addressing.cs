using System.Runtime.CompilerServices;
using RmStack.Machine.Cpu.Decoding;

namespace RmStack.Machine.Cpu.Execution;

/// <summary>How a load or store finds its address (Arm ARM C1.3.3).</summary>
internal unsafe interface IAddressing
{
    /// <summary>The address.</summary>
    static abstract ulong Address(ProcessingElement pe, A64Op* op, ulong* x);

    /// <summary>Changes the base, once the access has succeeded.</summary>
    static abstract void WriteBack(A64Op* op, ulong* x);
}

/// <summary>Base plus immediate.</summary>
internal readonly unsafe struct AtOffset : IAddressing
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Address(ProcessingElement pe, A64Op* op, ulong* x) => x[op->Rn] + (ulong)op->Imm;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteBack(A64Op* op, ulong* x)
    {
    }
}

/// <summary>Base plus immediate, which the base then is.</summary>
internal readonly unsafe struct PreIndexed : IAddressing
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Address(ProcessingElement pe, A64Op* op, ulong* x) => x[op->Rn] + (ulong)op->Imm;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteBack(A64Op* op, ulong* x) => x[op->Rn] += (ulong)op->Imm;
}

/// <summary>Base, to which the immediate is then added.</summary>
internal readonly unsafe struct PostIndexed : IAddressing
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Address(ProcessingElement pe, A64Op* op, ulong* x) => x[op->Rn];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteBack(A64Op* op, ulong* x) => x[op->Rn] += (ulong)op->Imm;
}

/// <summary>Base plus an extended and shifted register.</summary>
internal readonly unsafe struct Indexed<TExtend> : IAddressing
    where TExtend : struct, IExtend
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Address(ProcessingElement pe, A64Op* op, ulong* x) => x[op->Rn] + (TExtend.Apply(x[op->Rm]) << op->Ra);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteBack(A64Op* op, ulong* x)
    {
    }
}

/// <summary>Relative to the instruction.</summary>
internal readonly unsafe struct Literal : IAddressing
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Address(ProcessingElement pe, A64Op* op, ulong* x) => pe.PageOfCode + (ulong)op->Imm;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteBack(A64Op* op, ulong* x)
    {
    }
}
