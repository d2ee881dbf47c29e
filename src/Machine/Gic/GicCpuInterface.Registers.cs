using static RmStack.Machine.Gic.GicRegister;

namespace RmStack.Machine.Gic;

/// <summary>The ICC_*_EL1 registers (Arm IHI 0069, 12.2; Gunyah: vgic sysregs.c).</summary>
public sealed partial class GicCpuInterface
{
    private const byte MinimumBpr0 = 2;
    private const byte MinimumBpr1 = 3;

    /// <summary>A3V, 24 INTID bits, 5 priority bits.</summary>
    private const uint ControlFixed = 0x8C00;

    /// <summary>System register interface on, no bypass.</summary>
    private const uint SystemRegisterEnable = 7;

    /// <inheritdoc/>
    public bool TryRead(uint encoding, out ulong value)
    {
        value = 0;
        switch (encoding)
        {
            case ICC_PMR_EL1: value = _priorityMask; return true;
            case ICC_RPR_EL1: value = RunningPriority; return true;
            case ICC_CTLR_EL1: value = ControlFixed | _control; return true;
            case ICC_SRE_EL1: value = SystemRegisterEnable; return true;
            case ICC_IGRPEN0_EL1: value = ReadGroupEnable(group1: false); return true;
            case ICC_IGRPEN1_EL1: value = ReadGroupEnable(group1: true); return true;
            case ICC_IAR0_EL1 or ICC_HPPIR0_EL1 or ICC_BPR0_EL1 or ICC_AP0R0_EL1: return TryReadGroup(encoding, group1: false, out value);
            case ICC_IAR1_EL1 or ICC_HPPIR1_EL1 or ICC_BPR1_EL1 or ICC_AP1R0_EL1: return TryReadGroup(encoding, group1: true, out value);
            default: return false;
        }
    }

    /// <inheritdoc/>
    public bool TryWrite(uint encoding, ulong value)
    {
        switch (encoding)
        {
            case ICC_PMR_EL1: SetPriorityMask((byte)value); return true;
            case ICC_CTLR_EL1:
                _control = (byte)(value & (ControlEoiMode | ControlCommonBpr));
                Signal();
                return true;
            case ICC_SRE_EL1: return true;
            case ICC_IGRPEN0_EL1: SetGroupEnable(group1: false, (value & 1) != 0); return true;
            case ICC_IGRPEN1_EL1: SetGroupEnable(group1: true, (value & 1) != 0); return true;
            case ICC_EOIR0_EL1: EndOfInterrupt((uint)value, group1: false); return true;
            case ICC_EOIR1_EL1: EndOfInterrupt((uint)value, group1: true); return true;
            case ICC_DIR_EL1: Deactivate((uint)value); return true;
            case ICC_SGI1R_EL1: _gic.SendSgi(Cpu, value, group1: true); return true;
            case ICC_SGI0R_EL1 or ICC_ASGI1R_EL1: _gic.SendSgi(Cpu, value, group1: false); return true;
            case ICC_BPR0_EL1 or ICC_AP0R0_EL1: WriteGroup(encoding, value, group1: false); return true;
            case ICC_BPR1_EL1 or ICC_AP1R0_EL1: WriteGroup(encoding, value, group1: true); return true;
            default: return false;
        }
    }

    private ulong ReadGroupEnable(bool group1) =>
        (_identity.GroupEnableReadsEffective ? GroupOn(group1) : StoredGroupEnable(group1)) ? 1ul : 0;

    private bool TryReadGroup(uint encoding, bool group1, out ulong value)
    {
        value = 0;
        if (_identity.DisabledGroupRegistersUndefined && !GroupOn(group1)) return false;
        value = encoding switch
        {
            ICC_IAR0_EL1 or ICC_IAR1_EL1 => Acknowledge(group1),
            ICC_HPPIR0_EL1 or ICC_HPPIR1_EL1 => _best != NoCandidate && _bestGroup1 == group1 ? (uint)_best : Spurious,
            ICC_BPR0_EL1 => _bpr0,
            ICC_BPR1_EL1 => (_control & ControlCommonBpr) != 0 ? (uint)Math.Min(_bpr0 + 1, 7) : _bpr1,
            ICC_AP0R0_EL1 => _activePriorities0,
            _ => _activePriorities1,
        };
        return true;
    }

    private void WriteGroup(uint encoding, ulong value, bool group1)
    {
        if (_identity.DisabledGroupRegistersUndefined && !GroupOn(group1)) return;
        switch (encoding)
        {
            case ICC_BPR0_EL1: _bpr0 = Math.Max((byte)(value & 7), MinimumBpr0); break;
            case ICC_BPR1_EL1:
                if ((_control & ControlCommonBpr) == 0) _bpr1 = Math.Max((byte)(value & 7), MinimumBpr1);
                break;
            case ICC_AP0R0_EL1: _activePriorities0 = (uint)value; break;
            default: _activePriorities1 = (uint)value; break;
        }

        Signal();
    }
}
