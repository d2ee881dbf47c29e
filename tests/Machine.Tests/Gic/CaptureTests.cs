using RmStack.Machine.Gic;

namespace RmStack.Machine.Tests.Gic;

/// <summary>
/// What a guest saw under the real Gunyah: en, pend, act, the word of ISACTIVER or ISPENDR, HPPIR1 and RPR
/// around an interrupt of a receive queue, and the pending bits of a doorbell disabled at the GIC.
/// </summary>
public class CaptureTests
{
    private const int Rx = 961;
    private const int Bell = 962;

    private readonly GicBench _bench = new GicBench(GicIdentity.Gunyah).Ready();
    private readonly ManualSource _source = new();

    public CaptureTests()
    {
        _bench.Gic.SetSource(0, Rx, _source);
        _bench.Gic.SetSource(0, Bell, _source);
    }

    [Fact]
    public void Level_queue_drained_before_the_end_of_interrupt()
    {
        _bench.SetBit(GicBench.ISENABLER, Rx);
        Arrive();
        Expect(pend: true, act: false, hppir: Rx, rpr: 0xFF);
        Assert.Equal((uint)Rx, _bench.Iar1());
        _source.Condition = false;
        Expect(pend: false, act: true, hppir: 1023, rpr: 0);
        _bench.Eoir1(Rx);
        Expect(pend: false, act: false, hppir: 1023, rpr: 0xFF);
        Assert.Equal(1023u, _bench.Iar1());
    }

    [Fact]
    public void Level_queue_drained_after_the_end_of_interrupt_interrupts_again()
    {
        _bench.SetBit(GicBench.ISENABLER, Rx);
        Arrive();
        Assert.Equal((uint)Rx, _bench.Iar1());
        _bench.Eoir1(Rx);
        Expect(pend: true, act: false, hppir: Rx, rpr: 0xFF);
        Assert.Equal((uint)Rx, _bench.Iar1());
        _source.Condition = false;
        Expect(pend: false, act: true, hppir: 1023, rpr: 0);
        _bench.Eoir1(Rx);
        Expect(pend: false, act: false, hppir: 1023, rpr: 0xFF);
        Assert.Equal(1023u, _bench.Iar1());
        Assert.Equal([false, false], _source.Asked);
    }

    [Fact]
    public void Edge_queue_does_not_fire_again_for_what_is_left()
    {
        _bench.SetEdge(Rx, true);
        _bench.SetBit(GicBench.ISENABLER, Rx);
        Arrive();
        Arrive();
        Assert.Equal((uint)Rx, _bench.Iar1());
        _bench.Eoir1(Rx);
        Expect(pend: false, act: false, hppir: 1023, rpr: 0xFF);
        _source.Condition = false;
        Expect(pend: false, act: false, hppir: 1023, rpr: 0xFF);
        Assert.Empty(_source.Asked);
    }

    [Fact]
    public void Doorbell_as_edge_disabled_at_the_gic()
    {
        _bench.SetEdge(Bell, true);
        _bench.Gic.AssertLevel(0, Bell);
        Assert.True(Pend(Bell));
        _bench.Gic.ClearLevel(0, Bell);
        Assert.True(Pend(Bell), "edge stays over reset");
        _bench.SetBit(GicBench.ICPENDR, Bell);
        Assert.False(Pend(Bell));
        _bench.Gic.LatchEdge(0, Bell);
        Assert.True(Pend(Bell), "a masked send is an edge all the same");
    }

    [Fact]
    public void Doorbell_as_level_disabled_at_the_gic()
    {
        _bench.Gic.LatchEdge(0, Bell);
        Assert.False(Pend(Bell), "masked send");
        _bench.Gic.AssertLevel(0, Bell);
        Assert.True(Pend(Bell), "unmasked");
        _bench.Gic.ClearLevel(0, Bell);
        Assert.False(Pend(Bell), "reset");
        _bench.Gic.AssertLevel(0, Bell);
        Assert.True(Pend(Bell), "send");
        _bench.Gic.ClearLevel(0, Bell);
        Assert.False(Pend(Bell), "reset");
        _bench.SetEdge(Bell, true);
        Assert.True(Pend(Bell), "now edge");
    }

    private void Arrive()
    {
        _source.Condition = true;
        _bench.Gic.AssertLevel(0, Rx);
    }

    private bool Pend(int intid) => _bench.Bit(GicBench.ISPENDR, intid);

    private void Expect(bool pend, bool act, uint hppir, uint rpr)
    {
        Assert.True(_bench.Bit(GicBench.ISENABLER, Rx));
        Assert.Equal(pend, Pend(Rx));
        Assert.Equal(act, _bench.Bit(GicBench.ISACTIVER, Rx));
        Assert.Equal(hppir, _bench.Hppir1());
        Assert.Equal(rpr, _bench.Rpr());
    }
}
