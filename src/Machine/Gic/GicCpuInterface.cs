using System.Numerics;
using RmStack.Machine.Cpu;

namespace RmStack.Machine.Gic;

/// <summary>
/// The CPU interface of one CPU: which interrupt it is signalled, and the acknowledge, priority drop and deactivation
/// that answer it (Arm IHI 0069, 4.8). Five priority bits, hence one word of active priorities per group. HOT:
/// <see cref="IrqPending"/> and <see cref="FiqPending"/> are kept up to date by whatever changes them.
/// </summary>
public sealed partial class GicCpuInterface : ICpuInterface
{
    /// <summary>What an acknowledge returns when there is nothing to acknowledge.</summary>
    public const uint Spurious = 1023;

    private const byte IdlePriority = 0xFF;
    private const int NoCandidate = -1;
    private const uint ControlEoiMode = 2;
    private const uint ControlCommonBpr = 1;

    private readonly GicV3 _gic;
    private readonly GicIdentity _identity;
    private readonly ulong[] _candidates = new ulong[16];
    private InterruptTable _table = null!;

    private int _best = NoCandidate;
    private byte _bestPriority = IdlePriority;
    private bool _bestGroup1;
    private bool _unseen;

    private byte _priorityMask;
    private byte _control;
    private byte _bpr0 = MinimumBpr0;
    private byte _bpr1 = MinimumBpr1;
    private uint _activePriorities0;
    private uint _activePriorities1;
    private byte _groupEnables;

    internal GicCpuInterface(GicV3 gic, GicIdentity identity, int cpu)
    {
        _gic = gic;
        _identity = identity;
        Cpu = cpu;
    }

    /// <summary>Index of the CPU it belongs to.</summary>
    public int Cpu { get; }

    /// <summary>A group-1 interrupt is enabled, unmasked by PMR and preempts what is active.</summary>
    public bool IrqPending { get; private set; }

    /// <summary>A group-0 interrupt is enabled, unmasked by PMR and preempts what is active.</summary>
    public bool FiqPending { get; private set; }

    /// <summary>What ends a WFI: any signalled interrupt, whatever PSTATE says.</summary>
    public bool AnythingPending => IrqPending | FiqPending;

    /// <summary>Something is deliverable here, PMR and active priorities set aside.</summary>
    internal bool HasCandidate => _best != NoCandidate;

    /// <summary>Something became deliverable since the last <see cref="BeginWait"/>, unannounced, and still is.</summary>
    internal bool HasUnseenCandidate => _unseen && HasCandidate;

    /// <summary>Acknowledges the interrupt signalled as IRQ (ICC_IAR1_EL1).</summary>
    /// <returns>Its INTID, or <see cref="Spurious"/>.</returns>
    public uint AcknowledgeGroup1() => Acknowledge(group1: true);

    /// <summary>Drops its priority and, unless EOImode is 1, deactivates it (ICC_EOIR1_EL1).</summary>
    public void EndOfInterruptGroup1(uint intid) => EndOfInterrupt(intid, group1: true);

    /// <summary>Only interrupts of a numerically lower priority are signalled; five bits are kept (ICC_PMR_EL1).</summary>
    public void SetPriorityMask(byte mask)
    {
        _priorityMask = (byte)(mask & 0xF8);
        Signal();
    }

    /// <summary>Switches group 1 of this CPU on or off (ICC_IGRPEN1_EL1).</summary>
    public void EnableGroup1(bool on) => SetGroupEnable(group1: true, on);

    internal void Attach(InterruptTable table) => _table = table;

    internal void BeginWait() => _unseen = false;

    /// <summary>The enable bit as written, whatever GICD_CTLR says.</summary>
    internal bool StoredGroupEnable(bool group1) => (_groupEnables & (group1 ? 2 : 1)) != 0;

    internal bool GroupOn(bool group1) => StoredGroupEnable(group1) && _table.DistributorGroupOn(group1);

    /// <summary>An interrupt is deliverable here, or its priority or group may have changed.</summary>
    internal void Offer(int intid, byte priority, bool group1, bool isNew)
    {
        _candidates[intid >> 6] |= 1ul << (intid & 63);
        if (intid == _best && priority > _bestPriority)
        {
            Rescan();
        }
        else if (intid == _best || priority < _bestPriority || (priority == _bestPriority && intid < _best))
        {
            _best = intid;
            _bestPriority = priority;
            _bestGroup1 = group1;
            Signal();
        }

        if (isNew && !_gic.Announce(Cpu)) _unseen = true;
    }

    /// <summary>An interrupt is no longer deliverable here.</summary>
    internal void Withdraw(int intid)
    {
        _candidates[intid >> 6] &= ~(1ul << (intid & 63));
        if (intid == _best) Rescan();
    }

    internal void Reset(bool groupsOnly)
    {
        if (!groupsOnly)
        {
            _priorityMask = 0;
            _control = 0;
            _bpr0 = MinimumBpr0;
            _bpr1 = MinimumBpr1;
            _activePriorities0 = 0;
            _activePriorities1 = 0;
        }

        _groupEnables = 0;
        _table.GroupsChanged(Cpu);
        Signal();
    }

    private void SetGroupEnable(bool group1, bool on)
    {
        if (StoredGroupEnable(group1) == on) return;
        _groupEnables ^= (byte)(group1 ? 2 : 1);
        _table.GroupsChanged(Cpu);
    }

    private void Rescan()
    {
        _best = NoCandidate;
        _bestPriority = IdlePriority;
        for (var word = 0; word < _candidates.Length; word++)
        {
            for (var bits = _candidates[word]; bits != 0; bits &= bits - 1)
            {
                var intid = word * 64 + BitOperations.TrailingZeroCount(bits);
                var priority = _table.CandidatePriority(Cpu, intid);
                if (priority >= _bestPriority) continue;
                _best = intid;
                _bestPriority = priority;
            }
        }

        if (_best != NoCandidate) _bestGroup1 = _table.At(Cpu, _best).Has(InterruptFlags.Group1);
        Signal();
    }

    /// <summary>Works out what is signalled to the CPU.</summary>
    private void Signal()
    {
        var signalled = _best != NoCandidate && _bestPriority < _priorityMask && Preempts();
        IrqPending = signalled && _bestGroup1;
        FiqPending = signalled && !_bestGroup1;
    }

    private bool Preempts()
    {
        var running = RunningPriority;
        if (running == IdlePriority) return true;
        var mask = GroupPriorityMask(_bestGroup1);
        return (_bestPriority & mask) < (running & mask);
    }

    /// <summary>ICC_RPR_EL1: group priority of the most urgent active interrupt.</summary>
    private byte RunningPriority
    {
        get
        {
            var active = _activePriorities0 | _activePriorities1;
            return active == 0 ? IdlePriority : (byte)(BitOperations.TrailingZeroCount(active) << 3);
        }
    }

    private int GroupPriorityMask(bool group1)
    {
        var bits = group1 && (_control & ControlCommonBpr) == 0 ? _bpr1 : _bpr0 + 1;
        return 0xFF << bits & 0xFF;
    }

    private uint Acknowledge(bool group1)
    {
        if (group1 ? !IrqPending : !FiqPending) return Spurious;
        var intid = _best;
        var bit = 1u << ((_bestPriority & GroupPriorityMask(group1)) >> 3);
        if (group1) _activePriorities1 |= bit;
        else _activePriorities0 |= bit;
        _table.Acknowledge(Cpu, intid);
        Signal();
        return (uint)intid;
    }

    private void EndOfInterrupt(uint value, bool group1)
    {
        var intid = value & 0xFF_FFFF;
        if (intid >= (uint)_table.IntidLimit || (_activePriorities0 | _activePriorities1) == 0) return;
        if (_identity.DisabledGroupRegistersUndefined && !GroupOn(group1)) return;
        var lowest0 = BitOperations.TrailingZeroCount(_activePriorities0);
        var lowest1 = BitOperations.TrailingZeroCount(_activePriorities1);
        var dropsGroup1 = lowest1 < lowest0;
        if (!_identity.UsesListRegisters && dropsGroup1 != group1) return;
        if (dropsGroup1) _activePriorities1 &= _activePriorities1 - 1;
        else _activePriorities0 &= _activePriorities0 - 1;
        var dropped = Math.Min(lowest0, lowest1) << 3;
        if ((_control & ControlEoiMode) == 0 && MatchesDrop((int)intid, group1, dropped)) _table.Deactivate(Cpu, (int)intid);
        Signal();
    }

    /// <summary>With list registers an EOI deactivates only what has the group and the priority that were dropped (Arm IHI 0069, ICV_EOIR1_EL1).</summary>
    private bool MatchesDrop(int intid, bool group1, int dropped)
    {
        if (!_identity.UsesListRegisters) return true;
        if (!_table.MayDeactivate(Cpu, intid)) return false;
        ref var s = ref _table.At(Cpu, intid);
        return !s.Has(InterruptFlags.Listed) || (s.Has(InterruptFlags.Group1) == group1 && (s.HeldPriority & GroupPriorityMask(group1)) == dropped);
    }

    private void Deactivate(uint value)
    {
        var intid = value & 0xFF_FFFF;
        if ((_control & ControlEoiMode) == 0 || intid >= (uint)_table.IntidLimit) return;
        if (_identity.UsesListRegisters && !_table.MayDeactivate(Cpu, (int)intid)) return;
        _table.Deactivate(Cpu, (int)intid);
    }
}
