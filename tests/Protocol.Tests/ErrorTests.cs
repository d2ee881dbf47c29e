using RmStack.Protocol.Hypercalls;

namespace RmStack.Protocol.Tests;

public sealed class ErrorTests
{
    // Written out from the public drivers' tables: code, Linux, old downstream.
    [Theory]
    [InlineData(0x00u, 0, 0)]
    [InlineData(0xFFFFFFFFu, -95, -95)]
    [InlineData(0x01u, -12, -22)]
    [InlineData(0x02u, -19, -22)]
    [InlineData(0x03u, -1, -22)]
    [InlineData(0x04u, -22, -22)]
    [InlineData(0x05u, -16, -22)]
    [InlineData(0x06u, -22, -22)]
    [InlineData(0x09u, -22, -22)]
    [InlineData(0x0Au, -22, -12)]
    [InlineData(0x0Bu, -22, -22)]
    [InlineData(0x11u, -22, -22)]
    [InlineData(0x12u, -74, -22)]
    [InlineData(0x14u, -74, -22)]
    [InlineData(0x16u, -74, -22)]
    [InlineData(30u, -74, -13)]
    [InlineData(52u, -74, -13)]
    [InlineData(31u, -74, -16)]
    [InlineData(61u, -74, -1)]
    [InlineData(0x80000000u, -74, -22)]
    public void Errno_of_an_RM_error(uint code, int linux, int downstream)
    {
        Assert.Equal(linux, RmErrors.ToErrno((RmError)code));
        Assert.Equal(downstream, RmErrors.ToErrno((RmError)code, LinuxErrnoProfile.Downstream));
        Assert.Equal(code, RmErrors.ToErrno((RmError)code, LinuxErrnoProfile.EarlyLinux));
    }

    [Theory]
    [InlineData(0, RmError.Ok, 0)]
    [InlineData(-1, RmError.Unimplemented, -95)]
    [InlineData(-2, RmError.Denied, -11)]
    [InlineData(1, RmError.ArgumentInvalid, -22)]
    [InlineData(2, RmError.Denied, -22)]
    [InlineData(10, RmError.NoMem, -12)]
    [InlineData(11, RmError.NoResource, -22)]
    [InlineData(20, RmError.MemInvalid, -22)]
    [InlineData(21, RmError.MemInvalid, -22)]
    [InlineData(22, RmError.MemInvalid, -22)]
    [InlineData(30, RmError.Denied, -13)]
    [InlineData(31, RmError.Busy, -16)]
    [InlineData(32, RmError.Denied, -16)]
    [InlineData(33, RmError.Denied, -22)]
    [InlineData(40, RmError.Denied, -5)]
    [InlineData(50, RmError.Denied, -13)]
    [InlineData(53, RmError.Denied, -13)]
    [InlineData(54, RmError.Denied, -16)]
    [InlineData(60, RmError.Denied, -5)]
    [InlineData(61, RmError.Denied, -5)]
    [InlineData(200, RmError.Denied, -22)]
    [InlineData(12345, RmError.Denied, -22)]
    public void What_becomes_of_a_hypervisor_error(int error, RmError rm, int errno)
    {
        Assert.Equal(rm, RmErrors.FromGunyahError((GunyahError)error));
        Assert.Equal(errno, ((GunyahError)error).ToErrno());
    }

    [Theory]
    [InlineData(0xFFFFFFFFul)]
    [InlineData(0xFFFFFFFFFFFFFFFFul)]
    [InlineData(0x00000001FFFFFFFFul)]
    public void Only_the_low_half_of_X0_counts(ulong x0) => Assert.Equal(GunyahError.Unimplemented, GunyahErrors.FromRegister(x0));

    [Fact]
    public void A_negative_error_fills_X0() => Assert.Equal(ulong.MaxValue, GunyahError.Unimplemented.ToRegister());

    [Fact]
    public void Every_status_and_error_has_a_text_of_its_own()
    {
        var statuses = Enum.GetValues<DecodeStatus>().Select(status => status.Describe()).ToArray();
        Assert.Equal(statuses.Length, statuses.Distinct(StringComparer.Ordinal).Count());
        var errors = Enum.GetValues<RmError>();
        Assert.Equal(24, errors.Length);
        Assert.Equal(errors.Length, errors.Select(error => error.Name()).Distinct(StringComparer.Ordinal).Count());
        Assert.All(errors, error => Assert.DoesNotContain("unknown", error.Describe(), StringComparison.Ordinal));
    }

    [Fact]
    public void Hypercall_numbers_are_unique_and_make_the_known_encodings()
    {
        var numbers = typeof(HypercallNumber).GetFields()
            .Where(field => field.FieldType == typeof(int) && !field.Name.Equals(nameof(HypercallNumber.Highest), StringComparison.Ordinal))
            .Where(field => !field.Name.Equals(nameof(HypercallNumber.HvcImmediateBase), StringComparison.Ordinal))
            .Select(field => (int)field.GetRawConstantValue()!)
            .ToArray();
        Assert.Equal(numbers.Length, numbers.Distinct().Count());
        Assert.Equal(0x601B, HypercallNumber.HvcImmediate(HypercallNumber.MsgQueueSend));
        Assert.Equal(0x601C, HypercallNumber.HvcImmediate(HypercallNumber.MsgQueueReceive));
        Assert.Equal(0xC6008000, HypercallNumber.SmcccFunctionId(HypercallNumber.HypervisorIdentify));
        Assert.Equal(0xC6008065, HypercallNumber.SmcccFunctionId(HypercallNumber.VCpuRun));
    }
}
