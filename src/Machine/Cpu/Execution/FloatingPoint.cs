using RmStack.Machine.Cpu.Decoding;

namespace RmStack.Machine.Cpu.Execution;

/// <summary>
/// Floating point and SIMD: the access is checked against CPACR_EL1.FPEN, and trapped as the architecture has it; past
/// that check nothing is allocated yet, so a guest that enables them meets Undefined.
/// </summary>
internal static unsafe class FloatingPoint
{
    private const uint ConditionAlways = 0x1e0_0000;

    public static bool DecodeAny(uint word, A64Op* op)
    {
        op->Execute = &Any;
        return true;
    }

    /// <summary>True when CPACR_EL1 keeps the present exception level from floating point and SIMD.</summary>
    public static bool IsTrapped(ProcessingElement pe) => (pe.State.CPACR_EL1 >> 20 & 3) switch
    {
        1 => pe.State.EL == 0,
        3 => false,
        _ => true,
    };

    /// <summary>Takes the exception of a trapped access.</summary>
    public static A64Op* Trap(ProcessingElement pe, A64Op* op) =>
        pe.TakeException(Syndrome.Of(Syndrome.EcFpSimd, ConditionAlways), pe.AddressOf(op));

    private static A64Op* Any(ProcessingElement pe, A64Op* op, ulong* x) => IsTrapped(pe) ? Trap(pe, op) : pe.Undefined(op);
}
