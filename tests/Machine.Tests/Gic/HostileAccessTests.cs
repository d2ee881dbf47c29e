using FsCheck.Xunit;
using RmStack.Machine.Gic;
using RmStack.Machine.Time;
using RmStack.Machine.Timers;

namespace RmStack.Machine.Tests.Gic;

/// <summary>A guest may access anything at any size with any value; it gets an answer, an abort or UNDEFINED.</summary>
public class HostileAccessTests
{
    [Property(MaxTest = 60)]
    public void Random_accesses_never_throw_and_leave_a_controller_that_works(int seed)
    {
        var random = new Random(seed);
        foreach (var gunyah in new[] { false, true })
        {
            var gic = new GicV3(3, GicBench.Identity(gunyah));
            var clock = new VirtualClock();
            var timer = new GenericTimer(clock, gic, 1, delivery: gunyah ? TimerDelivery.Forwarded : TimerDelivery.Wired);
            for (var i = 0; i < 3000; i++) Access(random, gic, timer, clock);
            Recover(gic);
            gic.AssertLevel(0, 45);
            Assert.Equal(45u, gic.CpuInterface(2).AcknowledgeGroup1());
        }
    }

    private static void Access(Random random, GicV3 gic, GenericTimer timer, VirtualClock clock)
    {
        var cpu = random.Next(3);
        var size = random.Next(8) switch { 0 => 1, 1 => 2, 2 => 8, 3 => random.Next(-1, 20), _ => 4 };
        var value = random.Next(3) switch { 0 => (ulong)random.NextInt64(), 1 => ulong.MaxValue, _ => 1ul << random.Next(64) };
        var offset = random.Next(4) == 0 ? (uint)random.NextInt64() : (uint)random.Next(0x9000) & ~3u;
        var encoding = random.Next(4) == 0 ? (uint)random.Next(0x10000) : GicRegister.ICC_IAR0_EL1 + (uint)random.Next(64);
        var sgiFrame = random.Next(2) == 0 ? offset : 0x10000 | offset & 0xFFF;
        switch (random.Next(9))
        {
            case 0: gic.TryReadDistributor(cpu, offset, size, out _); break;
            case 1 or 2: gic.TryWriteDistributor(cpu, offset, size, value); break;
            case 3: gic.TryReadRedistributor(cpu, random.Next(3), sgiFrame, size, out _); break;
            case 4: gic.TryWriteRedistributor(cpu, random.Next(3), sgiFrame, size, value); break;
            case 5: gic.CpuInterface(cpu).TryRead(encoding, out _); break;
            case 6: gic.CpuInterface(cpu).TryWrite(encoding, value); break;
            case 7:
                timer.TryWrite(TimerRegister.CNTP_TVAL_EL0 + (uint)random.Next(16), value);
                timer.TryRead(TimerRegister.CNTFRQ_EL0 + (uint)random.Next(32), out _);
                clock.Advance((ulong)random.Next(1000));
                timer.Update();
                break;
            default:
                gic.AssertLevel(cpu, random.Next(gic.IntidLimit));
                gic.ClearLevel(cpu, random.Next(gic.IntidLimit));
                gic.LatchEdge(cpu, random.Next(gic.IntidLimit));
                break;
        }
    }

    /// <summary>What a driver that takes over the controller writes.</summary>
    private static void Recover(GicV3 gic)
    {
        gic.TryWriteDistributor(0, 0, 4, 0);
        for (var word = 1u; word < 32; word++)
        {
            gic.TryWriteDistributor(0, 0x180 + 4 * word, 4, uint.MaxValue);
            gic.TryWriteDistributor(0, 0x280 + 4 * word, 4, uint.MaxValue);
            gic.TryWriteDistributor(0, 0x380 + 4 * word, 4, uint.MaxValue);
            gic.TryWriteDistributor(0, 0x80 + 4 * word, 4, uint.MaxValue);
        }

        for (var cpu = 0; cpu < 3; cpu++)
        {
            gic.TryWriteRedistributor(0, cpu, 0x10180, 4, uint.MaxValue);
            gic.TryWriteRedistributor(0, cpu, 0x10280, 4, uint.MaxValue);
            gic.TryWriteRedistributor(0, cpu, 0x10380, 4, uint.MaxValue);
        }

        gic.TryWriteDistributor(0, 0, 4, 3);
        gic.TryWriteDistributor(0, 0x6000 + 8 * 45, 8, 2);
        gic.TryWriteDistributor(0, 0x400 + 45, 1, 0x80);
        var face = gic.CpuInterface(2);
        face.TryWrite(GicRegister.ICC_PMR_EL1, 0xF8);
        face.TryWrite(GicRegister.ICC_IGRPEN1_EL1, 1);
        face.TryWrite(GicRegister.ICC_IGRPEN0_EL1, 1);
        face.TryWrite(GicRegister.ICC_AP0R0_EL1, 0);
        face.TryWrite(GicRegister.ICC_AP1R0_EL1, 0);
        gic.TryWriteDistributor(0, 0x104, 4, 1 << 13);
    }
}
