namespace RmStack.Machine.Gic;

/// <summary>What sources and register writes do to an interrupt (Arm IHI 0069, 4.1; Gunyah: deliver.c, distrib.c).</summary>
internal sealed partial class InterruptTable
{
    /// <summary>Level form: the level is set and, if software drives it or it rises, an edge is latched.</summary>
    public void Assert(int cpu, int intid)
    {
        ref var s = ref At(cpu, intid);
        // A wire latches only its rising edge, and only for an interrupt that looks for edges; software means each assertion.
        if (_lists || (s.Flags & (InterruptFlags.EdgeTriggered | InterruptFlags.LevelSource)) == InterruptFlags.EdgeTriggered)
            Latch(ref s);
        s.Flags |= InterruptFlags.LevelSource;
        Settle(ref s, intid);
    }

    /// <summary>Edge-only form, an SGI among them: invisible while the interrupt is configured as level-sensitive.</summary>
    public void LatchEdge(int cpu, int intid)
    {
        ref var s = ref At(cpu, intid);
        s.Flags |= InterruptFlags.EdgeLatch;
        Settle(ref s, intid);
    }

    /// <summary>The source lets go: the level goes, a latched edge stays.</summary>
    public void Clear(int cpu, int intid)
    {
        ref var s = ref At(cpu, intid);
        if (!s.Has(InterruptFlags.LevelSource)) return;
        s.Flags &= ~InterruptFlags.LevelSource;
        const InterruptFlags ListedLevel = InterruptFlags.ListedPending | InterruptFlags.EdgeTriggered;
        if ((s.Flags & ListedLevel) == InterruptFlags.ListedPending && !s.Has(InterruptFlags.LevelSoftware | InterruptFlags.LevelMessage))
            UnlistIdle(ref s);
        Settle(ref s, intid);
    }

    public bool QueryLevel(int cpu, int intid) => At(cpu, intid).Has(InterruptFlags.LevelSource);

    /// <summary>ISPENDR, or SETSPI when <paramref name="level"/> is <see cref="InterruptFlags.LevelMessage"/>.</summary>
    public void SetPending(int cpu, int intid, InterruptFlags level)
    {
        ref var s = ref At(cpu, intid);
        s.Flags |= level;
        Latch(ref s);
        Settle(ref s, intid);
    }

    /// <summary>ICPENDR, or CLRSPI when <paramref name="level"/> is <see cref="InterruptFlags.LevelMessage"/>.</summary>
    /// <param name="caller">CPU that writes the register.</param>
    /// <param name="cpu">CPU whose private interrupt it is.</param>
    /// <param name="intid">The interrupt.</param>
    /// <param name="level">The level that goes with the edge.</param>
    public void ClearPending(int caller, int cpu, int intid, InterruptFlags level)
    {
        ref var s = ref At(cpu, intid);
        var reasserted = s.Has(InterruptFlags.EdgeLatch | InterruptFlags.ListedPending);
        s.Flags &= ~(level | InterruptFlags.EdgeLatch);
        if (s.Has(InterruptFlags.ListedPending))
        {
            if (intid >= PrivateCount && s.Holder == caller)
            {
                Settle(ref s, intid);
                return;
            }

            s.Flags &= ~InterruptFlags.ListedPending;
            if (!s.Has(InterruptFlags.Active)) s.Flags &= ~InterruptFlags.Listed;
        }

        AskSource(ref s, reasserted);
        Settle(ref s, intid);
    }

    public void SetEnabled(int cpu, int intid, bool on)
    {
        ref var s = ref At(cpu, intid);
        if (s.Has(InterruptFlags.Enabled) == on) return;
        s.Put(InterruptFlags.Enabled, on);
        if (!on)
        {
            if (s.Has(InterruptFlags.Listed)) Unlist(ref s);
            else AskSource(ref s, s.Has(InterruptFlags.EdgeLatch));
        }

        Settle(ref s, intid);
    }

    /// <summary>ISACTIVER and ICACTIVER; without effect while a list register holds the truth.</summary>
    public void SetActive(int cpu, int intid, bool on)
    {
        ref var s = ref At(cpu, intid);
        if (s.Has(InterruptFlags.Listed) || s.Has(InterruptFlags.Active) == on) return;
        s.Put(InterruptFlags.Active, on);
        s.HeldPriority = s.Priority;
        s.Holder = s.Target;
        Settle(ref s, intid);
    }

    public void SetGroup1(int cpu, int intid, bool on)
    {
        ref var s = ref At(cpu, intid);
        if (s.Has(InterruptFlags.Group1) == on) return;
        UnlistIdle(ref s);
        s.Put(InterruptFlags.Group1, on);
        Settle(ref s, intid);
    }

    public void SetPriority(int cpu, int intid, byte priority)
    {
        ref var s = ref At(cpu, intid);
        s.Priority = (byte)(priority & _identity.PriorityMask);
        if (s.Has(InterruptFlags.Active)) return;
        s.HeldPriority = s.Priority;
        Settle(ref s, intid);
    }

    /// <summary>ICFGR. Gunyah drops what software made pending when an interrupt becomes level-sensitive.</summary>
    public void SetEdgeTriggered(int cpu, int intid, bool on)
    {
        ref var s = ref At(cpu, intid);
        if (s.Has(InterruptFlags.EdgeTriggered) == on) return;
        UnlistIdle(ref s);
        s.Put(InterruptFlags.EdgeTriggered, on);
        if (_lists && !on) s.Flags &= ~(InterruptFlags.LevelSoftware | InterruptFlags.LevelMessage);
        Settle(ref s, intid);
    }

    /// <summary>IROUTER; -1 is nobody. An interrupt being handled moves when it is ended.</summary>
    public void SetTarget(int intid, int cpu)
    {
        ref var s = ref At(0, intid);
        if (s.Target == cpu) return;
        UnlistIdle(ref s);
        s.Target = (short)cpu;
        Settle(ref s, intid);
    }

    public void SetSource(int cpu, int intid, IInterruptSource? source) => At(cpu, intid).Source = source;

    /// <summary>Latches an edge, unless an unacknowledged delivery already stands for it.</summary>
    private static void Latch(ref InterruptState s)
    {
        if (!s.Has(InterruptFlags.ListedPending)) s.Flags |= InterruptFlags.EdgeLatch;
    }
}
