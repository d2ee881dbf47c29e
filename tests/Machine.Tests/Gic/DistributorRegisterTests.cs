using RmStack.Machine.Gic;

namespace RmStack.Machine.Tests.Gic;

/// <summary>Gunyah's distributor, register by register, corrected by what the public build was seen to do.</summary>
public class DistributorRegisterTests
{
    private const uint STATUSR = 0x10;
    private const uint RRD = 1;
    private const uint WRD = 2;
    private const uint RWOD = 4;
    private const uint WROD = 8;

    private readonly GicBench _bench = new(GicIdentity.Gunyah, 8);

    [Theory]
    [InlineData(0x0000, 0x50, 0)]
    [InlineData(0x0004, 0x0349001F, 0)]
    [InlineData(0x0008, 0x47000070, 0)]
    [InlineData(0x000C, 0, 0)]
    [InlineData(0x0010, 0, 0)]
    [InlineData(0x0040, 0, RWOD)]
    [InlineData(0x0048, 0, RWOD)]
    [InlineData(0x0050, 0, RWOD)]
    [InlineData(0x0058, 0, RWOD)]
    [InlineData(0x0080, 0, 0)]
    [InlineData(0x00FC, 0, 0)]
    [InlineData(0x0100, 0, 0)]
    [InlineData(0x0180, 0, 0)]
    [InlineData(0x0200, 0, 0)]
    [InlineData(0x0280, 0, 0)]
    [InlineData(0x0300, 0, 0)]
    [InlineData(0x0380, 0, 0)]
    [InlineData(0x03FC, 0, 0)]
    [InlineData(0x0400, 0, 0)]
    [InlineData(0x07F8, 0, 0)]
    [InlineData(0x07FC, 0, RRD)]
    [InlineData(0x0800, 0, 0)]
    [InlineData(0x0BF8, 0, 0)]
    [InlineData(0x0BFC, 0, RRD)]
    [InlineData(0x0C00, 0xAAAAAAAA, 0)]
    [InlineData(0x0C04, 0, 0)]
    [InlineData(0x0C08, 0, 0)]
    [InlineData(0x0CFC, 0, 0)]
    [InlineData(0x0D00, 0, 0)]
    [InlineData(0x0E00, 0, 0)]
    [InlineData(0x0F00, 0, RWOD)]
    [InlineData(0x0F10, 0, RRD)]
    [InlineData(0x0F20, 0, RRD)]
    [InlineData(0x6100, 0, RRD)]
    [InlineData(0x7FD8, 0, RRD)]
    [InlineData(0xFFE8, 0x30, 0)]
    [InlineData(0x0014, 0, RRD)]
    [InlineData(0x1000, 0, RRD)]
    [InlineData(0x6000, 0, RRD)]
    [InlineData(0xFFE0, 0, RRD)]
    [InlineData(0xFFFC, 0, RRD)]
    public void A_word_reads_its_reset_value_and_says_so_when_it_is_refused(uint offset, uint value, uint status)
    {
        Assert.Equal(value, _bench.Read(offset));
        Assert.Equal(status, _bench.Read(STATUSR));
    }

    [Theory]
    [InlineData(0x0004, WROD)]
    [InlineData(0x0008, WROD)]
    [InlineData(0x000C, WROD)]
    [InlineData(0xFFE8, WROD)]
    [InlineData(0x0050, 0)]
    [InlineData(0x0058, 0)]
    [InlineData(0x0080, 0)]
    [InlineData(0x0100, 0)]
    [InlineData(0x0180, 0)]
    [InlineData(0x0200, 0)]
    [InlineData(0x0280, 0)]
    [InlineData(0x0300, 0)]
    [InlineData(0x0380, 0)]
    [InlineData(0x0400, 0)]
    [InlineData(0x041C, 0)]
    [InlineData(0x07FC, 0)]
    [InlineData(0x0800, 0)]
    [InlineData(0x0BF8, 0)]
    [InlineData(0x0C00, 0)]
    [InlineData(0x0C04, 0)]
    [InlineData(0x0D00, 0)]
    [InlineData(0x0E00, 0)]
    [InlineData(0x0F00, 0)]
    [InlineData(0x0F10, 0)]
    [InlineData(0x0F20, 0)]
    public void A_write_that_is_ignored_changes_only_the_status(uint offset, uint status)
    {
        var before = Snapshot();
        _bench.Write(offset, uint.MaxValue);
        Assert.Equal(status, _bench.Read(STATUSR));
        _bench.Write(STATUSR, uint.MaxValue);
        Assert.Equal(before, Snapshot());
    }

    [Theory]
    [InlineData(0x0014)]
    [InlineData(0x0BFC)]
    [InlineData(0x0F30)]
    [InlineData(0x1000)]
    [InlineData(0x6000)]
    [InlineData(0x8000)]
    [InlineData(0xFFE0)]
    [InlineData(0xFFEC)]
    public void A_write_to_no_register_is_an_external_abort_and_noted(uint offset)
    {
        Assert.False(_bench.Gic.TryWriteDistributor(0, offset, 4, 0));
        Assert.Equal(WRD, _bench.Read(STATUSR));
    }

    [Theory]
    [InlineData(0x0000, 1)]
    [InlineData(0x0000, 2)]
    [InlineData(0x0000, 8)]
    [InlineData(0x0002, 4)]
    [InlineData(0x0041, 2)]
    [InlineData(0x0050, 2)]
    [InlineData(0x0100, 1)]
    [InlineData(0x0100, 8)]
    [InlineData(0x0400, 2)]
    [InlineData(0x0400, 8)]
    [InlineData(0x07FC, 1)]
    [InlineData(0x0BFC, 1)]
    [InlineData(0x0C00, 1)]
    [InlineData(0x6104, 8)]
    [InlineData(0x6100, 2)]
    [InlineData(0x60F8, 8)]
    [InlineData(0x10000, 4)]
    [InlineData(0x0000, 3)]
    [InlineData(0x0000, 16)]
    public void A_wrong_size_or_alignment_is_an_external_abort_and_not_noted(uint offset, int size)
    {
        Assert.False(_bench.Gic.TryReadDistributor(0, offset, size, out var value));
        Assert.Equal(0ul, value);
        Assert.False(_bench.Gic.TryWriteDistributor(0, offset, size, ulong.MaxValue));
        Assert.Equal(0u, _bench.Read(STATUSR));
        Assert.Equal(0x50u, _bench.Read(0));
    }

    [Theory]
    [InlineData(0x0040, 2)]
    [InlineData(0x0048, 2)]
    [InlineData(0x0421, 1)]
    [InlineData(0x07FB, 1)]
    [InlineData(0x0801, 1)]
    [InlineData(0x0BFB, 1)]
    [InlineData(0x0F11, 1)]
    [InlineData(0x0F2F, 1)]
    [InlineData(0x6100, 8)]
    [InlineData(0x7FF8, 8)]
    [InlineData(0x6101, 1)]
    public void The_sizes_it_takes_besides_words(uint offset, int size)
    {
        Assert.True(_bench.Gic.TryReadDistributor(0, offset, size, out _));
        Assert.True(_bench.Gic.TryWriteDistributor(0, offset, size, 0));
    }

    [Fact]
    public void Ctlr_keeps_its_two_group_enables_only()
    {
        _bench.Write(0, uint.MaxValue);
        Assert.Equal(0x53u, _bench.Read(0));
        _bench.Write(0, 0);
        Assert.Equal(0x50u, _bench.Read(0));
    }

    [Fact]
    public void Status_bits_are_cleared_by_writing_ones()
    {
        _bench.Read(0x14);
        _bench.Write(4, 0);
        _bench.Read(0x40);
        Assert.Equal(RRD | WROD | RWOD, _bench.Read(STATUSR));
        _bench.Write(STATUSR, WROD);
        Assert.Equal(RRD | RWOD, _bench.Read(STATUSR));
    }

    [Theory]
    [InlineData(0x0080, 0x0080)]
    [InlineData(0x0100, 0x0180)]
    [InlineData(0x0200, 0x0280)]
    [InlineData(0x0300, 0x0380)]
    public void Every_spi_word_keeps_the_bits_of_its_interrupts(uint set, uint other)
    {
        for (var word = 1u; word < 32; word++)
        {
            var exist = word == 31 ? 0x0FFFFFFFu : uint.MaxValue;
            _bench.Write(set + 4 * word, uint.MaxValue);
            Assert.Equal(exist, _bench.Read(other + 4 * word));
            if (set == other)
            {
                _bench.Write(set + 4 * word, 0x5555);
                Assert.Equal(0x5555u & exist, _bench.Read(set + 4 * word));
                continue;
            }

            _bench.Write(other + 4 * word, 0xFF00FF00);
            Assert.Equal(exist & 0x00FF00FF, _bench.Read(set + 4 * word));
        }
    }

    [Fact]
    public void Priorities_keep_five_bits_and_take_bytes_and_words()
    {
        _bench.Write(0x420, 0xFFA1_07F8);
        Assert.Equal(0xF8A0_00F8u, _bench.Read(0x420));
        Assert.True(_bench.Gic.TryWriteDistributor(0, 0x422, 1, 0x4F));
        Assert.True(_bench.Gic.TryReadDistributor(0, 0x422, 1, out var value));
        Assert.Equal(0x48ul, value);
        Assert.Equal(0xF848_00F8u, _bench.Read(0x420));
        _bench.Write(0x7F8, uint.MaxValue);
        Assert.Equal(0xF8F8F8F8u, _bench.Read(0x7F8));
    }

    [Fact]
    public void Configuration_keeps_the_odd_bits()
    {
        for (var word = 2u; word < 64; word++)
        {
            _bench.Write(0xC00 + 4 * word, uint.MaxValue);
            Assert.Equal(word == 63 ? 0x00AAAAAAu : 0xAAAAAAAA, _bench.Read(0xC00 + 4 * word));
        }
    }

    [Fact]
    public void Private_words_read_the_state_of_the_cpu_that_asks()
    {
        _bench.WriteRedistributor(3, 0x10080, 0xF00F0001);
        _bench.WriteRedistributor(3, 0x10100, 0x08000002);
        _bench.WriteRedistributor(3, 0x10200, 0x00000004);
        _bench.WriteRedistributor(3, 0x10300, 0x00000008);
        _bench.WriteRedistributor(3, 0x10404, 0x88807870);
        _bench.WriteRedistributor(3, 0x10C04, 0x00800000);
        Assert.Equal(0xF00F0001u, _bench.Read(0x80, cpu: 3));
        Assert.Equal(0x08000002u, _bench.Read(0x100, cpu: 3));
        Assert.Equal(0x08000002u, _bench.Read(0x180, cpu: 3));
        Assert.Equal(0x00000004u, _bench.Read(0x200, cpu: 3));
        Assert.Equal(0x00000008u, _bench.Read(0x300, cpu: 3));
        Assert.Equal(0x88807870u, _bench.Read(0x404, cpu: 3));
        Assert.Equal(0x00800000u, _bench.Read(0xC04, cpu: 3));
        foreach (var offset in new uint[] { 0x80, 0x100, 0x200, 0x300, 0x404, 0xC04 }) Assert.Equal(0u, _bench.Read(offset, cpu: 2));
    }

    [Theory]
    [InlineData(4, 32 + 5, true)]
    [InlineData(2, 1019, true)]
    [InlineData(4, 0x400 + 40, true)]
    [InlineData(4, 31, false)]
    [InlineData(4, 1020, false)]
    public void Message_based_spis_are_named_by_ten_bits(int size, int value, bool exists)
    {
        var intid = value & 0x3FF;
        Assert.True(_bench.Gic.TryWriteDistributor(0, 0x40, size, (ulong)value));
        Assert.Equal(exists, intid < 1020 && _bench.Bit(GicBench.ISPENDR, intid));
        Assert.True(_bench.Gic.TryWriteDistributor(0, 0x48, size, (ulong)value));
        Assert.False(intid < 1020 && _bench.Bit(GicBench.ISPENDR, intid));
    }

    private uint[] Snapshot()
    {
        var values = new List<uint>();
        for (var offset = 0x80u; offset < 0xD00; offset += 4)
        {
            if (offset is < 0x800 or >= 0xC00) values.Add(_bench.Read(offset));
        }

        for (var cpu = 0; cpu < 2; cpu++)
        {
            for (var offset = 0x10080u; offset < 0x10C08; offset += 0x80) values.Add(_bench.ReadRedistributor(cpu, offset));
        }

        _bench.Write(STATUSR, uint.MaxValue);
        return [.. values];
    }
}
