using FsCheck.Xunit;
using RmStack.Machine.Gic;

namespace RmStack.Machine.Tests.Gic;

/// <summary>Random programs of inputs, register writes and CPU interface accesses, against <see cref="ReferenceGic"/>.</summary>
public class DeliveryPropertyTests
{
    private const int Cpus = 2;
    private static readonly int[] Intids = [0, 3, 27, 30, 32, 63, 64, 127, 200];

    [Property(MaxTest = 250, StartSize = 3000, EndSize = 4000)]
    public void Hardware_delivery_agrees_with_the_reference(byte[] program) => Run(gunyah: false, program);

    [Property(MaxTest = 250, StartSize = 3000, EndSize = 4000)]
    public void Delivery_through_list_registers_agrees_with_the_reference(byte[] program) => Run(gunyah: true, program);

    [Property(MaxTest = 250, StartSize = 3000, EndSize = 4000)]
    public void Delivery_agrees_when_software_drives_some_interrupts(byte[] program) => Run(gunyah: true, program, sources: true);

    private static void Run(bool gunyah, byte[] program, bool sources = false)
    {
        var bench = new GicBench(GicBench.Identity(gunyah), Cpus);
        var reference = new ReferenceGic(gunyah, Cpus, Intids);
        var pairs = new List<(ManualSource, ManualSource)>();
        if (sources)
        {
            // Each side asks its own source; both sources always hold the same condition.
            foreach (var id in Intids.Where(i => i is 27 or >= 64))
            {
                for (var cpu = 0; cpu < (id < 32 ? Cpus : 1); cpu++)
                {
                    var countsReassertion = id != 200;
                    var pair = (new ManualSource { CountsReassertion = countsReassertion }, new ManualSource { CountsReassertion = countsReassertion });
                    bench.Gic.SetSource(cpu, id, pair.Item1);
                    reference.Get(cpu, id).Source = pair.Item2;
                    pairs.Add(pair);
                }
            }
        }

        var step = new Steps(bench, reference);
        step.OpenEverything();
        for (var at = 0; at + 3 < program.Length; at += 4)
        {
            if (program[at] > 230 && pairs.Count > 0)
            {
                var (one, other) = pairs[program[at + 1] % pairs.Count];
                one.Condition = other.Condition = !one.Condition;
                continue;
            }

            var what = step.Do(program[at], program[at + 1], program[at + 2], program[at + 3]);
            reference.Settle();
            Compare(bench, reference, $"step {at / 4}: {what}");
        }

        foreach (var (one, other) in pairs) Assert.Equal(other.Asked, one.Asked);
    }

    private static void Compare(GicBench bench, ReferenceGic reference, string at)
    {
        for (var cpu = 0; cpu < Cpus; cpu++)
        {
            var best = reference.Highest(cpu);
            var signalled = reference.Signalled(cpu);
            var face = bench.Gic.CpuInterface(cpu);
            Assert.True(face.IrqPending == (signalled?.Group == 1), $"{at}: IRQ of {cpu}");
            Assert.True(face.FiqPending == (signalled?.Group == 0), $"{at}: FIQ of {cpu}");
            Assert.True(reference.RunningPriority(cpu) == bench.Rpr(cpu), $"{at}: RPR of {cpu}");
            if (face.TryRead(GicRegister.ICC_HPPIR1_EL1, out var hppir))
                Assert.True((int)hppir == (best is { Group: 1 } ? best.Id : 1023), $"{at}: HPPIR1 of {cpu} {hppir}");
            foreach (var id in Intids)
            {
                var irq = reference.Get(cpu, id);
                Assert.True(irq.Pending == bench.Bit(GicBench.ISPENDR, id, cpu), $"{at}: {id} of {cpu} pending");
                Assert.True(irq.Active == bench.Bit(GicBench.ISACTIVER, id, cpu), $"{at}: {id} of {cpu} active");
                Assert.True(irq.Level == bench.Gic.QueryLevel(cpu, id), $"{at}: {id} of {cpu} level");
            }
        }
    }

    /// <summary>Does the same thing to both.</summary>
    private sealed class Steps(GicBench bench, ReferenceGic reference)
    {
        public void OpenEverything()
        {
            bench.Ready();
            reference.Forwarded.UnionWith([0, 1]);
            for (var cpu = 0; cpu < Cpus; cpu++)
            {
                reference.CpuOf(cpu).Mask = 0xF8;
                reference.CpuOf(cpu).Groups.UnionWith([0, 1]);
                foreach (var id in Intids)
                {
                    bench.SetBit(GicBench.ISENABLER, id, cpu);
                    reference.Get(cpu, id).Enabled = true;
                    reference.Get(cpu, id).Group = 1;
                }
            }

            reference.Settle();
        }

        public string Do(byte op, byte a, byte b, byte c)
        {
            var cpu = a % Cpus;
            var id = Intids[b % Intids.Length];
            var irq = reference.Get(cpu, id);
            var on = (c & 1) != 0;
            var group = c >> 1 & 1;
            switch (op % 26)
            {
                case 0 or 1:
                    bench.Gic.AssertLevel(cpu, id);
                    reference.Assert(irq);
                    return $"assert {id}";
                case 2:
                    bench.Gic.LatchEdge(cpu, id);
                    irq.Latch = true;
                    return $"edge {id}";
                case 3 or 4:
                    bench.Gic.ClearLevel(cpu, id);
                    reference.Clear(irq);
                    return $"clear {id}";
                case 5:
                    bench.SetBit(GicBench.ISENABLER, id, cpu);
                    irq.Enabled = true;
                    return $"enable {id}";
                case 6:
                    bench.SetBit(GicBench.ICENABLER, id, cpu);
                    reference.Disable(irq);
                    return $"disable {id}";
                case 7:
                    bench.SetBit(GicBench.ISPENDR, id, cpu);
                    reference.SetPending(irq, message: false);
                    return $"set pending {id}";
                case 8:
                    bench.SetBit(GicBench.ICPENDR, id, cpu);
                    reference.ClearPending(irq, cpu, message: false);
                    return $"clear pending {id}";
                case 9:
                    bench.SetBit(on ? GicBench.ISACTIVER : GicBench.ICACTIVER, id, cpu);
                    if (irq.Lr is null) irq.Active = on;
                    return $"active {id} {on}";
                case 10:
                    return SetGroup(cpu, id, irq, group);
                case 11:
                    bench.SetPriority(id, c, cpu);
                    irq.Priority = c & GicIdentityOf().PriorityMask;
                    if (irq is { Lr: { } lr, Active: false }) lr.Priority = irq.Priority;
                    return $"priority {id} {c & 0xF8:x}";
                case 12:
                    return SetEdge(cpu, id, irq, on);
                case 13:
                    if (id < 32) return "-";
                    var target = c % (Cpus + 1);
                    bench.Route(id, (ulong)target);
                    if (irq.Target != (target < Cpus ? target : -1)) reference.Change(irq, i => i.Target = target < Cpus ? target : -1);
                    return $"route {id} {target}";
                case 14:
                    bench.Write(0, (uint)c & 3);
                    reference.Forwarded.Clear();
                    if ((c & 1) != 0) reference.Forwarded.Add(0);
                    if ((c & 2) != 0) reference.Forwarded.Add(1);
                    return $"forward {c & 3}";
                case 15:
                    bench.Icc(cpu, group == 1 ? GicRegister.ICC_IGRPEN1_EL1 : GicRegister.ICC_IGRPEN0_EL1, on ? 1ul : 0);
                    if (on) reference.CpuOf(cpu).Groups.Add(group);
                    else reference.CpuOf(cpu).Groups.Remove(group);
                    return $"group {group} of {cpu} {on}";
                case 16:
                    bench.Icc(cpu, GicRegister.ICC_PMR_EL1, c);
                    reference.CpuOf(cpu).Mask = c & 0xF8;
                    return $"mask {c:x}";
                case 17 or 18:
                    return Acknowledge(cpu, group);
                case 19 or 20:
                    return End(cpu, c);
                case 21:
                    return Sgi(cpu, id & 15, c);
                case 22:
                    bench.Icc(cpu, GicRegister.ICC_CTLR_EL1, c);
                    reference.CpuOf(cpu).Split = (c & 2) != 0;
                    reference.CpuOf(cpu).Common = (c & 1) != 0;
                    return $"control {c & 3}";
                case 23:
                    return SetBinaryPoint(cpu, group, c >> 2 & 7);
                case 24:
                    if (id < 32 || !GicIdentityOf().HasMessageBasedSpis) return "-";
                    bench.Write(on ? 0x40u : 0x48, (uint)id, cpu);
                    if (on) reference.SetPending(irq, message: true);
                    else reference.ClearPending(irq, cpu, message: true);
                    return $"message {id} {on}";
                default:
                    bench.Icc(cpu, GicRegister.ICC_DIR_EL1, (ulong)id);
                    reference.DeactivateByDir(cpu, id);
                    return $"deactivate {id}";
            }
        }

        private GicIdentity GicIdentityOf() => GicBench.Identity(bench.Gic.IntidLimit == 1020);

        private string SetGroup(int cpu, int id, ReferenceGic.Irq irq, int group)
        {
            var offset = id < 32 ? 0x10080u : 0x80 + 4 * ((uint)id / 32);
            var value = id < 32 ? bench.ReadRedistributor(cpu, offset) : bench.Read(offset);
            value = value & ~(1u << (id % 32)) | (uint)group << (id % 32);
            if (id < 32) bench.WriteRedistributor(cpu, offset, value);
            else bench.Write(offset, value);
            if (irq.Group != group) reference.Change(irq, i => i.Group = group);
            return $"{id} in group {group}";
        }

        private string SetEdge(int cpu, int id, ReferenceGic.Irq irq, bool edge)
        {
            if (id < 16) return "-";
            bench.SetEdge(id, edge, cpu);
            if (irq.Edge == edge) return "-";
            reference.Change(irq, i => i.Edge = edge);
            if (!edge && bench.Gic.IntidLimit == 1020) irq.Software = irq.Message = false;
            return $"{id} edge {edge}";
        }

        private string Acknowledge(int cpu, int group)
        {
            var read = bench.Gic.CpuInterface(cpu).TryRead(group == 1 ? GicRegister.ICC_IAR1_EL1 : GicRegister.ICC_IAR0_EL1, out var id);
            var expected = reference.Acknowledge(cpu, group);
            if (read) Assert.Equal(expected, (int)id);
            else Assert.Equal(1023, expected);
            return $"acknowledge {expected}";
        }

        /// <summary>Ends something active, if there is anything; now and then by the wrong group.</summary>
        private string End(int cpu, byte choice)
        {
            var active = Intids.Where(i => reference.Get(cpu, i).Active).ToArray();
            var id = active.Length == 0 ? Intids[choice % Intids.Length] : active[choice % active.Length];
            var group = choice < 32 ? choice & 1 : reference.Get(cpu, id).Group;
            bench.Icc(cpu, group == 1 ? GicRegister.ICC_EOIR1_EL1 : GicRegister.ICC_EOIR0_EL1, (ulong)id);
            reference.End(cpu, id, group);
            return $"end {id} of group {group}";
        }

        private string Sgi(int cpu, int id, byte how)
        {
            id = id < 2 ? 0 : 3;
            var group = how & 1;
            var others = (how & 2) != 0;
            var list = (ulong)(how >> 2 & 3);
            bench.Icc(cpu, group == 1 ? GicRegister.ICC_SGI1R_EL1 : GicRegister.ICC_SGI0R_EL1, (ulong)id << 24 | (others ? 1ul << 40 : list));
            for (var to = 0; to < Cpus; to++)
            {
                var irq = reference.Get(to, id);
                var meant = others ? to != cpu : (list >> to & 1) != 0;
                if (meant && (irq.Group == group || (group == 1 && bench.Gic.IntidLimit == 1020))) irq.Latch = true;
            }

            return $"SGI {id}";
        }

        private string SetBinaryPoint(int cpu, int group, int value)
        {
            var c = reference.CpuOf(cpu);
            bench.Icc(cpu, group == 1 ? GicRegister.ICC_BPR1_EL1 : GicRegister.ICC_BPR0_EL1, (ulong)value);
            var works = bench.Gic.IntidLimit != 1020 || (reference.Forwarded.Contains(group) && c.Groups.Contains(group));
            if (works && group == 0) c.Bpr0 = Math.Max(value, 2);
            if (works && group == 1 && !c.Common) c.Bpr1 = Math.Max(value, 3);
            return $"BPR{group} {value}";
        }
    }
}
