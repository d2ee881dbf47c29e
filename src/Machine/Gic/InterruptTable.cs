using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace RmStack.Machine.Gic;

/// <summary>
/// The state machine of every interrupt of one controller, and to whom each may be delivered now. HOT: nothing here
/// allocates. Everything that can change an answer ends in <see cref="Settle"/>.
/// </summary>
/// <remarks>
/// Two ways of delivery share it. Plain hardware: pending and active live in one place (Arm IHI 0069, 4.1). Through list
/// registers, as under Gunyah: a deliverable interrupt is moved into a list register, and what the source did meanwhile
/// counts when the list register is given up. See <see cref="GicIdentity.UsesListRegisters"/>.
/// </remarks>
internal sealed partial class InterruptTable
{
    /// <summary>INTIDs that belong to one CPU: SGIs and PPIs.</summary>
    public const int PrivateCount = 32;

    private readonly GicIdentity _identity;
    private readonly bool _lists;
    private readonly InterruptState[] _private;
    private readonly InterruptState[] _shared;
    private readonly GicCpuInterface[] _cpus;
    private uint _groupEnables;

    public InterruptTable(GicIdentity identity, GicCpuInterface[] cpus)
    {
        _identity = identity;
        _lists = identity.UsesListRegisters;
        _cpus = cpus;
        _private = new InterruptState[cpus.Length * PrivateCount];
        _shared = new InterruptState[identity.IntidLimit - PrivateCount];
        for (var i = 0; i < _private.Length; i++)
        {
            _private[i].Target = (short)(i / PrivateCount);
            _private[i].CandidateOn = -1;
            if (i % PrivateCount < 16) _private[i].Flags = InterruptFlags.EdgeTriggered;
        }

        for (var i = 0; i < _shared.Length; i++) _shared[i].CandidateOn = -1;
    }

    /// <summary>First INTID that does not exist.</summary>
    public int IntidLimit => _identity.IntidLimit;

    /// <summary>GICD_CTLR.EnableGrp0 (bit 0) and EnableGrp1 (bit 1).</summary>
    public uint GroupEnables => _groupEnables;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref InterruptState At(int cpu, int intid)
    {
        Debug.Assert((uint)intid < (uint)IntidLimit, "INTID out of range");
        return ref intid < PrivateCount ? ref _private[cpu * PrivateCount + intid] : ref _shared[intid - PrivateCount];
    }

    /// <summary>True when the distributor forwards that group.</summary>
    public bool DistributorGroupOn(bool group1) => (_groupEnables & (group1 ? 2u : 1u)) != 0;

    /// <summary>Writes GICD_CTLR's two group enables.</summary>
    public void SetGroupEnables(uint enables)
    {
        if (_groupEnables == (enables & 3)) return;
        _groupEnables = enables & 3;
        for (var cpu = 0; cpu < _cpus.Length; cpu++) SettlePrivate(cpu);
        SettleShared();
    }

    /// <summary>A CPU interface switched a group on or off.</summary>
    public void GroupsChanged(int cpu)
    {
        SettlePrivate(cpu);
        SettleShared();
    }

    /// <summary>Priority that a deliverable interrupt competes with.</summary>
    public byte CandidatePriority(int cpu, int intid) => Urgency(At(cpu, intid));

    /// <summary>IAR: pending becomes active on <paramref name="cpu"/>.</summary>
    public void Acknowledge(int cpu, int intid)
    {
        ref var s = ref At(cpu, intid);
        if (_lists) s.Flags &= ~InterruptFlags.ListedPending;
        else s.Flags &= _identity.SoftwareLevelStays ? ~InterruptFlags.EdgeLatch : ~(InterruptFlags.EdgeLatch | InterruptFlags.LevelSoftware);
        s.Flags |= InterruptFlags.Active;
        s.Holder = (short)cpu;
        Settle(ref s, intid);
    }

    /// <summary>True when ending the interrupt on <paramref name="cpu"/> may deactivate it.</summary>
    public bool MayDeactivate(int cpu, int intid)
    {
        ref var s = ref At(cpu, intid);
        return s.Has(InterruptFlags.Active) && (!s.Has(InterruptFlags.Listed) || s.Holder == cpu);
    }

    /// <summary>EOI or DIR: no longer active; a level that still holds is delivered again.</summary>
    public void Deactivate(int cpu, int intid)
    {
        ref var s = ref At(cpu, intid);
        if (!s.Has(InterruptFlags.Active)) return;
        s.Flags &= ~InterruptFlags.Active;
        if (s.Has(InterruptFlags.Listed)) Unlist(ref s);
        else AskSource(ref s, s.Has(InterruptFlags.EdgeLatch));
        Settle(ref s, intid);
    }

    /// <summary>Gives the list register back: what was pending in it becomes a latched edge, and a level source is asked.</summary>
    private void Unlist(ref InterruptState s)
    {
        if (!s.Has(InterruptFlags.Listed)) return;
        if (s.Has(InterruptFlags.ListedPending)) s.Flags |= InterruptFlags.EdgeLatch;
        s.Flags &= ~(InterruptFlags.Listed | InterruptFlags.ListedPending);
        AskSource(ref s, s.Has(InterruptFlags.EdgeLatch));
    }

    /// <summary>Unlists an interrupt that is about to be reconfigured, unless it is being handled.</summary>
    private void UnlistIdle(ref InterruptState s)
    {
        if (!s.Has(InterruptFlags.Active)) Unlist(ref s);
    }

    /// <summary>The check-pending rule: a source may let go of a level that it once asserted.</summary>
    private static void AskSource(ref InterruptState s, bool reasserted)
    {
        if (s.Source is null || (s.Flags & (InterruptFlags.EdgeTriggered | InterruptFlags.LevelSource)) != InterruptFlags.LevelSource) return;
        if (!s.Source.CheckPending(reasserted)) s.Flags &= ~InterruptFlags.LevelSource;
    }

    /// <summary>Both the distributor and that CPU forward the interrupt's group.</summary>
    private bool GroupOn(in InterruptState s, int cpu)
    {
        var group1 = s.Has(InterruptFlags.Group1);
        return DistributorGroupOn(group1) && _cpus[cpu].StoredGroupEnable(group1);
    }

    private bool Forwardable(in InterruptState s) =>
        s.Has(InterruptFlags.Enabled) && s.Target >= 0 && GroupOn(s, s.Target);

    /// <summary>Derives listing and candidacy from the state, and tells the CPUs concerned.</summary>
    private void Settle(ref InterruptState s, int intid)
    {
        if (_lists) SettleList(ref s);
        var cpu = -1;
        if (!s.Has(InterruptFlags.Active))
        {
            if (_lists) cpu = s.Has(InterruptFlags.ListedPending) ? s.Holder : -1;
            else if (s.LatchedPending && Forwardable(s)) cpu = s.Target;
        }

        var priority = Urgency(s);
        var before = s.CandidateOn;
        if (before >= 0 && before != cpu) _cpus[before].Withdraw(intid);
        s.CandidateOn = (short)cpu;
        if (cpu >= 0) _cpus[cpu].Offer(intid, priority, s.Has(InterruptFlags.Group1), isNew: before != cpu);
    }

    private void SettleList(ref InterruptState s)
    {
        if (s.Has(InterruptFlags.Listed) && !s.Has(InterruptFlags.Active) && !(Forwardable(s) && s.Target == s.Holder)) Unlist(ref s);
        if (s.Has(InterruptFlags.Listed))
        {
            // An edge that comes while listed joins the list register; so does any assertion that has not been acknowledged yet.
            if (s.Has(InterruptFlags.EdgeLatch) && s.Has(InterruptFlags.EdgeTriggered))
                s.Flags = (s.Flags | InterruptFlags.ListedPending) & ~InterruptFlags.EdgeLatch;
        }
        else if (!s.Has(InterruptFlags.Active) && s.LatchedPending && Forwardable(s))
        {
            s.Flags = (s.Flags | InterruptFlags.Listed | InterruptFlags.ListedPending) & ~InterruptFlags.EdgeLatch;
            s.Holder = s.Target;
            s.HeldPriority = s.Priority;
        }
    }

    private byte Urgency(in InterruptState s) => _lists ? s.HeldPriority : s.Priority;

    private void SettlePrivate(int cpu)
    {
        for (var intid = 0; intid < PrivateCount; intid++) Settle(ref _private[cpu * PrivateCount + intid], intid);
    }

    private void SettleShared()
    {
        for (var i = 0; i < _shared.Length; i++) Settle(ref _shared[i], i + PrivateCount);
    }
}
