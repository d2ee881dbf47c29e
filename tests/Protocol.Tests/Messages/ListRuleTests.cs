using RmStack.Protocol.Messages;

namespace RmStack.Protocol.Tests.Messages;

/// <summary>The RM's rule for reading lists, and what its verdict becomes on the wire.</summary>
public sealed class ListRuleTests
{
    private const string Fixed = "00 00 00 00 00 00 00 00";
    private const string OneAcl = "01 00 00 00 80 00 07 00";
    private const string OneSgl = "01 00 00 00 00 00 00 80 00 00 00 00 00 10 00 00 00 00 00 00";

    [Theory]
    [InlineData("", DecodeStatus.TooShort, RmError.MsgInvalid)]
    [InlineData(OneAcl, DecodeStatus.TooShort, RmError.MsgInvalid)]
    [InlineData(OneAcl + OneSgl, DecodeStatus.Ok, RmError.Ok)]
    [InlineData(OneAcl + OneSgl + "00 00 00 00", DecodeStatus.Ok, RmError.Ok)]
    [InlineData(OneAcl + OneSgl + "00 00", DecodeStatus.ListOverrun, RmError.MsgInvalid)]
    [InlineData(OneAcl + OneSgl + "00 00 00 00 00", DecodeStatus.TrailingBytes, RmError.MsgInvalid)]
    [InlineData(OneAcl + OneSgl + "01 00 00 00", DecodeStatus.ListOverrun, RmError.MsgInvalid)]
    [InlineData("01 00 cd ab 80 00 07 99" + OneSgl, DecodeStatus.Ok, RmError.Ok)]
    [InlineData("01 02 00 00" + OneSgl, DecodeStatus.ListTooLong, RmError.NoResource)]
    [InlineData("00 02 00 00" + OneSgl, DecodeStatus.ListOverrun, RmError.MsgInvalid)]
    [InlineData("00 00 00 00 00 00 00 00 00 00 00 00", DecodeStatus.Ok, RmError.Ok)]
    public void Three_lists(string lists, DecodeStatus expected, RmError error)
    {
        var status = MemLend.TryParse(Hex.Bytes(Fixed + lists), out _);
        Assert.Equal(expected, status);
        Assert.Equal(error, RmErrors.FromDecodeStatus(status));
    }

    [Fact]
    public void Five_hundred_and_twelve_entries_are_the_most()
    {
        foreach (var count in new[] { 512, 513 })
        {
            var payload = new byte[MemAppend.SizeOf(count)];
            MemAppend.Write(payload, 1, MemAppendFlags.Done, new SglEntry[count]);
            Assert.Equal(count > 512 ? DecodeStatus.ListTooLong : DecodeStatus.Ok, MemAppend.TryParse(payload, out _));
        }
    }

    [Theory]
    [InlineData("80 00 00 00", DecodeStatus.Ok)]
    [InlineData("80 00 01 00", DecodeStatus.ReservedNotZero)]
    [InlineData("80 00 00 01", DecodeStatus.ReservedNotZero)]
    [InlineData("80 00 00", DecodeStatus.BadLength)]
    [InlineData("80 00 00 00 00", DecodeStatus.BadLength)]
    public void VM_INIT_checks_its_reserved_half(string payload, DecodeStatus expected) =>
        Assert.Equal(expected, VmInit.TryParse(Hex.Bytes(payload), out _));

    [Theory]
    [InlineData("80 00 ff ff", DecodeStatus.Ok)]
    [InlineData("80 00 00", DecodeStatus.BadLength)]
    public void VM_START_does_not(string payload, DecodeStatus expected) =>
        Assert.Equal(expected, VmStart.TryParse(Hex.Bytes(payload), out _));

    [Theory]
    [InlineData("01 00 00 00 01 00 00 00 aa", DecodeStatus.Ok)]
    [InlineData("01 00 00 00 01 00 00", DecodeStatus.TooShort)]
    public void MEM_RELEASE_takes_more_than_its_eight_bytes(string payload, DecodeStatus expected) =>
        Assert.Equal(expected, MemRelease.TryParse(Hex.Bytes(payload), out _));

    [Theory]
    [InlineData("02 00 00 00 01 00 00 00 00 00 00 00", DecodeStatus.TooShort)]
    [InlineData("02 00 00 00 01 00 00 00 00 00 00 00 01 00 00 00", DecodeStatus.ListOverrun)]
    [InlineData("02 00 00 00 01 00 00 00 00 00 00 00 01 00 00 00 80 00 00 00 ff", DecodeStatus.Ok)]
    public void MEM_NOTIFY_reads_its_list_in_a_second_step(string payload, DecodeStatus expected)
    {
        Assert.Equal(DecodeStatus.Ok, MemNotify.TryParse(Hex.Bytes(payload), out var view));
        Assert.True(view.NeedsVmids);
        Assert.Equal(expected, view.TryReadVmids(out _));
    }

    [Theory]
    [InlineData("01 00 00 00 01 00 00 00", DecodeStatus.Ok)]
    [InlineData("01 00 00 00 01 00 00 00 00 00", DecodeStatus.ListOverrun)]
    [InlineData("01 00 00 00 01 00 00 00 01 00 00 00 80 00 00 00", DecodeStatus.Ok)]
    [InlineData("01 00 00 00 01 00 00 00 01 00 00 00 80 00 00 00 00", DecodeStatus.TrailingBytes)]
    [InlineData("01 00 00 00 02 00 00 00 00 00 00 00", DecodeStatus.BadLength)]
    public void VM_IRQ_NOTIFY_has_a_list_only_when_it_lends(string payload, DecodeStatus expected) =>
        Assert.Equal(expected, VmIrqNotify.TryParse(Hex.Bytes(payload), out _));

    [Theory]
    [InlineData("", DecodeStatus.Empty)]
    [InlineData("01 00", DecodeStatus.TooShort)]
    [InlineData("50 00 00 00", DecodeStatus.NameTooLong)]
    [InlineData("01 00 00 00 61 00 00", DecodeStatus.BadLength)]
    [InlineData("01 00 00 00 61 00 00 01", DecodeStatus.BadPadding)]
    [InlineData("01 00 ff ff 61 00 00 00", DecodeStatus.Ok)]
    public void Names_are_checked_in_the_RMs_order(string payload, DecodeStatus expected) =>
        Assert.Equal(expected, VmLookupName.TryParse(Hex.Bytes(payload), out _));

    [Fact]
    public void IPA_RESERVE_reads_its_list_in_a_second_step()
    {
        Assert.Equal(DecodeStatus.BadValue, IpaReserve.TryParse(Hex.Bytes("02 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"), out _));
        Assert.Equal(DecodeStatus.Ok, IpaReserve.TryParse(Hex.Bytes("00 00 00 00 00 00 00 00 00 00 00 00 1f 00 00 00"), out var many));
        Assert.Equal(DecodeStatus.ListTooLong, many.TryReadFixed(out _));
        Assert.Equal(DecodeStatus.Ok, IpaReserve.TryParse(Hex.Bytes("00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 ff"), out var more));
        Assert.Equal(DecodeStatus.TrailingBytes, more.TryReadFixed(out _));
    }

    [Fact]
    public void A_reason_that_is_longer_than_what_came_is_refused() => Assert.Equal(
        DecodeStatus.ListOverrun,
        VmExited.TryParse(Hex.Bytes("80 00 01 00 ff ff ff ff 00 00 00 00"), out _));

    [Fact]
    public void The_newer_RM_reads_missing_firmware_fields_as_zero()
    {
        Assert.Equal(DecodeStatus.Ok, FwSetVmFirmware.TryParse(Hex.Bytes("02 00 00 00 09"), out var view));
        Assert.Equal((AuthMechanism.Android, 9u, 0ul, 5), (view.Auth, view.Handle, view.FirmwareSize, view.Length));
        Assert.Equal(DecodeStatus.BadLength, FwSetVmFirmware.TryParse(new byte[41], out _));
    }
}
