using RmStack.Machine.Gic;
using static RmStack.Machine.Gic.GicRegister;

namespace RmStack.Machine.Tests.Gic;

/// <summary>Where Gunyah's controller is not plain hardware: from its code, and from what the public build was seen to do.</summary>
public class GunyahDeviationTests
{
    private const int Spi = 100;
    private readonly GicBench _bench = new GicBench(GicIdentity.Gunyah).Ready();
    private readonly ManualSource _source = new();

    public GunyahDeviationTests() => _bench.Gic.SetSource(0, Spi, _source);

    private GicCpuInterface Face => _bench.Gic.CpuInterface(0);

    [Fact]
    public void Spis_power_up_as_level_so_an_edge_stays_invisible_until_icfgr()
    {
        _bench.SetBit(GicBench.ISENABLER, Spi);
        _bench.Gic.LatchEdge(0, Spi);
        Assert.False(_bench.Bit(GicBench.ISPENDR, Spi));
        Assert.False(_bench.Gic.WakePending(0));
        _bench.SetEdge(Spi, true);
        Assert.True(Face.IrqPending);
        Assert.True(_bench.Gic.WakePending(0));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_pending_spi_in_the_own_list_register_cannot_be_taken_back(bool edge)
    {
        _bench.SetEdge(Spi, edge);
        _bench.SetBit(GicBench.ISENABLER, Spi);
        _bench.SetBit(GicBench.ISPENDR, Spi);
        _bench.SetBit(GicBench.ICPENDR, Spi);
        Assert.True(_bench.Bit(GicBench.ISPENDR, Spi));
        _bench.Write(0x48, Spi);
        Assert.True(Face.IrqPending);
        Assert.Equal((uint)Spi, _bench.Iar1());
        _bench.Eoir1(Spi);
        Assert.False(_bench.Bit(GicBench.ISPENDR, Spi));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Disabling_it_first_works(bool edge)
    {
        _bench.SetEdge(Spi, edge);
        _bench.SetBit(GicBench.ISENABLER, Spi);
        _bench.SetBit(GicBench.ISPENDR, Spi);
        _bench.SetBit(GicBench.ICENABLER, Spi);
        Assert.True(_bench.Bit(GicBench.ISPENDR, Spi));
        _bench.SetBit(GicBench.ICPENDR, Spi);
        Assert.False(_bench.Bit(GicBench.ISPENDR, Spi));
    }

    [Fact]
    public void A_level_set_by_ispendr_fires_after_each_end_until_icpendr()
    {
        _bench.SetBit(GicBench.ISENABLER, Spi);
        _bench.SetBit(GicBench.ISPENDR, Spi);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal((uint)Spi, _bench.Iar1());
            _bench.Eoir1(Spi);
        }

        Assert.Equal((uint)Spi, _bench.Iar1());
        _bench.SetBit(GicBench.ICPENDR, Spi);
        _bench.Eoir1(Spi);
        Assert.Equal(1023u, _bench.Iar1());
    }

    [Fact]
    public void On_plain_hardware_it_fires_once_and_can_be_taken_back()
    {
        var bench = new GicBench(GicIdentity.QemuVirt).Ready();
        bench.SetBit(GicBench.ISENABLER, Spi);
        bench.SetBit(GicBench.ISPENDR, Spi);
        Assert.Equal((uint)Spi, bench.Iar1());
        bench.Eoir1(Spi);
        Assert.Equal(1023u, bench.Iar1());
        bench.SetBit(GicBench.ISPENDR, Spi);
        bench.SetBit(GicBench.ICPENDR, Spi);
        Assert.Equal(1023u, bench.Iar1());
    }

    [Fact]
    public void A_level_source_lets_go_at_the_end_of_interrupt_not_before()
    {
        _bench.SetBit(GicBench.ISENABLER, Spi);
        _source.Condition = true;
        _bench.Gic.AssertLevel(0, Spi);
        _source.Condition = false;
        Assert.True(Face.IrqPending, "nobody asked yet");
        Assert.Equal((uint)Spi, _bench.Iar1());
        Assert.True(_bench.Gic.QueryLevel(0, Spi));
        _bench.Eoir1(Spi);
        Assert.False(_bench.Gic.QueryLevel(0, Spi));
        Assert.Equal([false], _source.Asked);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void A_reassertion_while_active_keeps_a_queue_pending_but_not_virtio(bool countsReassertion, bool again)
    {
        var source = new ManualSource { CountsReassertion = countsReassertion };
        _bench.Gic.SetSource(0, Spi, source);
        _bench.SetBit(GicBench.ISENABLER, Spi);
        _bench.Gic.AssertLevel(0, Spi);
        Assert.Equal((uint)Spi, _bench.Iar1());
        _bench.Gic.AssertLevel(0, Spi);
        _bench.Eoir1(Spi);
        Assert.Equal(again, Face.IrqPending);
        Assert.Equal([true], source.Asked);
        if (!again) return;
        Assert.Equal((uint)Spi, _bench.Iar1());
        _bench.Eoir1(Spi);
        Assert.False(Face.IrqPending);
    }

    [Fact]
    public void Assertions_merge_while_pending()
    {
        _bench.SetBit(GicBench.ISENABLER, Spi);
        _bench.Gic.AssertLevel(0, Spi);
        _bench.Gic.AssertLevel(0, Spi);
        Assert.Equal((uint)Spi, _bench.Iar1());
        _bench.Eoir1(Spi);
        Assert.False(Face.IrqPending);
        Assert.Equal([false], _source.Asked);
    }

    [Fact]
    public void Icpendr_asks_the_source_with_the_edge_as_it_was()
    {
        _bench.Gic.AssertLevel(0, Spi);
        _bench.SetBit(GicBench.ICPENDR, Spi);
        Assert.True(_bench.Bit(GicBench.ISPENDR, Spi), "freshly asserted: stays");
        _bench.SetBit(GicBench.ICPENDR, Spi);
        Assert.False(_bench.Bit(GicBench.ISPENDR, Spi));
        Assert.Equal([true, false], _source.Asked);
    }

    [Fact]
    public void Icenabler_asks_the_source_too()
    {
        _bench.SetBit(GicBench.ISENABLER, Spi);
        _bench.Gic.AssertLevel(0, Spi);
        Assert.Equal((uint)Spi, _bench.Iar1());
        _bench.SetBit(GicBench.ICENABLER, Spi);
        Assert.False(_bench.Gic.QueryLevel(0, Spi));
        Assert.True(_bench.Bit(GicBench.ISACTIVER, Spi));
        _bench.Eoir1(Spi);
        Assert.False(_bench.Bit(GicBench.ISACTIVER, Spi));
    }

    [Fact]
    public void Making_it_level_drops_what_software_set_and_keeps_the_source_and_the_edge()
    {
        _bench.SetEdge(Spi, true);
        _bench.SetBit(GicBench.ISPENDR, Spi);
        _bench.Write(0x40, Spi);
        _bench.SetEdge(Spi, false);
        Assert.False(_bench.Bit(GicBench.ISPENDR, Spi));
        _bench.SetEdge(Spi, true);
        Assert.True(_bench.Bit(GicBench.ISPENDR, Spi));
        _source.Condition = true;
        _bench.Gic.AssertLevel(0, Spi);
        _bench.SetEdge(Spi, false);
        Assert.True(_bench.Bit(GicBench.ISPENDR, Spi));
    }

    [Fact]
    public void The_active_bit_of_a_listed_interrupt_cannot_be_written()
    {
        _bench.SetBit(GicBench.ISENABLER, Spi);
        _bench.Gic.AssertLevel(0, Spi);
        _bench.SetBit(GicBench.ISACTIVER, Spi);
        Assert.False(_bench.Bit(GicBench.ISACTIVER, Spi));
        _bench.Iar1();
        _bench.SetBit(GicBench.ICACTIVER, Spi);
        Assert.True(_bench.Bit(GicBench.ISACTIVER, Spi));
        _bench.SetBit(GicBench.ISACTIVER, Spi + 1);
        Assert.True(_bench.Bit(GicBench.ISACTIVER, Spi + 1));
        _bench.SetBit(GicBench.ICACTIVER, Spi + 1);
        Assert.False(_bench.Bit(GicBench.ISACTIVER, Spi + 1));
    }

    [Fact]
    public void Turning_a_group_off_gives_list_registers_back_and_on_again_delivers()
    {
        _source.Condition = true;
        _bench.SetBit(GicBench.ISENABLER, Spi);
        _bench.Gic.AssertLevel(0, Spi);
        _bench.Write(0, 1);
        Assert.False(Face.AnythingPending);
        Assert.True(_bench.Bit(GicBench.ISPENDR, Spi));
        Assert.Equal([true], _source.Asked);
        _bench.Write(0, 3);
        Assert.True(Face.IrqPending);
    }

    [Fact]
    public void Routes_move_a_pending_interrupt_and_read_as_zero()
    {
        _source.Condition = true;
        _bench.SetBit(GicBench.ISENABLER, Spi);
        _bench.Gic.AssertLevel(0, Spi);
        _bench.Route(Spi, 1);
        Assert.False(Face.IrqPending);
        Assert.True(_bench.Gic.CpuInterface(1).IrqPending);
        _bench.Route(Spi, 77);
        Assert.False(_bench.Gic.CpuInterface(1).IrqPending);
        _bench.Route(Spi, 1ul << 31);
        Assert.True(Face.IrqPending);
        Assert.True(_bench.Gic.TryReadDistributor(0, 0x6000 + 8 * Spi, 8, out var route));
        Assert.Equal(0ul, route);
    }

    [Fact]
    public void An_interrupt_already_listed_and_masked_neither_keeps_a_vcpu_awake_nor_wakes_it_again()
    {
        _bench.SetBit(GicBench.ISENABLER, Spi);
        _bench.SetBit(GicBench.ISENABLER, Spi + 1);
        Face.SetPriorityMask(0);
        _bench.Gic.AssertLevel(0, Spi);
        Assert.Equal([0], _bench.Wakes);
        Assert.False(_bench.Gic.WakePending(0));
        _bench.Gic.AssertLevel(0, Spi);
        Assert.Equal([0], _bench.Wakes);
        _bench.Gic.AssertLevel(0, Spi + 1);
        Assert.Equal([0, 0], _bench.Wakes);
        Assert.False(_bench.Gic.WakePending(0));
        Face.SetPriorityMask(0xF8);
        Assert.True(_bench.Gic.WakePending(0));
    }

    [Fact]
    public void A_scheduler_that_polls_sees_a_masked_arrival_until_the_next_wait()
    {
        _bench.Gic.Wake = null;
        _bench.SetBit(GicBench.ISENABLER, Spi);
        Face.SetPriorityMask(0);
        _bench.Gic.AssertLevel(0, Spi);
        Assert.True(_bench.Gic.WakePending(0));
        _bench.Gic.BeginWait(0);
        Assert.False(_bench.Gic.WakePending(0));
        _bench.Gic.AssertLevel(0, Spi);
        Assert.False(_bench.Gic.WakePending(0));
    }

    [Fact]
    public void A_vcpu_is_woken_only_for_what_is_enabled_in_a_group_that_is_on_everywhere_and_routed_to_it()
    {
        var bench = new GicBench(GicIdentity.Gunyah);
        bench.Gic.AssertLevel(0, Spi);
        bench.Route(Spi, 5);
        bench.Write(0x80 + 4 * (Spi / 32), uint.MaxValue);
        bench.SetBit(GicBench.ISENABLER, Spi);
        bench.Icc(1, ICC_IGRPEN1_EL1, 1);
        bench.Write(0, 1);
        bench.Route(Spi, 1);
        Assert.Empty(bench.Wakes);
        bench.Write(0, 2);
        Assert.Equal([1], bench.Wakes);
        bench.Icc(1, ICC_IGRPEN1_EL1, 0);
        bench.Icc(1, ICC_IGRPEN1_EL1, 1);
        Assert.Equal([1, 1], bench.Wakes);
    }

    [Fact]
    public void An_unbound_source_is_a_wire_again()
    {
        _bench.SetBit(GicBench.ISENABLER, Spi);
        _bench.Gic.AssertLevel(0, Spi);
        _bench.Gic.ClearLevel(0, Spi);
        _bench.Gic.SetSource(0, Spi, null);
        Assert.False(Face.IrqPending);
        _bench.Gic.AssertLevel(0, Spi);
        Assert.Equal((uint)Spi, _bench.Iar1());
        _bench.Eoir1(Spi);
        Assert.True(Face.IrqPending);
    }
}
