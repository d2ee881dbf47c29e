using System.Text;
using FsCheck.Xunit;
using RmStack.Machine.Devices;

namespace RmStack.Machine.Tests.Devices;

/// <summary>The PL011 as the kernel drives it.</summary>
public class Pl011Tests
{
    private const uint DR = 0x00;
    private const uint FR = 0x18;
    private const uint IBRD = 0x24;
    private const uint FBRD = 0x28;
    private const uint LCR_H = 0x2C;
    private const uint CR = 0x30;
    private const uint IMSC = 0x38;
    private const uint RIS = 0x3C;
    private const uint MIS = 0x40;
    private const uint ICR = 0x44;

    private readonly List<byte> _sent = [];
    private readonly List<bool> _line = [];
    private readonly Pl011 _uart;

    public Pl011Tests() => _uart = new Pl011(_sent.Add) { InterruptLineChanged = _line.Add };

    [Fact]
    public void The_bus_finds_revision_1_of_a_pl011()
    {
        var id = Enumerable.Range(0, 8).Select(i => (byte)_uart.Read(0xFE0 + 4 * (uint)i, 4));
        Assert.Equal(new byte[] { 0x11, 0x10, 0x14, 0x00, 0x0D, 0xF0, 0x05, 0xB1 }, id);
    }

    [Fact]
    public void Earlycon_polls_and_stores_bytes_without_any_set_up()
    {
        foreach (var c in "Booting"u8)
        {
            Assert.Equal(0x90ul, _uart.Read(FR, 4));
            _uart.Write(DR, 1, c);
        }

        Assert.Equal("Booting", Encoding.ASCII.GetString([.. _sent]));
    }

    [Fact]
    public void The_driver_sets_it_up_and_prints()
    {
        Assert.Equal(0x300ul, _uart.Read(CR, 2));
        _uart.Write(IMSC, 2, 0);
        _uart.Write(ICR, 2, 0xFFFF);
        _uart.Write(IBRD, 2, 0x27);
        _uart.Write(FBRD, 2, 4);
        _uart.Write(LCR_H, 2, 0x70);
        _uart.Write(0x34, 2, 0x12);
        _uart.Write(CR, 2, 0x301);
        _uart.Write(DR, 2, 'x');
        Assert.Equal((0x27ul, 4ul, 0x70ul, 0x301ul), (_uart.Read(IBRD, 2), _uart.Read(FBRD, 2), _uart.Read(LCR_H, 2), _uart.Read(CR, 2)));
        Assert.Equal("x"u8.ToArray(), _sent);
        Assert.Equal(0, _uart.GuestErrors);
        Assert.Empty(_line);
    }

    [Fact]
    public void A_typed_line_raises_one_interrupt_that_draining_lowers()
    {
        OpenTty();
        foreach (var c in "ls\r"u8) Assert.True(_uart.Receive(c));
        Assert.Equal([true], _line);
        Assert.Equal(0x10ul, _uart.Read(RIS, 2));
        Assert.Equal(0x10ul, _uart.Read(MIS, 2));
        Assert.Equal(0x80ul, _uart.Read(FR, 2));
        var read = new List<byte>();
        while ((_uart.Read(FR, 2) & 0x10) == 0) read.Add((byte)_uart.Read(DR, 2));
        Assert.Equal("ls\r"u8.ToArray(), read);
        Assert.Equal(0ul, _uart.Read(RIS, 2));
        Assert.Equal([true, false], _line);
    }

    [Fact]
    public void Output_shows_in_the_raw_status_but_interrupts_only_if_unmasked()
    {
        OpenTty();
        _uart.Write(DR, 2, 'a');
        _uart.Receive((byte)'b');
        Assert.Equal(0x30ul, _uart.Read(RIS, 2));
        _uart.Read(DR, 2);
        Assert.Equal(0x20ul, _uart.Read(RIS, 2));
        Assert.False(_uart.InterruptLine);
        _uart.Write(IMSC, 2, 0x70);
        Assert.True(_uart.InterruptLine);
        _uart.Write(ICR, 2, 0x20);
        Assert.False(_uart.InterruptLine);
    }

    [Fact]
    public void The_fifo_takes_sixteen_and_says_when_there_is_room_again()
    {
        OpenTty();
        var room = 0;
        _uart.RoomToReceive = () => room++;
        for (var i = 0; i < 16; i++) Assert.True(_uart.Receive((byte)i));
        Assert.False(_uart.Receive(99));
        Assert.Equal(0, _uart.ReceiveRoom);
        Assert.Equal(0xC0ul, _uart.Read(FR, 4));
        Assert.Equal(0ul, _uart.Read(DR, 4));
        Assert.Equal(1, room);
        _uart.Read(DR, 4);
        Assert.Equal(1, room);
        Assert.Equal(2, _uart.ReceiveRoom);
    }

    [Fact]
    public void Without_fifos_one_byte_waits()
    {
        Assert.True(_uart.Receive(1));
        Assert.False(_uart.Receive(2));
        Assert.Equal(1ul, _uart.Read(DR, 4));
        Assert.Equal(0ul, _uart.Read(DR, 4));
    }

    [Fact]
    public void Switching_fifos_on_empties_and_loopback_returns_what_is_sent()
    {
        _uart.Receive(1);
        _uart.Write(LCR_H, 4, 0x70);
        Assert.Equal(0x90ul, _uart.Read(FR, 4));
        Assert.Equal(0ul, _uart.Read(RIS, 4));
        _uart.Write(CR, 4, 0x381);
        _uart.Write(DR, 4, 'l');
        Assert.Empty(_sent);
        Assert.Equal((ulong)'l', _uart.Read(DR, 4));
    }

    [Theory]
    [InlineData(0x08, 4)]
    [InlineData(0x4C, 4)]
    [InlineData(0xFDC, 4)]
    [InlineData(0x1000, 4)]
    [InlineData(0x19, 1)]
    [InlineData(0x00, 8)]
    [InlineData(0x00, 3)]
    public void Mistakes_are_counted_and_ignored(uint offset, int size)
    {
        Assert.Equal(0ul, _uart.Read(offset, size));
        _uart.Write(offset, size, 0x41);
        Assert.Equal(2, _uart.GuestErrors);
        Assert.Empty(_sent);
    }

    [Fact]
    public void A_stream_gets_each_byte()
    {
        using var stream = new MemoryStream();
        var uart = new Pl011(stream);
        uart.Write(DR, 1, 0x1F0);
        Assert.Equal([0xF0], stream.ToArray());
    }

    [Property]
    public void Input_arrives_whole_and_in_order_however_it_is_drained(byte[] input, int seed)
    {
        OpenTty();
        var random = new Random(seed);
        var read = new List<byte>();
        var next = 0;
        while (read.Count < input.Length)
        {
            if (random.Next(2) == 0 && next < input.Length && _uart.Receive(input[next])) next++;
            else if ((_uart.Read(FR, 4) & 0x10) == 0) read.Add((byte)_uart.Read(DR, 4));
            Assert.Equal((_uart.Read(RIS, 4) & 0x10) != 0, next > read.Count);
        }

        Assert.Equal(input, read);
    }

    [Property]
    public void Random_accesses_never_throw(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 500; i++)
        {
            _uart.Read((uint)random.Next(0x1010), random.Next(-1, 17));
            _uart.Write((uint)random.Next(0x50), random.Next(-1, 17), (ulong)random.NextInt64());
            _uart.Receive((byte)i);
            Assert.Equal(_uart.InterruptLine, (_uart.Read(RIS, 4) & _uart.Read(IMSC, 4)) != 0);
        }
    }

    private void OpenTty()
    {
        _uart.Write(LCR_H, 4, 0x70);
        _uart.Write(CR, 4, 0x301);
        _uart.Write(IMSC, 4, 0x50);
    }
}
