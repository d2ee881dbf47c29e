using RmStack.Machine.Gic;
using static RmStack.Machine.Gic.GicRegister;

namespace RmStack.Machine.Tests.Gic;

public class SgiTests
{
    private readonly GicV3 _gic = new(6, GicIdentity.Gunyah, Affinity);

    public SgiTests()
    {
        _gic.TryWriteDistributor(0, 0, 4, 3);
        for (var cpu = 0; cpu < 6; cpu++)
        {
            _gic.TryWriteRedistributor(cpu, cpu, 0x10080, 4, 0xFF);
            _gic.TryWriteRedistributor(cpu, cpu, 0x10100, 4, 0xFFFF);
        }
    }

    [Theory]
    [InlineData(0x0000_0000_0500_0001, new[] { 0 })]
    [InlineData(0x0000_0000_0500_0003, new[] { 0, 1 })]
    [InlineData(0x0000_0000_0501_0003, new[] { 2 })]
    [InlineData(0x0000_0007_0500_0001, new[] { 3 })]
    [InlineData(0x0009_0000_0500_8000, new[] { 4 })]
    [InlineData(0x0000_2000_0500_0004, new[] { 5 })]
    [InlineData(0x0000_0000_0500_FFFC, new int[0])]
    [InlineData(0x0000_1000_0500_FFFF, new int[0])]
    [InlineData(0x00FF_0000_0500_FFFF, new int[0])]
    [InlineData(0x0000_0100_0500_0000, new[] { 0, 2, 3, 4, 5 })]
    [InlineData(0x00FF_01FF_05FF_FFFF, new[] { 0, 2, 3, 4, 5 })]
    public void The_target_list_is_affinity_range_selector_and_bits(long value, int[] targets)
    {
        Assert.True(_gic.CpuInterface(1).TryWrite(ICC_SGI1R_EL1, (ulong)value));
        Assert.Equal(targets, Enumerable.Range(0, 6).Where(cpu => Pending(cpu) == 1u << 5));
        Assert.Equal(targets.Length, Enumerable.Range(0, 6).Count(cpu => Pending(cpu) != 0));
    }

    /// <summary>SGIs 0 to 7 are group 1 here, 8 to 15 group 0.</summary>
    [Theory]
    [InlineData(ICC_SGI1R_EL1, 3, true)]
    [InlineData(ICC_SGI1R_EL1, 9, true)]
    [InlineData(ICC_SGI0R_EL1, 3, false)]
    [InlineData(ICC_SGI0R_EL1, 9, true)]
    [InlineData(ICC_ASGI1R_EL1, 3, false)]
    [InlineData(ICC_ASGI1R_EL1, 9, true)]
    public void Group_0_registers_do_not_reach_group_1(uint register, uint intid, bool arrives)
    {
        Assert.True(_gic.CpuInterface(0).TryWrite(register, (ulong)intid << 24 | 1));
        Assert.Equal(arrives ? 1u << (int)intid : 0, Pending(0));
    }

    [Fact]
    public void An_sgi_is_taken_back_by_icpendr_even_when_listed()
    {
        _gic.CpuInterface(0).EnableGroup1(true);
        _gic.CpuInterface(0).SetPriorityMask(0xF8);
        _gic.CpuInterface(0).TryWrite(ICC_SGI1R_EL1, 3 << 24 | 1);
        Assert.True(_gic.CpuInterface(0).IrqPending);
        Assert.True(_gic.TryWriteRedistributor(0, 0, 0x10280, 4, 8));
        Assert.False(_gic.CpuInterface(0).IrqPending);
        Assert.Equal(GicCpuInterface.Spurious, _gic.CpuInterface(0).AcknowledgeGroup1());
    }

    [Fact]
    public void Sgis_merge_and_one_sent_while_active_is_delivered_after_the_end()
    {
        var face = _gic.CpuInterface(2);
        face.EnableGroup1(true);
        face.SetPriorityMask(0xF8);
        for (var i = 0; i < 3; i++) face.TryWrite(ICC_SGI1R_EL1, 4 << 24 | 1 << 16 | 2);
        Assert.Equal(4u, face.AcknowledgeGroup1());
        face.TryWrite(ICC_SGI1R_EL1, 4 << 24 | 1 << 16 | 2);
        Assert.False(face.IrqPending);
        face.EndOfInterruptGroup1(4);
        Assert.Equal(4u, face.AcknowledgeGroup1());
        face.EndOfInterruptGroup1(4);
        Assert.Equal(GicCpuInterface.Spurious, face.AcknowledgeGroup1());
    }

    private static ulong Affinity(int cpu) => cpu switch
    {
        0 => 0x8000_0000,
        1 => 0x8000_0001,
        2 => 0x8000_0101,
        3 => 0x8007_0000,
        4 => 0x09_8000_000F,
        _ => 0x8000_0022,
    };

    private uint Pending(int cpu)
    {
        Assert.True(_gic.TryReadRedistributor(cpu, cpu, 0x10200, 4, out var value));
        return (uint)value;
    }
}
