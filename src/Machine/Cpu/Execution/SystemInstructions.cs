using RmStack.Machine.Cpu.Decoding;

namespace RmStack.Machine.Cpu.Execution;

/// <summary>Hints, barriers, MSR (immediate), and the entry to SYS (Arm ARM C3.2.3 to C3.2.6).</summary>
internal static unsafe class SystemInstructions
{
    private const ulong SctlrUma = 1 << 9;
    private const ulong SctlrNotTrapWfi = 1 << 16;
    private const ulong SctlrNotTrapWfe = 1 << 18;

    public static bool DecodeHint(uint word, A64Op* op)
    {
        // PAuth, BTI, ESB and CSDB hints do nothing on a CPU without those features.
        op->Execute = word.Bits(5, 7) switch
        {
            2 => &Wfe,
            3 => &Wfi,
            4 => &Sev,
            5 => &Sevl,
            _ => &Nop,
        };
        return true;
    }

    public static bool DecodeClrex(uint word, A64Op* op)
    {
        op->Execute = &Clrex;
        return true;
    }

    /// <summary>DMB, DSB and ISB: everything has happened already, one instruction after the other.</summary>
    public static bool DecodeBarrier(uint word, A64Op* op)
    {
        op->Execute = &Nop;
        return true;
    }

    public static bool DecodeMsrUao(uint word, A64Op* op) => Immediate(word, op, &SetUao);

    public static bool DecodeMsrPan(uint word, A64Op* op) => Immediate(word, op, &SetPan);

    public static bool DecodeMsrSpSel(uint word, A64Op* op) => Immediate(word, op, &SetSpSel);

    public static bool DecodeMsrSsbs(uint word, A64Op* op) => Immediate(word, op, &SetSsbs);

    public static bool DecodeMsrDit(uint word, A64Op* op) => Immediate(word, op, &SetDit);

    public static bool DecodeMsrDaifSet(uint word, A64Op* op) => Immediate(word, op, &SetDaif);

    public static bool DecodeMsrDaifClr(uint word, A64Op* op) => Immediate(word, op, &ClearDaif);

    public static bool DecodeSys(uint word, A64Op* op)
    {
        op->Rd = word.Source(0);
        op->Imm = word;
        op->Execute = &Maintenance.Execute;
        return true;
    }

    public static bool DecodeSysl(uint word, A64Op* op)
    {
        op->Imm = word;
        op->Execute = &Sysl;
        return true;
    }

    /// <summary>Does nothing.</summary>
    public static A64Op* Nop(ProcessingElement pe, A64Op* op, ulong* x) => op + 1;

    private static bool Immediate(uint word, A64Op* op, A64Handler handler)
    {
        op->Imm = word.Bits(8, 4);
        op->Rd = (byte)word.Bits(5, 3);
        op->Execute = handler;
        return true;
    }

    private static A64Op* Wfi(ProcessingElement pe, A64Op* op, ulong* x)
    {
        if (pe.CpuInterface is { AnythingPending: true }) return op + 1;
        if (pe.State.EL == 0 && (pe.State.SCTLR_EL1 & SctlrNotTrapWfi) == 0) return pe.WaitTrap(op, isWfe: false);
        return pe.Exit(new CpuExit { Reason = CpuExitReason.Wfi, Syndrome = Syndrome.WaitFor(isWfe: false) }, pe.AddressOf(op) + 4);
    }

    private static A64Op* Wfe(ProcessingElement pe, A64Op* op, ulong* x)
    {
        if (pe.State.EventRegister)
        {
            pe.State.EventRegister = false;
            return op + 1;
        }

        if (pe.CpuInterface is { AnythingPending: true }) return op + 1;
        if (pe.State.EL == 0 && (pe.State.SCTLR_EL1 & SctlrNotTrapWfe) == 0) return pe.WaitTrap(op, isWfe: true);
        return pe.Exit(new CpuExit { Reason = CpuExitReason.Wfe, Syndrome = Syndrome.WaitFor(isWfe: true) }, pe.AddressOf(op) + 4);
    }

    private static A64Op* Sev(ProcessingElement pe, A64Op* op, ulong* x)
    {
        pe.State.EventRegister = true;
        pe.EventSent?.Invoke();
        return op + 1;
    }

    private static A64Op* Sevl(ProcessingElement pe, A64Op* op, ulong* x)
    {
        pe.State.EventRegister = true;
        return op + 1;
    }

    private static A64Op* Clrex(ProcessingElement pe, A64Op* op, ulong* x)
    {
        pe.ClearExclusive();
        return op + 1;
    }

    private static A64Op* SetUao(ProcessingElement pe, A64Op* op, ulong* x)
    {
        if (pe.State.EL == 0) return pe.Undefined(op);
        pe.State.UAO = (op->Imm & 1) != 0;
        return op + 1;
    }

    private static A64Op* SetPan(ProcessingElement pe, A64Op* op, ulong* x)
    {
        if (pe.State.EL == 0) return pe.Undefined(op);
        pe.State.PAN = (op->Imm & 1) != 0;
        pe.SelectRegime();
        return op + 1;
    }

    private static A64Op* SetSpSel(ProcessingElement pe, A64Op* op, ulong* x)
    {
        if (pe.State.EL == 0) return pe.Undefined(op);
        pe.State.SelectLevel(1, (int)op->Imm & 1);
        return op + 1;
    }

    private static A64Op* SetSsbs(ProcessingElement pe, A64Op* op, ulong* x)
    {
        pe.State.SSBS = (op->Imm & 1) != 0;
        return op + 1;
    }

    private static A64Op* SetDit(ProcessingElement pe, A64Op* op, ulong* x)
    {
        pe.State.DIT = (op->Imm & 1) != 0;
        return op + 1;
    }

    private static A64Op* SetDaif(ProcessingElement pe, A64Op* op, ulong* x)
    {
        if (MayNotMask(pe)) return TrapMask(pe, op);
        pe.State.Daif |= (uint)op->Imm;
        return op + 1;
    }

    private static A64Op* ClearDaif(ProcessingElement pe, A64Op* op, ulong* x)
    {
        if (MayNotMask(pe)) return TrapMask(pe, op);
        pe.State.Daif &= ~(uint)op->Imm;
        pe.Stop();
        return op + 1;
    }

    private static bool MayNotMask(ProcessingElement pe) => pe.State.EL == 0 && (pe.State.SCTLR_EL1 & SctlrUma) == 0;

    private static A64Op* TrapMask(ProcessingElement pe, A64Op* op)
    {
        var encoding = SystemEncoding.Of(0, 3, 4, (uint)op->Imm, op->Rd);
        return pe.TakeException(Syndrome.Of(Syndrome.EcSystem, Syndrome.SystemAccess(encoding, 31, read: false)), pe.AddressOf(op));
    }

    private static A64Op* Sysl(ProcessingElement pe, A64Op* op, ulong* x) => pe.UnknownSystemAccess(op, (uint)op->Imm, read: true);
}
