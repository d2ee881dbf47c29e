namespace RmStack.Machine.Cpu;

/// <summary>
/// The registers of one processing element: what software at EL0 and EL1 can see of it. Everything may be read and
/// written while the element is stopped; the element notices at its next <see cref="ProcessingElement.Run"/>.
/// </summary>
public sealed unsafe class CpuState
{
    private readonly ulong[] _slots = GC.AllocateArray<ulong>(Slot.Count, pinned: true);
    private readonly ulong[] _system = GC.AllocateArray<ulong>((int)SystemRegister.Count, pinned: true);
    private byte _el = 1;
    private byte _spSel = 1;

    internal CpuState()
    {
        fixed (ulong* slots = _slots) Slots = slots;
        fixed (ulong* system = _system) System = system;
    }

    /// <summary>Register slots, see <see cref="Slot"/>. The arrays are pinned for life.</summary>
    internal ulong* Slots { get; }

    /// <summary>System registers by <see cref="SystemRegister"/>.</summary>
    internal ulong* System { get; }

    /// <summary>X0 to X30.</summary>
    public Span<ulong> X => _slots.AsSpan(0, 31);

    /// <summary>Address of the next instruction.</summary>
    public ulong PC { get; set; }

    /// <summary>PSTATE.NZCV: N 8, Z 4, C 2, V 1.</summary>
    public uint Nzcv
    {
        get => (uint)_slots[Slot.Nzcv];
        set => _slots[Slot.Nzcv] = value & 15;
    }

    /// <summary>PSTATE.DAIF: D 8, A 4, I 2, F 1; a set bit masks.</summary>
    public uint Daif { get; set; } = 15;

    /// <summary>Exception level, 0 or 1.</summary>
    public int EL => _el;

    /// <summary>PSTATE.SP: 1 when the stack pointer is that of the exception level.</summary>
    public int SPSel => _spSel;

    /// <summary>PSTATE.IL: the next instruction takes an Illegal Execution state exception.</summary>
    public bool IL { get; set; }

    /// <summary>PSTATE.SS: software step is active and not pending.</summary>
    public bool SS { get; set; }

    /// <summary>PSTATE.PAN.</summary>
    public bool PAN { get; set; }

    /// <summary>PSTATE.UAO.</summary>
    public bool UAO { get; set; }

    /// <summary>PSTATE.DIT.</summary>
    public bool DIT { get; set; }

    /// <summary>PSTATE.SSBS.</summary>
    public bool SSBS { get; set; }

    /// <summary>The event register that WFE looks at and SEV sets.</summary>
    public bool EventRegister { get; set; }

    /// <summary>The current stack pointer.</summary>
    public ulong SP
    {
        get => _slots[Slot.Sp];
        set => _slots[Slot.Sp] = value;
    }

    /// <summary>Stack pointer of EL0.</summary>
    public ulong SP_EL0
    {
        get => _spSel == 0 ? SP : System[(int)SystemRegister.SP_EL0];
        set
        {
            if (_spSel == 0) SP = value;
            else System[(int)SystemRegister.SP_EL0] = value;
        }
    }

    /// <summary>Stack pointer of EL1.</summary>
    public ulong SP_EL1
    {
        get => _spSel == 1 ? SP : System[(int)SystemRegister.SP_EL1];
        set
        {
            if (_spSel == 1) SP = value;
            else System[(int)SystemRegister.SP_EL1] = value;
        }
    }

    /// <summary>PSTATE in the layout of SPSR_EL1. Writing it takes the bits as they are; AArch32 and EL2 do not exist.</summary>
    public uint PSTATE
    {
        get => ((uint)_slots[Slot.Nzcv] << PState.NzcvShift) | (DIT ? PState.Dit : 0) | (UAO ? PState.Uao : 0) | (PAN ? PState.Pan : 0)
            | (SS ? PState.Ss : 0) | (IL ? PState.Il : 0) | (SSBS ? PState.Ssbs : 0) | (Daif << PState.DaifShift)
            | ((uint)_el << 2) | _spSel;
        set
        {
            SetNzcvAndMasks(value);
            IL = (value & PState.Il) != 0;
            SelectLevel((int)(value >> 2) & 1, (int)value & (int)(value >> 2) & 1);
        }
    }

    /// <summary>System control register.</summary>
    public ulong SCTLR_EL1 { get => this[SystemRegister.SCTLR_EL1]; set => this[SystemRegister.SCTLR_EL1] = value; }

    /// <summary>Architectural feature access control: FPEN in bits 21:20.</summary>
    public ulong CPACR_EL1 { get => this[SystemRegister.CPACR_EL1]; set => this[SystemRegister.CPACR_EL1] = value; }

    /// <summary>Translation table base of the lower half.</summary>
    public ulong TTBR0_EL1 { get => this[SystemRegister.TTBR0_EL1]; set => this[SystemRegister.TTBR0_EL1] = value; }

    /// <summary>Translation table base of the upper half.</summary>
    public ulong TTBR1_EL1 { get => this[SystemRegister.TTBR1_EL1]; set => this[SystemRegister.TTBR1_EL1] = value; }

    /// <summary>Translation control.</summary>
    public ulong TCR_EL1 { get => this[SystemRegister.TCR_EL1]; set => this[SystemRegister.TCR_EL1] = value; }

    /// <summary>Memory attributes by index.</summary>
    public ulong MAIR_EL1 { get => this[SystemRegister.MAIR_EL1]; set => this[SystemRegister.MAIR_EL1] = value; }

    /// <summary>Auxiliary memory attributes; storage.</summary>
    public ulong AMAIR_EL1 { get => this[SystemRegister.AMAIR_EL1]; set => this[SystemRegister.AMAIR_EL1] = value; }

    /// <summary>Vector base.</summary>
    public ulong VBAR_EL1 { get => this[SystemRegister.VBAR_EL1]; set => this[SystemRegister.VBAR_EL1] = value; }

    /// <summary>Exception link register.</summary>
    public ulong ELR_EL1 { get => this[SystemRegister.ELR_EL1]; set => this[SystemRegister.ELR_EL1] = value; }

    /// <summary>Saved program status.</summary>
    public ulong SPSR_EL1 { get => this[SystemRegister.SPSR_EL1]; set => this[SystemRegister.SPSR_EL1] = value; }

    /// <summary>Exception syndrome.</summary>
    public ulong ESR_EL1 { get => this[SystemRegister.ESR_EL1]; set => this[SystemRegister.ESR_EL1] = value; }

    /// <summary>Fault address.</summary>
    public ulong FAR_EL1 { get => this[SystemRegister.FAR_EL1]; set => this[SystemRegister.FAR_EL1] = value; }

    /// <summary>Result of an address translation instruction.</summary>
    public ulong PAR_EL1 { get => this[SystemRegister.PAR_EL1]; set => this[SystemRegister.PAR_EL1] = value; }

    /// <summary>Auxiliary fault status 0; storage.</summary>
    public ulong AFSR0_EL1 { get => this[SystemRegister.AFSR0_EL1]; set => this[SystemRegister.AFSR0_EL1] = value; }

    /// <summary>Auxiliary fault status 1; storage.</summary>
    public ulong AFSR1_EL1 { get => this[SystemRegister.AFSR1_EL1]; set => this[SystemRegister.AFSR1_EL1] = value; }

    /// <summary>Context ID; storage.</summary>
    public ulong CONTEXTIDR_EL1 { get => this[SystemRegister.CONTEXTIDR_EL1]; set => this[SystemRegister.CONTEXTIDR_EL1] = value; }

    /// <summary>Thread ID of EL0.</summary>
    public ulong TPIDR_EL0 { get => this[SystemRegister.TPIDR_EL0]; set => this[SystemRegister.TPIDR_EL0] = value; }

    /// <summary>Thread ID that EL0 can only read.</summary>
    public ulong TPIDRRO_EL0 { get => this[SystemRegister.TPIDRRO_EL0]; set => this[SystemRegister.TPIDRRO_EL0] = value; }

    /// <summary>Thread ID of EL1.</summary>
    public ulong TPIDR_EL1 { get => this[SystemRegister.TPIDR_EL1]; set => this[SystemRegister.TPIDR_EL1] = value; }

    /// <summary>What EL0 may do with the timers, and the event stream.</summary>
    public ulong CNTKCTL_EL1 { get => this[SystemRegister.CNTKCTL_EL1]; set => this[SystemRegister.CNTKCTL_EL1] = value; }

    /// <summary>Cache that CCSIDR_EL1 tells about.</summary>
    public ulong CSSELR_EL1 { get => this[SystemRegister.CSSELR_EL1]; set => this[SystemRegister.CSSELR_EL1] = value; }

    /// <summary>Monitor debug control: SS in bit 0, KDE in bit 13.</summary>
    public ulong MDSCR_EL1 { get => this[SystemRegister.MDSCR_EL1]; set => this[SystemRegister.MDSCR_EL1] = value; }

    /// <summary>A system register by its number.</summary>
    internal ulong this[SystemRegister register]
    {
        get => System[(int)register];
        set => System[(int)register] = value;
    }

    /// <summary>X<paramref name="n"/>; 31 is the zero register.</summary>
    public ulong GetX(int n)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)n, 31u, nameof(n));
        return _slots[n];
    }

    /// <summary>Writes X<paramref name="n"/>; 31 is the zero register and keeps nothing.</summary>
    public void SetX(int n, ulong v)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)n, 31u, nameof(n));
        if (n != 31) _slots[n] = v;
    }

    /// <summary>Goes to an exception level and picks its stack pointer.</summary>
    internal void SelectLevel(int el, int spSel)
    {
        System[_spSel == 0 ? (int)SystemRegister.SP_EL0 : (int)SystemRegister.SP_EL1] = _slots[Slot.Sp];
        _el = (byte)el;
        _spSel = (byte)spSel;
        _slots[Slot.Sp] = System[spSel == 0 ? (int)SystemRegister.SP_EL0 : (int)SystemRegister.SP_EL1];
    }

    /// <summary>Takes everything of a saved PSTATE but the exception level, the stack pointer's choice and IL.</summary>
    internal void SetNzcvAndMasks(uint spsr)
    {
        _slots[Slot.Nzcv] = spsr >> PState.NzcvShift;
        Daif = (spsr >> PState.DaifShift) & 15;
        DIT = (spsr & PState.Dit) != 0;
        UAO = (spsr & PState.Uao) != 0;
        PAN = (spsr & PState.Pan) != 0;
        SS = (spsr & PState.Ss) != 0;
        SSBS = (spsr & PState.Ssbs) != 0;
    }
}
