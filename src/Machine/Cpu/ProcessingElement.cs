using System.Runtime.CompilerServices;
using RmStack.Machine.Cpu.Decoding;
using RmStack.Machine.Memory;
using RmStack.Machine.Mmu;
using RmStack.Machine.Time;

namespace RmStack.Machine.Cpu;

/// <summary>
/// One AArch64 processing element at EL0 and EL1. It runs until its budget is used or something needs an EL2, which it
/// never calls: it returns. HOT.
/// </summary>
/// <remarks>
/// Instructions are decoded once, into a copy of their page made of <see cref="A64Op"/>; the loop in
/// <see cref="Run"/> calls one handler after the other. Straight-line code and branches inside a page cost no look-up.
/// A handler that leaves the page, faults or changes how addresses are translated returns <see cref="_find"/>, an
/// operation that finds the code at <see cref="CpuState.PC"/>.
/// </remarks>
public sealed unsafe partial class ProcessingElement
{
    // OSLSR_EL1: the OS lock is implemented, and locked.
    private const ulong OsLocked = 0xa;

    private readonly A64Op[] _findStorage = GC.AllocateArray<A64Op>(1, pinned: true);
    private readonly A64Op* _find;
    private readonly ulong* _slots;
    private readonly TableWalk _walk;
    private readonly Tlb _tlb = new();
    private CpuExit _exit;
    private bool _exiting;

    // Instructions that the inner loop may still run; what Stop set aside; how many the loop began with; how many of
    // those the clock knows of. The inner loop counts down in _left, so that a handler can end it.
    private long _left;
    private long _aside;
    private long _chunk;
    private long _accounted;

    /// <summary>Creates an element in the state of a reset, at address 0.</summary>
    /// <param name="model">What it is.</param>
    /// <param name="memory">RAM of the machine.</param>
    /// <param name="clock">Clock that its instructions move.</param>
    public ProcessingElement(CpuModel model, PhysicalMemory memory, VirtualClock clock)
    {
        Model = model;
        Memory = memory;
        Clock = clock;
        State = new CpuState();
        _slots = State.Slots;
        _walk = new TableWalk(model, memory, State);
        _code = new CodeCache(memory);
        fixed (A64Op* find = _findStorage) _find = find;
        _find->Execute = &FindCode;
        if (model.HasOsLock) State[SystemRegister.OSLSR_EL1] = OsLocked;
        Reset(0, 0);
    }

    /// <summary>What it is.</summary>
    public CpuModel Model { get; }

    /// <summary>Its registers.</summary>
    public CpuState State { get; }

    /// <summary>Second stage of translation; null when IPA is PA and whatever is not RAM is an external abort.</summary>
    public Stage2? Stage2
    {
        get => _walk.Stage2;
        set
        {
            _walk.Stage2 = value;
            FlushTranslations();
        }
    }

    /// <summary>Its GIC CPU interface, or null.</summary>
    public ICpuInterface? CpuInterface { get; set; }

    /// <summary>Its timers, or null: then only the counter and its frequency can be read.</summary>
    public ICounterTimer? Timer { get; set; }

    /// <summary>MPIDR_EL1.</summary>
    public ulong Mpidr { get; set; } = 0x8000_0000;

    /// <summary>
    /// Called when SEV is executed, to set the event registers of the other elements; its own is set already.
    /// </summary>
    public Action? EventSent { get; set; }

    /// <summary>
    /// Instructions executed. One that only caused an exception or an exit counts as well, so that time passes and a
    /// budget is used up whatever the software does.
    /// </summary>
    public ulong InstructionsRetired { get; private set; }

    internal PhysicalMemory Memory { get; }

    internal VirtualClock Clock { get; }

    /// <summary>Runs until an exit, or for a number of instructions.</summary>
    /// <param name="maxInstructions">Budget; when it is used the reason is <see cref="CpuExitReason.BudgetUsed"/>.</param>
    /// <remarks>The clock moves by one tick per instruction and is exact at every exit and at every read of a counter.</remarks>
    public CpuExit Run(ulong maxInstructions)
    {
        _exiting = false;
        _exit = default;
        NoticeOutsideChanges();
        var remaining = maxInstructions;
        while (remaining > 0)
        {
            TakePendingInterrupt();
            var stepping = BeginStep();
            _chunk = stepping ? 1 : (long)Math.Min(Math.Min(remaining, int.MaxValue), TicksToDeadline());
            _left = _chunk;
            _aside = 0;
            _accounted = 0;

            var slots = _slots;
            var op = State.IL ? _find : Goto(State.PC);
            do
            {
                op = op->Execute(this, op, slots);
            }
            while (--_left > 0);

            if (op != _find) State.PC = _pageVa + ((ulong)(op - _pageOps) * 4);
            var done = (ulong)(_chunk - _aside);
            AccountTime();
            remaining -= done;
            InstructionsRetired += done;
            if (stepping) State.SS = false;
            if (_exiting) return _exit;
        }

        return default;
    }

    /// <summary>Warm reset: EL1h, everything masked, stage 1 off; the general registers keep what they hold.</summary>
    /// <param name="pc">Where to start.</param>
    /// <param name="x0">Value of X0.</param>
    public void Reset(ulong pc, ulong x0)
    {
        State.PSTATE = PState.Reset;
        State.SCTLR_EL1 = SctlrReset;
        State.EventRegister = false;
        State.PC = pc;
        State.SetX(0, x0);
        ClearExclusive();
        SelectRegime();
    }

    /// <summary>Ends the inner loop after the present instruction, so that interrupts are looked at and the deadline is set anew.</summary>
    internal void Stop()
    {
        _aside += _left - 1;
        _left = 1;
    }

    /// <summary>Brings the clock up to the present instruction, which itself has not happened yet.</summary>
    internal void AccountTime()
    {
        var done = _chunk - _left - _aside;
        Clock.Advance((ulong)(done - _accounted));
        _accounted = done;
    }

    /// <summary>Leaves <see cref="Run"/> after this instruction.</summary>
    /// <param name="exit">Why.</param>
    /// <param name="pc">Where to go on.</param>
    internal A64Op* Exit(in CpuExit exit, ulong pc)
    {
        _exit = exit;
        _exiting = true;
        State.PC = pc;
        Stop();
        return _find;
    }

    /// <summary>Address of the instruction that runs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ulong AddressOf(A64Op* op) => _pageVa + op->Offset;

    /// <summary>Page of the running code.</summary>
    internal ulong PageOfCode => _pageVa;

    /// <summary>Where a handler goes on after an exception or an exit: at <see cref="CpuState.PC"/>.</summary>
    internal A64Op* Elsewhere => _find;

    /// <summary>Goes on at the next instruction, with everything about translation looked at anew.</summary>
    internal A64Op* Resynchronise(A64Op* op)
    {
        State.PC = AddressOf(op) + 4;
        Stop();
        return _find;
    }

    private ulong TicksToDeadline()
    {
        if (Timer is not { } timer) return ulong.MaxValue;
        if (timer.NextDeadline > Clock.Now) return timer.NextDeadline - Clock.Now;
        return 1;
    }

    private void TakePendingInterrupt()
    {
        if (Timer is { } timer && timer.NextDeadline <= Clock.Now) timer.Update();
        if (CpuInterface is not { } gic || (State.Daif & (PState.MaskIrq | PState.MaskFiq)) == (PState.MaskIrq | PState.MaskFiq)) return;
        if ((State.Daif & PState.MaskFiq) == 0 && gic.FiqPending) TakeInterrupt(VectorFiq);
        else if ((State.Daif & PState.MaskIrq) == 0 && gic.IrqPending) TakeInterrupt(VectorIrq);
    }
}
