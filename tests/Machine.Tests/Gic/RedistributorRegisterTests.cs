using RmStack.Machine.Gic;

namespace RmStack.Machine.Tests.Gic;

/// <summary>Gunyah's redistributor, register by register.</summary>
public class RedistributorRegisterTests
{
    private const uint STATUSR = 0x10;
    private const uint RRD = 1;
    private const uint WRD = 2;
    private const uint RWOD = 4;
    private const uint WROD = 8;

    private readonly GicBench _bench = new(GicIdentity.Gunyah, 3);

    [Theory]
    [InlineData(0x00000, 0, 0)]
    [InlineData(0x00004, 0x47000070, 0)]
    [InlineData(0x00008, 0x100, 0)]
    [InlineData(0x0000C, 1, 0)]
    [InlineData(0x00010, 0, 0)]
    [InlineData(0x00014, 0, 0)]
    [InlineData(0x00040, 0, RWOD)]
    [InlineData(0x00048, 0, RWOD)]
    [InlineData(0x00070, 0, 0)]
    [InlineData(0x00078, 0, 0)]
    [InlineData(0x000A0, 0, RWOD)]
    [InlineData(0x000B0, 0, RWOD)]
    [InlineData(0x000C0, 0, 0)]
    [InlineData(0x10080, 0, 0)]
    [InlineData(0x10100, 0, 0)]
    [InlineData(0x10180, 0, 0)]
    [InlineData(0x10200, 0, 0)]
    [InlineData(0x10280, 0, 0)]
    [InlineData(0x10300, 0, 0)]
    [InlineData(0x10380, 0, 0)]
    [InlineData(0x10400, 0, 0)]
    [InlineData(0x1041C, 0, 0)]
    [InlineData(0x10C00, 0xAAAAAAAA, 0)]
    [InlineData(0x10C04, 0, 0)]
    [InlineData(0x10D00, 0, 0)]
    [InlineData(0x10E00, 0, 0)]
    [InlineData(0x0FFE8, 0x30, 0)]
    [InlineData(0x00018, 0, RRD)]
    [InlineData(0x10084, 0, RRD)]
    [InlineData(0x10420, 0, RRD)]
    [InlineData(0x1FFE8, 0, RRD)]
    public void A_word_reads_its_reset_value_and_says_so_when_it_is_refused(uint offset, uint value, uint status)
    {
        Assert.Equal(value, _bench.ReadRedistributor(1, offset));
        Assert.Equal(status, _bench.ReadRedistributor(1, STATUSR));
        Assert.Equal(0u, _bench.ReadRedistributor(0, STATUSR));
        Assert.Equal(0u, _bench.Read(STATUSR));
    }

    [Theory]
    [InlineData(0x00000, 0)]
    [InlineData(0x00004, WROD)]
    [InlineData(0x00008, WROD)]
    [InlineData(0x0000C, WROD)]
    [InlineData(0x00040, 0)]
    [InlineData(0x00048, 0)]
    [InlineData(0x0FFE8, WROD)]
    [InlineData(0x10C00, 0)]
    [InlineData(0x10D00, 0)]
    [InlineData(0x10E00, 0)]
    public void A_write_that_is_ignored_changes_only_the_status(uint offset, uint status)
    {
        var before = _bench.ReadRedistributor(1, offset);
        _bench.WriteRedistributor(1, STATUSR, uint.MaxValue);
        _bench.WriteRedistributor(1, offset, uint.MaxValue);
        Assert.Equal(status, _bench.ReadRedistributor(1, STATUSR));
        Assert.Equal(before, _bench.ReadRedistributor(1, offset));
    }

    [Theory]
    [InlineData(0x00070)]
    [InlineData(0x00078)]
    [InlineData(0x000A0)]
    [InlineData(0x000B0)]
    [InlineData(0x00018)]
    [InlineData(0x10000)]
    [InlineData(0x10084)]
    [InlineData(0x10C08)]
    [InlineData(0x1FFE8)]
    public void A_write_to_no_register_is_an_external_abort_and_noted(uint offset)
    {
        Assert.False(_bench.Gic.TryWriteRedistributor(0, 1, offset, 4, 0));
        Assert.Equal(WRD, _bench.ReadRedistributor(1, STATUSR));
    }

    [Theory]
    [InlineData(0x00000, 1)]
    [InlineData(0x00000, 2)]
    [InlineData(0x10400, 2)]
    [InlineData(0x10420, 1)]
    [InlineData(0x10100, 1)]
    [InlineData(0x10100, 8)]
    [InlineData(0x10400, 8)]
    [InlineData(0x000B0, 8)]
    [InlineData(0x00004, 8)]
    [InlineData(0x0000A, 4)]
    [InlineData(0x20000, 4)]
    public void A_wrong_size_or_alignment_is_an_external_abort_and_not_noted(uint offset, int size)
    {
        Assert.False(_bench.Gic.TryReadRedistributor(0, 1, offset, size, out _));
        Assert.False(_bench.Gic.TryWriteRedistributor(0, 1, offset, size, ulong.MaxValue));
        Assert.Equal(0u, _bench.ReadRedistributor(1, STATUSR));
    }

    [Theory]
    [InlineData(0x00000)]
    [InlineData(0x00008)]
    [InlineData(0x00070)]
    [InlineData(0x000A0)]
    public void Doublewords_are_read_up_to_offset_a0(uint offset) =>
        Assert.True(_bench.Gic.TryReadRedistributor(0, 1, offset, 8, out _));

    [Fact]
    public void Typer_tells_affinity_number_and_the_last_frame()
    {
        var gic = new GicV3(3, GicIdentity.Gunyah, cpu => 0x80_8004_0300 + (ulong)cpu);
        Assert.True(gic.TryReadRedistributor(0, 1, 8, 8, out var middle));
        Assert.Equal(0x80040301_00000100ul, middle);
        Assert.True(gic.TryReadRedistributor(0, 2, 8, 8, out var last));
        Assert.Equal(0x80040302_00000210ul, last);
        gic.LastFrame = frame => frame switch { 1 => true, 2 => false, _ => null };
        Assert.True(gic.TryReadRedistributor(0, 1, 8, 4, out middle));
        Assert.Equal(0x110ul, middle);
        Assert.True(gic.TryReadRedistributor(0, 2, 8, 4, out last));
        Assert.Equal(0x200ul, last);
    }

    [Fact]
    public void Children_sleep_only_when_asked_and_with_both_groups_off()
    {
        _bench.WriteRedistributor(0, 0x14, uint.MaxValue);
        Assert.Equal(6u, _bench.ReadRedistributor(0, 0x14));
        _bench.Icc(0, GicRegister.ICC_IGRPEN0_EL1, 1);
        Assert.Equal(2u, _bench.ReadRedistributor(0, 0x14));
        _bench.Icc(0, GicRegister.ICC_IGRPEN0_EL1, 0);
        _bench.WriteRedistributor(0, 0x14, 0);
        Assert.Equal(0u, _bench.ReadRedistributor(0, 0x14));
    }

    [Fact]
    public void Sleep_holds_nothing_back()
    {
        _bench.Ready();
        _bench.WriteRedistributor(0, 0x14, 2);
        _bench.SetBit(GicBench.ISENABLER, 27);
        _bench.Gic.AssertLevel(0, 27);
        Assert.True(_bench.Gic.CpuInterface(0).IrqPending);
    }

    [Fact]
    public void A_cpu_may_program_the_redistributor_of_another()
    {
        Assert.True(_bench.Gic.TryWriteRedistributor(0, 2, 0x10100, 4, 0x0800_0001));
        Assert.True(_bench.Gic.TryReadRedistributor(1, 2, 0x10180, 4, out var value));
        Assert.Equal(0x0800_0001ul, value);
        Assert.Equal(0u, _bench.ReadRedistributor(0, 0x10100));
    }

    [Fact]
    public void Private_interrupts_have_full_registers()
    {
        _bench.WriteRedistributor(1, 0x10080, 0x12345678);
        Assert.Equal(0x12345678u, _bench.ReadRedistributor(1, 0x10080));
        _bench.WriteRedistributor(1, 0x10C04, uint.MaxValue);
        Assert.Equal(0xAAAAAAAAu, _bench.ReadRedistributor(1, 0x10C04));
        _bench.WriteRedistributor(1, 0x1041C, 0x1F2F3F4F);
        Assert.Equal(0x18283848u, _bench.ReadRedistributor(1, 0x1041C));
        Assert.True(_bench.Gic.TryReadRedistributor(1, 1, 0x1041D, 1, out var one));
        Assert.Equal(0x38ul, one);
    }
}
