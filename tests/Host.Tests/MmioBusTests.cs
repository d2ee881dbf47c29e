namespace RmStack.Host.Tests;

public class MmioBusTests
{
    private readonly MmioBus _bus = new();
    private readonly Register _device = new();

    public MmioBusTests() => _bus.Add(0x0900_0000, 0x1000, _device);

    [Fact]
    public void A_device_sees_offsets()
    {
        _bus.Write(0x0900_0010, 4, 0x42);
        Assert.Equal((0x10UL, 4, 0x42UL), _device.Last);
        Assert.Equal(0x99UL, _bus.Read(0x0900_0fff, 1));
        Assert.Equal(0, _bus.Unclaimed);
    }

    [Theory]
    [InlineData(0x08ff_ffffUL, 1)]
    [InlineData(0x0900_1000UL, 1)]
    [InlineData(0x0900_0fffUL, 2)]
    [InlineData(ulong.MaxValue, 8)]
    public void Where_no_device_is_loads_are_zero_and_stores_lost(ulong address, int size)
    {
        Assert.Equal(0UL, _bus.Read(address, size));
        _bus.Write(address, size, 1);
        Assert.Equal(2, _bus.Unclaimed);
        Assert.Equal(address, _bus.FirstUnclaimed);
        Assert.Equal(default, _device.Last);
    }

    [Fact]
    public void Devices_do_not_overlap() => Assert.Throws<ArgumentException>(() => _bus.Add(0x0900_0fff, 1, _device));

    private sealed class Register : IMmioDevice
    {
        public (ulong Offset, int Size, ulong Value) Last { get; private set; }

        public ulong Read(ulong offset, int size) => 0x99;

        public void Write(ulong offset, int size, ulong value) => Last = (offset, size, value);
    }
}
