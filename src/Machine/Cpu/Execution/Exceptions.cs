using RmStack.Machine.Cpu.Decoding;

namespace RmStack.Machine.Cpu.Execution;

/// <summary>SVC, HVC, SMC, BRK, ERET, and what is undefined (Arm ARM C3.2.1).</summary>
internal static unsafe class Exceptions
{
    public static bool DecodeSvc(uint word, A64Op* op) => Immediate(word, op, &Svc);

    public static bool DecodeHvc(uint word, A64Op* op) => Immediate(word, op, &Hvc);

    public static bool DecodeSmc(uint word, A64Op* op) => Immediate(word, op, &Smc);

    public static bool DecodeBrk(uint word, A64Op* op) => Immediate(word, op, &Brk);

    /// <summary>HLT without a debugger, DCPS1 to 3 and DRPS outside Debug state, UDF: allocated, and undefined.</summary>
    public static bool DecodeUndefined(uint word, A64Op* op) => Immediate(word, op, &Undefined);

    public static bool DecodeEret(uint word, A64Op* op)
    {
        op->Execute = &Eret;
        return true;
    }

    /// <summary>Takes an Undefined exception.</summary>
    public static A64Op* Undefined(ProcessingElement pe, A64Op* op, ulong* x) => pe.Undefined(op);

    private static bool Immediate(uint word, A64Op* op, A64Handler handler)
    {
        op->Imm = word.Bits(5, 16);
        op->Execute = handler;
        return true;
    }

    private static A64Op* Svc(ProcessingElement pe, A64Op* op, ulong* x)
    {
        pe.EndStepAtNext();
        return pe.TakeException(Syndrome.Of(Syndrome.EcSvc, (uint)op->Imm), pe.AddressOf(op) + 4);
    }

    private static A64Op* Brk(ProcessingElement pe, A64Op* op, ulong* x) =>
        pe.TakeException(Syndrome.Of(Syndrome.EcBrk, (uint)op->Imm), pe.AddressOf(op));

    private static A64Op* Hvc(ProcessingElement pe, A64Op* op, ulong* x)
    {
        if (pe.State.EL == 0) return pe.Undefined(op);
        var exit = new CpuExit { Reason = CpuExitReason.Hvc, Syndrome = Syndrome.Of(Syndrome.EcHvc, (uint)op->Imm) };
        return pe.Exit(exit, pe.AddressOf(op) + 4);
    }

    private static A64Op* Smc(ProcessingElement pe, A64Op* op, ulong* x)
    {
        if (pe.State.EL == 0) return pe.Undefined(op);
        var exit = new CpuExit { Reason = CpuExitReason.Smc, Syndrome = Syndrome.Of(Syndrome.EcSmc, (uint)op->Imm) };
        return pe.Exit(exit, pe.AddressOf(op));
    }

    private static A64Op* Eret(ProcessingElement pe, A64Op* op, ulong* x) =>
        pe.State.EL == 0 ? pe.Undefined(op) : pe.ReturnFromException();
}
