using System.Diagnostics;

namespace RmStack.Machine.Gic;

/// <summary>
/// A GICv3 with one security state and affinity routing: distributor, a redistributor and a CPU interface per CPU. SGIs are
/// INTIDs 0 to 15, PPIs 16 to 31, SPIs 32 and up; no LPIs (Arm IHI 0069). One thread at a time may use it.
/// </summary>
/// <remarks>
/// Devices and hypervisor objects come in through the inputs; guest software through the two kinds of MMIO frames and
/// through <see cref="GicCpuInterface"/>. No guest access throws or allocates. Argument errors of the inputs are mistakes
/// of this program, not of a guest.
/// </remarks>
public sealed partial class GicV3
{
    private readonly GicIdentity _identity;
    private readonly GicCpuInterface[] _cpus;
    private readonly ulong[] _affinity;
    private readonly InterruptTable _table;

    /// <summary>Makes a controller in its reset state.</summary>
    /// <param name="cpuCount">CPUs, 1 to 512.</param>
    /// <param name="identity">Whose implementation it is.</param>
    /// <param name="mpidrOf">MPIDR_EL1 of a CPU by its index; only the affinity fields count. By default Aff0 is the index.</param>
    public GicV3(int cpuCount, GicIdentity identity, Func<int, ulong>? mpidrOf = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(cpuCount, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(cpuCount, 512);
        ArgumentNullException.ThrowIfNull(identity);
        _identity = identity;
        _cpus = new GicCpuInterface[cpuCount];
        _affinity = new ulong[cpuCount];
        _waker = new uint[cpuCount];
        _redistributorStatus = new uint[cpuCount];
        _routes = new ulong[identity.IntidLimit];
        for (var cpu = 0; cpu < cpuCount; cpu++)
        {
            _cpus[cpu] = new GicCpuInterface(this, identity, cpu);
            _affinity[cpu] = (mpidrOf?.Invoke(cpu) ?? (ulong)cpu) & AffinityMask;
            _waker[cpu] = identity.StartsAsleep ? ProcessorSleep : 0;
        }

        _table = new InterruptTable(identity, _cpus);
        foreach (var cpu in _cpus) cpu.Attach(_table);
    }

    /// <summary>CPUs it serves.</summary>
    public int CpuCount => _cpus.Length;

    /// <summary>First INTID that does not exist: 64 to 1020.</summary>
    public int IntidLimit => _table.IntidLimit;

    /// <summary>
    /// Called with a CPU's index when an interrupt became pending, enabled, routed to it and its group enabled in
    /// GICD_CTLR and in its CPU interface. The priority mask does not count (Gunyah: deliver.c, the wake-up rule).
    /// </summary>
    public Action<int>? Wake { get; set; }

    /// <summary>Overrides GICR_TYPER.Last of a frame; by default it is set in the last CPU's frame.</summary>
    public Func<int, bool?>? LastFrame { get; set; }

    /// <summary>The CPU interface of a CPU.</summary>
    public GicCpuInterface CpuInterface(int cpu) => _cpus[cpu];

    /// <summary>Asserts in the level form: level set, and an edge latched. INTIDs below 32 are private to <paramref name="cpu"/>; others ignore it.</summary>
    public void AssertLevel(int cpu, int intid)
    {
        CheckInput(cpu, intid);
        _table.Assert(cpu, intid);
    }

    /// <summary>Asserts in the edge-only form: stays invisible while the interrupt is configured as level-sensitive.</summary>
    public void LatchEdge(int cpu, int intid)
    {
        CheckInput(cpu, intid);
        _table.LatchEdge(cpu, intid);
    }

    /// <summary>Lets the level go; a latched edge stays.</summary>
    public void ClearLevel(int cpu, int intid)
    {
        CheckInput(cpu, intid);
        _table.Clear(cpu, intid);
    }

    /// <summary>The level as last asserted, cleared or re-checked.</summary>
    public bool QueryLevel(int cpu, int intid)
    {
        CheckInput(cpu, intid);
        return _table.QueryLevel(cpu, intid);
    }

    /// <summary>Names who is asked whether a level still holds, or nobody: then the interrupt behaves like a wire.</summary>
    public void SetSource(int cpu, int intid, IInterruptSource? source)
    {
        CheckInput(cpu, intid);
        _table.SetSource(cpu, intid, source);
    }

    /// <summary>Whether a CPU has a reason not to wait: the condition of <see cref="Wake"/>, polled.</summary>
    /// <remarks>
    /// With list registers an interrupt that PMR or an active priority holds back wakes a CPU once, when it arrives, and never keeps
    /// it from waiting (observed on the public build). Once <see cref="Wake"/> has told of it, only what is signalled counts here;
    /// without <see cref="Wake"/> it counts until <see cref="BeginWait"/>.
    /// </remarks>
    public bool WakePending(int cpu)
    {
        var target = _cpus[cpu];
        return _identity.UsesListRegisters ? target.AnythingPending || target.HasUnseenCandidate : target.HasCandidate;
    }

    /// <summary>A CPU begins to wait: what is deliverable to it by now is no longer news (see <see cref="WakePending"/>).</summary>
    public void BeginWait(int cpu) => _cpus[cpu].BeginWait();

    /// <summary>A CPU is switched off or warm-reset: its interrupt groups go off; on plain hardware the whole CPU interface is reset.</summary>
    public void ResetCpu(int cpu) => _cpus[cpu].Reset(_identity.KeepsCpuInterfaceOverReset);

    /// <summary>Tells that an interrupt has become deliverable to a CPU.</summary>
    /// <returns>False when nobody listens.</returns>
    internal bool Announce(int cpu)
    {
        if (Wake is null) return false;
        Wake(cpu);
        return true;
    }

    [Conditional("DEBUG")]
    private void CheckInput(int cpu, int intid)
    {
        Debug.Assert((uint)cpu < (uint)_cpus.Length, "CPU index out of range");
        Debug.Assert((uint)intid < (uint)_table.IntidLimit, "INTID out of range");
    }
}
