namespace RmStack.Machine.Tests.Gic;

/// <summary>
/// The delivery rules again, as slowly and plainly as possible: sets and searches instead of bitmaps and caches, everything derived anew
/// after each step. Written from Gunyah's rules of delivery and Arm IHI 0069, not from the model.
/// </summary>
internal sealed class ReferenceGic(bool gunyah, int cpus, int[] intids)
{
    private readonly List<Irq> _irqs =
    [
        .. from id in intids
           from cpu in id < 32 ? Enumerable.Range(0, cpus) : [-1]
           select new Irq { Id = id, Owner = cpu, Edge = id < 16, Target = Math.Max(cpu, 0) },
    ];

    private readonly Cpu[] _cpus = [.. Enumerable.Range(0, cpus).Select(_ => new Cpu())];

    public HashSet<int> Forwarded { get; } = [];

    public Irq Get(int cpu, int id) => _irqs.Single(i => i.Id == id && (i.Owner < 0 || i.Owner == cpu));

    public Cpu CpuOf(int cpu) => _cpus[cpu];

    public sealed class Irq
    {
        public int Id, Owner, Target, Priority, Group;
        public bool Enabled, Edge, Latch, Software, Message, Level, Active;
        public ListRegister? Lr;
        public ManualSource? Source;

        public bool Level3 => Software || Message || Level;

        public bool Pending => Lr is { } lr ? lr.Pending : Edge ? Latch : Level3;
    }

    /// <summary>What a list register holds; with <see cref="Irq.Active"/> it is an active one.</summary>
    public sealed class ListRegister
    {
        public int Cpu, Priority;
        public bool Pending;
    }

    public sealed class Cpu
    {
        public HashSet<int> Groups { get; } = [];

        public SortedSet<(int Priority, int Group)> Running { get; } = [];

        public int Mask, Bpr0 = 2, Bpr1 = 3;
        public bool Split, Common;

        public int Keep(int group) => group == 0 || Common ? 0xFF << (Bpr0 + 1) & 0xFF : 0xFF << Bpr1 & 0xFF;
    }

    private bool GroupOn(int cpu, int group) => Forwarded.Contains(group) && _cpus[cpu].Groups.Contains(group);

    private bool CanGo(Irq i) => i.Enabled && i.Target >= 0 && GroupOn(i.Target, i.Group);

    /// <summary>The most urgent interrupt for a CPU, masks set aside.</summary>
    public Irq? Highest(int cpu) => _irqs.Where(i => IsFor(i, cpu) && Urgency(i) < 0xFF).OrderBy(Urgency).ThenBy(i => i.Id).FirstOrDefault();

    private static int Urgency(Irq i) => i.Lr?.Priority ?? i.Priority;

    private bool IsFor(Irq i, int cpu) =>
        !i.Active && (gunyah ? i.Lr is { Pending: true } lr && lr.Cpu == cpu : i.Pending && CanGo(i) && i.Target == cpu);

    public Irq? Signalled(int cpu)
    {
        if (Highest(cpu) is not { } best) return null;
        var c = _cpus[cpu];
        if (Urgency(best) >= c.Mask) return null;
        var keep = c.Keep(best.Group);
        return c.Running.Count == 0 || (Urgency(best) & keep) < (c.Running.Min.Priority & keep) ? best : null;
    }

    public int RunningPriority(int cpu) => _cpus[cpu].Running.Count == 0 ? 0xFF : _cpus[cpu].Running.Min.Priority;

    public int Acknowledge(int cpu, int group)
    {
        if (Signalled(cpu) is not { } best || best.Group != group) return 1023;
        _cpus[cpu].Running.Add((Urgency(best) & _cpus[cpu].Keep(group), group));
        best.Active = true;
        if (gunyah) best.Lr!.Pending = false;
        else best.Latch = best.Software = false;
        return best.Id;
    }

    public void End(int cpu, int id, int group)
    {
        var c = _cpus[cpu];
        if (c.Running.Count == 0 || (gunyah && !GroupOn(cpu, group))) return;
        var (priority, dropped) = c.Running.Min;
        if (!gunyah && dropped != group) return;
        c.Running.Remove((priority, dropped));
        if (c.Split) return;
        var i = Get(cpu, id);
        if (gunyah && i.Lr is { } lr && (lr.Cpu != cpu || i.Group != group || (lr.Priority & c.Keep(group)) != priority)) return;
        Deactivate(i);
    }

    public void DeactivateByDir(int cpu, int id)
    {
        var i = Get(cpu, id);
        if (_cpus[cpu].Split && (i.Lr is null || i.Lr.Cpu == cpu)) Deactivate(i);
    }

    private static void Deactivate(Irq i)
    {
        if (!i.Active) return;
        i.Active = false;
        if (i.Lr is not null) TakeBack(i);
        else Ask(i, i.Latch);
    }

    private static void Ask(Irq i, bool reasserted)
    {
        if (!i.Edge && i.Level && i.Source is { } source) i.Level = source.CheckPending(reasserted);
    }

    private static void TakeBack(Irq i)
    {
        if (i.Lr is not { } lr) return;
        i.Latch |= lr.Pending;
        i.Lr = null;
        Ask(i, i.Latch);
    }

    /// <summary>A setting of the interrupt changes: what is not being handled goes back first.</summary>
    public void Change(Irq i, Action<Irq> setting)
    {
        if (!i.Active) TakeBack(i);
        setting(i);
    }

    public void Assert(Irq i)
    {
        if (gunyah) i.Latch |= i.Lr is not { Pending: true };
        else if (i.Edge && !i.Level) i.Latch = true;
        i.Level = true;
    }

    public void Clear(Irq i)
    {
        if (!i.Level) return;
        i.Level = false;
        if (i is { Edge: false, Level3: false, Active: false, Lr.Pending: true }) TakeBack(i);
    }

    public void SetPending(Irq i, bool message)
    {
        if (message) i.Message = true;
        else i.Software = true;
        i.Latch |= i.Lr is not { Pending: true };
    }

    public void ClearPending(Irq i, int caller, bool message)
    {
        var before = i.Latch || i.Lr is { Pending: true };
        i.Latch = false;
        if (message) i.Message = false;
        else i.Software = false;
        if (i.Lr is { Pending: true } lr)
        {
            if (i.Id >= 32 && lr.Cpu == caller) return;
            lr.Pending = false;
            if (!i.Active) i.Lr = null;
        }

        Ask(i, before);
    }

    public void Disable(Irq i)
    {
        if (!i.Enabled) return;
        i.Enabled = false;
        if (i.Lr is not null) TakeBack(i);
        else Ask(i, i.Latch);
    }

    /// <summary>Fills the list registers after any change.</summary>
    public void Settle()
    {
        if (!gunyah) return;
        foreach (var i in _irqs)
        {
            if (i.Lr is { } old && !i.Active && !(CanGo(i) && i.Target == old.Cpu)) TakeBack(i);
            if (i.Lr is { } lr)
            {
                if (i.Edge && i.Latch)
                {
                    lr.Pending = true;
                    i.Latch = false;
                }
            }
            else if (!i.Active && i.Pending && CanGo(i))
            {
                i.Lr = new ListRegister { Cpu = i.Target, Pending = true, Priority = i.Priority };
                i.Latch = false;
            }
        }
    }
}
