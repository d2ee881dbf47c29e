using RmStack.Machine.Gic;

namespace RmStack.Machine.Tests.Gic;

/// <summary>A controller and the few accesses that tests make all the time.</summary>
internal sealed class GicBench
{
    public const uint ISENABLER = 0x100;
    public const uint ICENABLER = 0x180;
    public const uint ISPENDR = 0x200;
    public const uint ICPENDR = 0x280;
    public const uint ISACTIVER = 0x300;
    public const uint ICACTIVER = 0x380;

    public GicBench(GicIdentity identity, int cpus = 2)
    {
        Gic = new GicV3(cpus, identity);
        Gic.Wake = cpu => Wakes.Add(cpu);
    }

    public GicV3 Gic { get; }

    public List<int> Wakes { get; } = [];

    public static GicIdentity Identity(bool gunyah) => gunyah ? GicIdentity.Gunyah : GicIdentity.QemuVirt;

    /// <summary>Both groups on everywhere, all interrupts group 1, PMR open: what a guest that is ready to work has set.</summary>
    public GicBench Ready()
    {
        Write(0, 3);
        for (var word = 1u; word < Gic.IntidLimit / 32; word++) Write(0x80 + 4 * word, uint.MaxValue);
        for (var cpu = 0; cpu < Gic.CpuCount; cpu++)
        {
            WriteRedistributor(cpu, 0x10080, uint.MaxValue);
            Icc(cpu, GicRegister.ICC_PMR_EL1, 0xF8);
            Icc(cpu, GicRegister.ICC_IGRPEN0_EL1, 1);
            Icc(cpu, GicRegister.ICC_IGRPEN1_EL1, 1);
        }

        return this;
    }

    public uint Read(uint offset, int cpu = 0)
    {
        Assert.True(Gic.TryReadDistributor(cpu, offset, 4, out var value), $"read of GICD+{offset:x} aborted");
        return (uint)value;
    }

    public void Write(uint offset, uint value, int cpu = 0) =>
        Assert.True(Gic.TryWriteDistributor(cpu, offset, 4, value), $"write of GICD+{offset:x} aborted");

    public uint ReadRedistributor(int frame, uint offset)
    {
        Assert.True(Gic.TryReadRedistributor(frame, frame, offset, 4, out var value), $"read of GICR+{offset:x} aborted");
        return (uint)value;
    }

    public void WriteRedistributor(int frame, uint offset, uint value) =>
        Assert.True(Gic.TryWriteRedistributor(frame, frame, offset, 4, value), $"write of GICR+{offset:x} aborted");

    public ulong Icc(int cpu, uint encoding)
    {
        Assert.True(Gic.CpuInterface(cpu).TryRead(encoding, out var value), $"read of {encoding:x} is UNDEFINED");
        return value;
    }

    public void Icc(int cpu, uint encoding, ulong value) =>
        Assert.True(Gic.CpuInterface(cpu).TryWrite(encoding, value), $"write of {encoding:x} is UNDEFINED");

    /// <summary>Writes the interrupt's bit to a bit-per-INTID register, in the distributor or in its redistributor.</summary>
    public void SetBit(uint register, int intid, int cpu = 0)
    {
        if (intid < 32) WriteRedistributor(cpu, 0x10000 + register, 1u << intid);
        else Write(register + 4 * ((uint)intid / 32), 1u << (intid % 32), cpu);
    }

    public bool Bit(uint register, int intid, int cpu = 0) =>
        ((intid < 32 ? ReadRedistributor(cpu, 0x10000 + register) : Read(register + 4 * ((uint)intid / 32), cpu)) >> (intid % 32) & 1) != 0;

    public void SetEdge(int intid, bool edge, int cpu = 0)
    {
        var shift = 2 * (intid % 16) + 1;
        if (intid < 32)
        {
            var value = ReadRedistributor(cpu, 0x10C00 + 4 * ((uint)intid / 16));
            WriteRedistributor(cpu, 0x10C00 + 4 * ((uint)intid / 16), value & ~(1u << shift) | (edge ? 1u << shift : 0));
        }
        else
        {
            var offset = 0xC00 + 4 * ((uint)intid / 16);
            Write(offset, Read(offset) & ~(1u << shift) | (edge ? 1u << shift : 0));
        }
    }

    public void SetPriority(int intid, byte priority, int cpu = 0)
    {
        if (intid < 32) Assert.True(Gic.TryWriteRedistributor(cpu, cpu, 0x10400 + (uint)intid, 1, priority));
        else Assert.True(Gic.TryWriteDistributor(cpu, 0x400 + (uint)intid, 1, priority));
    }

    public void Route(int intid, ulong affinity) => Assert.True(Gic.TryWriteDistributor(0, 0x6000 + 8 * (uint)intid, 8, affinity));

    public uint Iar1(int cpu = 0) => (uint)Icc(cpu, GicRegister.ICC_IAR1_EL1);

    public void Eoir1(uint intid, int cpu = 0) => Icc(cpu, GicRegister.ICC_EOIR1_EL1, intid);

    public uint Hppir1(int cpu = 0) => (uint)Icc(cpu, GicRegister.ICC_HPPIR1_EL1);

    public uint Rpr(int cpu = 0) => (uint)Icc(cpu, GicRegister.ICC_RPR_EL1);
}

/// <summary>A source whose condition a test sets, and which remembers how it was asked.</summary>
internal sealed class ManualSource : IInterruptSource
{
    public bool Condition { get; set; }

    /// <summary>As message queues and doorbells answer: a new assertion keeps the interrupt.</summary>
    public bool CountsReassertion { get; init; } = true;

    public List<bool> Asked { get; } = [];

    public bool CheckPending(bool reasserted)
    {
        Asked.Add(reasserted);
        return Condition || (CountsReassertion && reasserted);
    }
}
