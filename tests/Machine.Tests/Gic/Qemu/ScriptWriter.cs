using RmStack.Machine.Timers;
using static RmStack.Machine.Gic.GicRegister;
using static RmStack.Machine.Tests.Gic.Qemu.OperationKind;

namespace RmStack.Machine.Tests.Gic.Qemu;

/// <summary>
/// Random accesses that mean something: to interrupts that exist, mostly ending what was acknowledged. A model runs ahead
/// only to know what that will be.
/// </summary>
internal sealed class ScriptWriter
{
    private const ulong D = QemuMachine.Distributor;
    private const ulong R = QemuMachine.Redistributors;
    private static readonly int[] Intids = [0, 1, 5, 15, 20, 27, 30, 33, 40, 44, 100, 255];

    private readonly Random _random;
    private readonly List<Operation> _script;
    private readonly ModelMachine _ahead = new();
    private readonly List<ulong> _acknowledged = [];

    public ScriptWriter(Random random, List<Operation> script)
    {
        _random = random;
        _script = script;
        foreach (var word in new ulong[] { 1, 2, 3, 7 })
        {
            Add(Write32, D + 0x80 + 4 * word, 0xFFFF00FF);
            Add(Write32, D + 0x100 + 4 * word, Existing((int)word));
        }

        Add(Write32, R + 0x10080, 0xFFFFFF0F);
        Add(Write32, R + 0x10100, Existing(0));
        Add(WriteSystem, TimerRegister.CNTV_CVAL_EL0, 0);
        Add(WriteSystem, TimerRegister.CNTP_CVAL_EL0, 0);
        Open();
    }

    public void Step()
    {
        var intid = Intids[_random.Next(Intids.Length)];
        switch (_random.Next(34))
        {
            case 0: Bits(0x100, intid); break;
            case 1: Bits(0x180, intid); break;
            case 2 or 3: Bits(0x200, intid); break;
            case 4: Bits(0x280, intid); break;
            case 5: Bits(0x300, intid); break;
            case 6: Bits(0x380, intid); break;
            case 7: Group(intid); break;
            case 8 or 9: Priority(intid); break;
            case 10: Configure(intid); break;
            case 11:
                if (intid >= 32) Add(Write64, D + 0x6000 + 8 * (ulong)intid, _random.Next(4) == 0 ? (ulong)_random.Next(3) : 0);
                break;
            case 12:
                Add(Write32, D, (ulong)_random.Next(4));
                if (_random.Next(2) == 0) Open();
                break;
            case 13:
                // Both: in QEMU a more urgent interrupt of a group that is off here hides those of the other, on hardware it does not.
                var on = (ulong)_random.Next(2);
                Add(WriteSystem, ICC_IGRPEN0_EL1, on);
                Add(WriteSystem, ICC_IGRPEN1_EL1, on);
                if (_random.Next(2) == 0) Open();
                break;
            case 14: Add(WriteSystem, ICC_PMR_EL1, (ulong)_random.Next(256)); break;
            case 15: Add(WriteSystem, ICC_PMR_EL1, 0xF8); break;
            case 16: Add(WriteSystem, _random.Next(2) == 0 ? ICC_BPR0_EL1 : ICC_BPR1_EL1, (ulong)_random.Next(8)); break;
            case 17: Add(WriteSystem, ICC_CTLR_EL1, (ulong)_random.Next(4)); break;
            case 18 or 19 or 20: Acknowledge(_random.Next(3) == 0 ? ICC_IAR0_EL1 : ICC_IAR1_EL1); break;
            case 21 or 22: End(_random.Next(3) == 0 ? ICC_EOIR0_EL1 : ICC_EOIR1_EL1, intid); break;
            case 23: End(ICC_DIR_EL1, intid); break;
            case 24 or 25: Sgi(); break;
            case 26: Add(WriteSystem, TimerRegister.CNTV_CTL_EL0, (ulong)_random.Next(8)); break;
            case 27: Add(WriteSystem, TimerRegister.CNTP_CTL_EL0, (ulong)_random.Next(8)); break;
            case 28: Add(Write32, QemuMachine.UartMask, _random.Next(2) == 0 ? 0x20ul : 0); break;
            case 29: if (_random.Next(4) == 0) HandleAll(); break;
            case 30: Add(WriteSystem, _random.Next(2) == 0 ? ICC_AP0R0_EL1 : ICC_AP1R0_EL1, 0); break;
            default: Look(intid); break;
        }
    }

    private static uint Existing(int word) => (uint)Intids.Where(i => i / 32 == word).Sum(i => 1L << (i % 32));

    private ulong Add(OperationKind kind, ulong where, ulong value = 0)
    {
        var operation = new Operation(kind, where, value);
        _script.Add(operation);
        return _ahead.Do(operation);
    }

    private void Acknowledge(uint register)
    {
        var intid = Add(ReadSystem, register);
        if (intid < 1020) _acknowledged.Add(intid);
    }

    /// <summary>The last acknowledged, now and then another.</summary>
    private void End(uint register, int other)
    {
        var last = _acknowledged.Count - 1;
        Add(WriteSystem, register, last < 0 || _random.Next(8) == 0 ? (ulong)other : _acknowledged[last]);
        if (last >= 0 && register != ICC_DIR_EL1) _acknowledged.RemoveAt(last);
    }

    private void Open()
    {
        Add(Write32, D, 3);
        Add(WriteSystem, ICC_IGRPEN0_EL1, 1);
        Add(WriteSystem, ICC_IGRPEN1_EL1, 1);
    }

    private void Bits(ulong register, int intid) => Add(Write32, Place(register, intid), 1ul << (intid % 32));

    /// <summary>Private interrupts mostly in this CPU's redistributor, sometimes in the other's.</summary>
    private ulong Place(ulong register, int intid) =>
        intid < 32 ? R + (_random.Next(5) == 0 ? 0x20000ul : 0) + 0x10000 + register : D + register + 4 * ((ulong)intid / 32);

    private void Group(int intid)
    {
        var place = intid < 32 ? R + 0x10080 : D + 0x80 + 4 * ((ulong)intid / 32);
        Add(Write32, place, (ulong)_random.NextInt64() & 0xFFFFFFFF);
    }

    private void Priority(int intid)
    {
        var value = (ulong)_random.Next(256);
        if (_random.Next(4) == 0) Add(Write32, Place(0x400, 0) + 4 * ((ulong)intid / 4 % 8), (ulong)_random.NextInt64() & 0xFFFFFFFF);
        else Add(Write8, intid < 32 ? R + 0x10400 + (ulong)intid : D + 0x400 + (ulong)intid, value);
    }

    private void Configure(int intid)
    {
        if (intid < 16) return;
        var place = intid < 32 ? R + 0x10C04 : D + 0xC00 + 4 * ((ulong)intid / 16);
        // Interrupts with a wire stay level-sensitive: changing one that is pending is UNPREDICTABLE, and QEMU keeps the old answer.
        var wires = intid / 16 == 1 ? 1u << 23 | 1u << 29 : intid / 16 == 2 ? 1u << 3 : 0;
        Add(Write32, place, (ulong)_random.NextInt64() & 0xFFFFFFFF & ~wires);
        Add(Read32, place);
    }

    private void Sgi()
    {
        var register = _random.Next(4) switch { 0 => ICC_SGI0R_EL1, 1 => ICC_ASGI1R_EL1, _ => ICC_SGI1R_EL1 };
        var value = (uint)_random.Next(4) | new ulong[] { 0, 1, 5, 15 }[_random.Next(4)] << 24;
        value |= _random.Next(12) switch { 0 => 1ul << 40, 1 => 1ul << 16, 2 => 1ul << 44, 3 => 1ul << 32, _ => 0 };
        Add(WriteSystem, register, value);
    }

    /// <summary>Ends everything, so that the program does not choke on one active interrupt.</summary>
    private void HandleAll()
    {
        _acknowledged.Clear();
        Add(WriteSystem, ICC_CTLR_EL1, 0);
        Add(WriteSystem, ICC_AP0R0_EL1, 0);
        Add(WriteSystem, ICC_AP1R0_EL1, 0);
        foreach (var word in new ulong[] { 1, 2, 3, 7 }) Add(Write32, D + 0x380 + 4 * word, 0xFFFFFFFF);
        Add(Write32, R + 0x10380, 0xFFFFFFFF);
        foreach (var word in new ulong[] { 1, 2, 3, 7 }) Add(Write32, D + 0x100 + 4 * word, Existing((int)word));
        Add(Write32, R + 0x10100, Existing(0));
        Open();
    }

    private void Look(int intid)
    {
        var register = new ulong[] { 0x80, 0x100, 0x180, 0x200, 0x280, 0x300, 0x380 }[_random.Next(7)];
        Add(Read32, Place(register, intid));
        Add(ReadSystem, new[] { ICC_PMR_EL1, ICC_BPR0_EL1, ICC_BPR1_EL1, ICC_AP0R0_EL1, ICC_AP1R0_EL1, ICC_CTLR_EL1, ICC_IGRPEN0_EL1, ICC_IGRPEN1_EL1 }[_random.Next(8)]);
        if (intid >= 32) Add(Read64, D + 0x6000 + 8 * (ulong)intid);
        Add(Read8, intid < 32 ? R + 0x10400 + (ulong)intid : D + 0x400 + (ulong)intid);
        Add(ReadSystem, TimerRegister.CNTV_CTL_EL0);
    }
}
