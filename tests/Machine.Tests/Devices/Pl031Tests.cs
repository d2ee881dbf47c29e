using RmStack.Machine.Devices;
using RmStack.Machine.Time;

namespace RmStack.Machine.Tests.Devices;

public class Pl031Tests
{
    private readonly VirtualClock _clock = new(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000));
    private readonly Pl031 _rtc;

    public Pl031Tests() => _rtc = new Pl031(_clock);

    [Fact]
    public void As_the_kernel_probes_it()
    {
        var id = Enumerable.Range(0, 8).Select(i => (byte)_rtc.Read(0xFE0 + 4 * (uint)i, 4));
        Assert.Equal(new byte[] { 0x31, 0x10, 0x14, 0x00, 0x0D, 0xF0, 0x05, 0xB1 }, id);
        Assert.Equal(1ul, _rtc.Read(0x0C, 4));
        Assert.Equal(1_700_000_000ul, _rtc.Read(0, 4));
        _clock.Advance(3 * VirtualClock.Frequency - 1);
        Assert.Equal(1_700_000_002ul, _rtc.Read(0, 4));
        _clock.Advance(1);
        Assert.Equal(1_700_000_003ul, _rtc.Read(0, 4));
    }

    [Fact]
    public void The_alarm_goes_off_on_its_second()
    {
        var line = new List<bool>();
        _rtc.InterruptLineChanged = line.Add;
        _clock.Advance(VirtualClock.Frequency / 2);
        _rtc.Write(0x10, 4, 1);
        _rtc.Write(0x04, 4, 1_700_000_002);
        Assert.Equal(2ul * VirtualClock.Frequency, _clock.Events.NextDue);
        _clock.AdvanceTo(_clock.Events.NextDue - 1);
        _clock.Events.RunDue();
        Assert.Empty(line);
        _clock.Advance(1);
        _clock.Events.RunDue();
        Assert.Equal([true], line);
        Assert.Equal((1ul, 1ul), (_rtc.Read(0x14, 4), _rtc.Read(0x18, 4)));
        _rtc.Write(0x1C, 4, 1);
        Assert.Equal([true, false], line);
    }

    [Fact]
    public void Loading_a_time_moves_the_alarm()
    {
        _rtc.Write(0x04, 4, 1000);
        _rtc.Write(0x08, 4, 990);
        Assert.Equal(990ul, _rtc.Read(0, 4));
        Assert.Equal(10ul * VirtualClock.Frequency, _clock.Events.NextDue);
        _rtc.Write(0x08, 4, 1000);
        Assert.Equal(1ul, _rtc.Read(0x14, 4));
        Assert.False(_rtc.InterruptLine);
    }

    [Theory]
    [InlineData(0x20, 4)]
    [InlineData(0x01, 1)]
    [InlineData(0x00, 8)]
    public void Mistakes_are_counted_and_ignored(uint offset, int size)
    {
        Assert.Equal(0ul, _rtc.Read(offset, size));
        _rtc.Write(offset, size, 1);
        Assert.Equal(2, _rtc.GuestErrors);
    }
}
