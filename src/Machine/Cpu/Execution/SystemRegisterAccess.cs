using RmStack.Machine.Cpu.Decoding;
using RmStack.Machine.Time;

namespace RmStack.Machine.Cpu.Execution;

/// <summary>MRS and MSR (Arm ARM C3.2.3, D24).</summary>
internal static unsafe class SystemRegisterAccess
{
    private const ulong SctlrUma = 1 << 9;
    private const ulong SctlrUct = 1 << 15;

    public static bool DecodeMrs(uint word, A64Op* op)
    {
        op->Rd = word.Target(0);
        op->Imm = word;
        op->Execute = SystemEncoding.FromWord(word) switch
        {
            // What a kernel reads all the time: its per-CPU base and the current task.
            var e when e == TpidrEl1 => &ReadTpidrEl1,
            var e when e == SpEl0 => &ReadSpEl0,
            _ => &Read,
        };
        return true;
    }

    public static bool DecodeMsr(uint word, A64Op* op)
    {
        op->Rd = word.Source(0);
        op->Imm = word;
        op->Execute = &Write;
        return true;
    }

    private static uint TpidrEl1 => SystemEncoding.Of(3, 0, 13, 0, 4);

    private static uint SpEl0 => SystemEncoding.Of(3, 0, 4, 1, 0);

    private static A64Op* ReadTpidrEl1(ProcessingElement pe, A64Op* op, ulong* x)
    {
        if (pe.State.EL == 0) return pe.Undefined(op);
        x[op->Rd] = pe.State.System[(int)SystemRegister.TPIDR_EL1];
        return op + 1;
    }

    private static A64Op* ReadSpEl0(ProcessingElement pe, A64Op* op, ulong* x)
    {
        if (pe.State.SPSel == 0) return pe.Undefined(op);
        x[op->Rd] = pe.State.System[(int)SystemRegister.SP_EL0];
        return op + 1;
    }

    private static A64Op* Read(ProcessingElement pe, A64Op* op, ulong* x)
    {
        var word = (uint)op->Imm;
        var encoding = SystemEncoding.FromWord(word);
        ulong value;
        if (IsTimer(encoding))
        {
            if (!MayUseTimer(pe, encoding)) return pe.TrapSystemAccess(op, encoding, word.Bits(0, 5), read: true);
            pe.AccountTime();
            if (pe.Timer is not { } timer || !timer.TryRead(encoding, out value))
            {
                if (!TryReadCounter(pe, encoding, out value)) return pe.UnknownSystemAccess(op, word, read: true);
            }

            x[op->Rd] = value;
            return op + 1;
        }

        if (IsGic(encoding))
        {
            if (pe.State.EL == 0) return pe.Undefined(op);
            pe.AccountTime();
            if (pe.CpuInterface is not { } gic || !gic.TryRead(encoding, out value)) return pe.UnknownSystemAccess(op, word, read: true);
            x[op->Rd] = value;
            pe.Stop();
            return op + 1;
        }

        if (SystemRegisterTable.Find(encoding, pe.Model) is not { } entry)
        {
            if (!IsIdSpace(encoding)) return pe.UnknownSystemAccess(op, word, read: true);
            if (pe.State.EL == 1 && IsFeatureId(encoding))
            {
                x[op->Rd] = pe.Model.IdRegisters.GetValueOrDefault(encoding);
                return op + 1;
            }

            return pe.Model.Has(CpuFeatures.Idst) ? pe.TrapSystemAccess(op, encoding, word.Bits(0, 5), read: true) : pe.Undefined(op);
        }

        if (pe.State.EL == 0 && !entry.Access.HasFlag(RegisterAccess.UserRead))
        {
            return IsIdSpace(encoding) && pe.Model.Has(CpuFeatures.Idst)
                ? pe.TrapSystemAccess(op, encoding, word.Bits(0, 5), read: true)
                : pe.Undefined(op);
        }

        if (!entry.Access.HasFlag(RegisterAccess.Read)) return pe.UnknownSystemAccess(op, word, read: true);
        if (IsTrappedFromUser(pe, entry.Kind)) return pe.TrapSystemAccess(op, encoding, word.Bits(0, 5), read: true);
        var state = pe.State;
        switch (entry.Kind)
        {
            case RegisterKind.Storage or RegisterKind.Translation or RegisterKind.Debug:
                value = state[entry.Place];
                break;
            case RegisterKind.FloatingPoint:
                if (FloatingPoint.IsTrapped(pe)) return FloatingPoint.Trap(pe, op);
                value = state[entry.Place];
                break;
            case RegisterKind.SpEl0:
                if (state.SPSel == 0) return pe.Undefined(op);
                value = state.SP_EL0;
                break;
            case RegisterKind.Random:
                value = pe.NextRandom();
                state.Nzcv = 0;
                break;
            default:
                value = Value(pe, entry.Kind);
                break;
        }

        x[op->Rd] = value;
        return op + 1;
    }

    private static A64Op* Write(ProcessingElement pe, A64Op* op, ulong* x)
    {
        var word = (uint)op->Imm;
        var encoding = SystemEncoding.FromWord(word);
        var value = x[op->Rd];
        if (IsTimer(encoding))
        {
            if (!MayUseTimer(pe, encoding)) return pe.TrapSystemAccess(op, encoding, word.Bits(0, 5), read: false);
            pe.AccountTime();
            if (pe.Timer is not { } timer || !timer.TryWrite(encoding, value)) return pe.UnknownSystemAccess(op, word, read: false);
            pe.Stop();
            return op + 1;
        }

        if (IsGic(encoding))
        {
            if (pe.State.EL == 0) return pe.Undefined(op);
            pe.AccountTime();
            if (pe.CpuInterface is not { } gic || !gic.TryWrite(encoding, value)) return pe.UnknownSystemAccess(op, word, read: false);
            pe.Stop();
            return op + 1;
        }

        if (SystemRegisterTable.Find(encoding, pe.Model) is not { } entry)
            return IsIdSpace(encoding) ? pe.Undefined(op) : pe.UnknownSystemAccess(op, word, read: false);
        if (pe.State.EL == 0 && !entry.Access.HasFlag(RegisterAccess.UserWrite)) return pe.Undefined(op);
        if (!entry.Access.HasFlag(RegisterAccess.Write)) return pe.Undefined(op);
        if (IsTrappedFromUser(pe, entry.Kind)) return pe.TrapSystemAccess(op, encoding, word.Bits(0, 5), read: false);
        return Write(pe, op, entry, value);
    }

    private static A64Op* Write(ProcessingElement pe, A64Op* op, RegisterEntry entry, ulong value)
    {
        var state = pe.State;
        switch (entry.Kind)
        {
            case RegisterKind.Storage:
                state[entry.Place] = value & entry.Writable;
                break;
            case RegisterKind.Translation:
                if (state[entry.Place] == value) break;
                state[entry.Place] = value;
                pe.TranslationChanged();
                return pe.Resynchronise(op);
            case RegisterKind.FloatingPoint:
                if (FloatingPoint.IsTrapped(pe)) return FloatingPoint.Trap(pe, op);
                state[entry.Place] = value & entry.Writable;
                break;
            case RegisterKind.SpEl0:
                if (state.SPSel == 0) return pe.Undefined(op);
                state.SP_EL0 = value;
                break;
            case RegisterKind.SpSel:
                state.SelectLevel(1, (int)value & 1);
                break;
            case RegisterKind.Pan:
                state.PAN = (value & PState.Pan) != 0;
                pe.SelectRegime();
                break;
            case RegisterKind.Uao:
                state.UAO = (value & PState.Uao) != 0;
                break;
            case RegisterKind.Dit:
                state.DIT = (value & PState.Dit) != 0;
                break;
            case RegisterKind.Ssbs:
                state.SSBS = (value & PState.Ssbs) != 0;
                break;
            case RegisterKind.Nzcv:
                state.Nzcv = (uint)value >> PState.NzcvShift;
                break;
            case RegisterKind.Daif:
                state.Daif = (uint)value >> PState.DaifShift & 15;
                pe.Stop();
                break;
            case RegisterKind.Debug:
                state[entry.Place] = value & entry.Writable;
                pe.Stop();
                break;
            case RegisterKind.OsLockAccess:
                if (pe.Model.HasOsLock) state[SystemRegister.OSLSR_EL1] = 8 | ((value & 1) << 1);
                break;
            default:
                break; // Reads as zero, ignores writes.
        }

        return op + 1;
    }

    private static ulong Value(ProcessingElement pe, RegisterKind kind)
    {
        var state = pe.State;
        return kind switch
        {
            RegisterKind.Midr => pe.Model.Midr,
            RegisterKind.Mpidr => pe.Mpidr,
            RegisterKind.Revidr => pe.Model.Revidr,
            RegisterKind.Clidr => pe.Model.Clidr,
            RegisterKind.Ccsidr => state.CSSELR_EL1 < (ulong)pe.Model.Ccsidr.Count ? pe.Model.Ccsidr[(int)state.CSSELR_EL1] : 0,
            RegisterKind.Ctr => pe.Model.Ctr,
            RegisterKind.DcZid => pe.Model.DcZid | (state.EL == 0 && (state.SCTLR_EL1 >> 14 & 1) == 0 ? 16u : 0),
            RegisterKind.Isr => pe.CpuInterface is { } gic ? (gic.IrqPending ? 0x80u : 0) | (gic.FiqPending ? 0x40u : 0) : 0,
            RegisterKind.SpSel => (ulong)state.SPSel,
            RegisterKind.CurrentEl => (ulong)state.EL << 2,
            RegisterKind.Pan => state.PAN ? PState.Pan : 0,
            RegisterKind.Uao => state.UAO ? PState.Uao : 0,
            RegisterKind.Dit => state.DIT ? PState.Dit : 0,
            RegisterKind.Ssbs => state.SSBS ? PState.Ssbs : 0,
            RegisterKind.Nzcv => state.Nzcv << PState.NzcvShift,
            RegisterKind.Daif => state.Daif << PState.DaifShift,
            _ => 0,
        };
    }

    private static bool IsTrappedFromUser(ProcessingElement pe, RegisterKind kind) => pe.State.EL == 0 && kind switch
    {
        RegisterKind.Ctr => (pe.State.SCTLR_EL1 & SctlrUct) == 0,
        RegisterKind.Daif => (pe.State.SCTLR_EL1 & SctlrUma) == 0,
        _ => false,
    };

    /// <summary>op0=3, CRn=0, and op1 0, 1 or 3.</summary>
    private static bool IsIdSpace(uint encoding) => encoding >> 14 == 3 && (encoding >> 11 & 7) is 0 or 1 or 3 && (encoding >> 7 & 15) == 0;

    /// <summary>op0=3, op1=0, CRn=0, CRm 1 to 7.</summary>
    private static bool IsFeatureId(uint encoding) => encoding >> 7 == SystemEncoding.Of(3, 0, 0, 0, 0) >> 7 && (encoding >> 3 & 15) is >= 1 and <= 7;

    /// <summary>ICC_PMR_EL1, and CRn=12 with CRm 8 to 12.</summary>
    private static bool IsGic(uint encoding) =>
        encoding == SystemEncoding.Of(3, 0, 4, 6, 0)
        || (encoding >> 7 == SystemEncoding.Of(3, 0, 12, 0, 0) >> 7 && (encoding >> 3 & 15) is >= 8 and <= 12);

    /// <summary>op0=3, op1=3, CRn=14, CRm 0, 2 and 3.</summary>
    private static bool IsTimer(uint encoding) =>
        encoding >> 7 == SystemEncoding.Of(3, 3, 14, 0, 0) >> 7 && (encoding >> 3 & 15) is 0 or 2 or 3;

    private static bool MayUseTimer(ProcessingElement pe, uint encoding)
    {
        if (pe.State.EL != 0) return true;
        ulong physicalCounter = 1, virtualCounter = 2, virtualTimer = 1 << 8, physicalTimer = 1 << 9;
        var needed = (encoding >> 3 & 15, encoding & 7) switch
        {
            (0, 0) => physicalCounter | virtualCounter,
            (0, 1) => physicalCounter,
            (0, _) => virtualCounter,
            (2, _) => physicalTimer,
            _ => virtualTimer,
        };
        return (pe.State.CNTKCTL_EL1 & needed) != 0;
    }

    private static bool TryReadCounter(ProcessingElement pe, uint encoding, out ulong value)
    {
        value = (encoding >> 3 & 15, encoding & 7) switch
        {
            (0, 0) => (ulong)VirtualClock.Frequency,
            (0, 1 or 2) => pe.Clock.Now,
            _ => ulong.MaxValue,
        };
        return (encoding >> 3 & 15) == 0 && (encoding & 7) <= 2;
    }
}
