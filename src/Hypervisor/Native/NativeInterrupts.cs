namespace RmStack.Hypervisor.Native;

/// <summary>
/// The interrupts of a VM written in C#: programs the distributor and its redistributor by their registers, and
/// acknowledges and ends each interrupt as any guest does.
/// </summary>
public sealed class NativeInterrupts
{
    private const uint FirstSpi = 32;
    private const uint Spurious = 1020;
    private const byte LowestPriorityMask = 0xf8;
    private const byte DefaultPriority = 0xa0;

    private const ulong GicdCtlr = 0x0000;
    private const ulong GicdIgroupr = 0x0080;
    private const ulong GicdIsenabler = 0x0100;
    private const ulong GicdIcenabler = 0x0180;
    private const ulong GicdIpriorityr = 0x0400;
    private const ulong GicdIcfgr = 0x0c00;
    private const ulong GicdIrouter = 0x6000;
    private const uint EnableGroup1 = 2;

    private readonly NativeVCpu _engine;
    private readonly VmMemory _memory;
    private readonly Dictionary<uint, Action> _handlers = [];
    private ulong _distributor;

    internal NativeInterrupts(NativeVCpu engine, VmMemory memory)
    {
        _engine = engine;
        _memory = memory;
    }

    /// <summary>Interrupts taken so far.</summary>
    public ulong Taken { get; private set; }

    /// <summary>Interrupts that came with no handler installed.</summary>
    public ulong Unexpected { get; private set; }

    /// <summary>Switches on the interrupt controller: group 1 enabled, nothing masked by priority.</summary>
    /// <param name="distributor">Where the distributor is in the VM's address space.</param>
    public void Initialise(ulong distributor)
    {
        _distributor = distributor;
        _memory.WriteRegister(distributor + GicdCtlr, EnableGroup1);
        _engine.Gic.SetPriorityMask(LowestPriorityMask);
        _engine.Gic.EnableGroup1(true);
    }

    /// <summary>Routes a shared interrupt to this vCPU, edge-triggered, and enables it.</summary>
    /// <param name="intid">INTID, 32 to 1019.</param>
    /// <param name="handler">Runs between acknowledge and end of interrupt, on the vCPU.</param>
    public void Enable(uint intid, Action handler)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(intid, FirstSpi);
        _handlers[intid] = handler;
        SetBit(GicdIgroupr, intid);
        var icfgr = _distributor + GicdIcfgr + (intid / 16 * 4);
        _memory.WriteRegister(icfgr, _memory.ReadRegister(icfgr) | (2u << (int)(intid % 16 * 2)));
        var priority = _distributor + GicdIpriorityr + (intid / 4 * 4);
        var shift = (int)(intid % 4 * 8);
        _memory.WriteRegister(priority, (_memory.ReadRegister(priority) & ~(0xffu << shift)) | ((uint)DefaultPriority << shift));
        _memory.WriteRegister(_distributor + GicdIrouter + (intid * 8), 0, sizeof(ulong));
        _memory.WriteRegister(_distributor + GicdIsenabler + (intid / 32 * 4), 1u << (int)(intid % 32));
    }

    /// <summary>Disables a shared interrupt and forgets its handler.</summary>
    public void Disable(uint intid)
    {
        _memory.WriteRegister(_distributor + GicdIcenabler + (intid / 32 * 4), 1u << (int)(intid % 32));
        _handlers.Remove(intid);
    }

    /// <summary>Takes the pending interrupt: acknowledge, handle, end.</summary>
    internal void Take()
    {
        var intid = _engine.Gic.AcknowledgeGroup1();
        if (intid >= Spurious) return;
        Taken++;
        if (_handlers.TryGetValue(intid, out var handler)) handler();
        else Unexpected++;
        _engine.Gic.EndOfInterruptGroup1(intid);
    }

    private void SetBit(ulong register, uint intid)
    {
        var address = _distributor + register + (intid / 32 * 4);
        _memory.WriteRegister(address, _memory.ReadRegister(address) | (1u << (int)(intid % 32)));
    }
}
