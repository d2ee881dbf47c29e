namespace RmStack.Protocol.Tests;

public sealed class MessageFormatterTests
{
    [Theory]
    [InlineData("21 01 07 00 04 00 00 56 80 00 00 00", "#7 VM_START vmid=0x80")]
    [InlineData("21 01 07 00 04 00 00 56 80 00 00", "#7 VM_START bad at byte 3: payload length differs from the fixed layout payload=800000")]
    [InlineData("21 01 00 00 99 00 00 56", "#0 0x56000099")]
    [InlineData("21 01 00 00 99 00 00 56 01 02", "#0 0x56000099 payload=0102")]
    [InlineData("21 02 01 00 01 00 00 56 00 00 00 00 80 00 00 00", "#1 reply OK vmid=0x80")]
    [InlineData("21 02 01 00 04 00 00 56 14 00 00 00", "#1 reply VM_STATE")]
    [InlineData("21 02 01 00 04 00 00 56 99 00 00 00", "#1 reply 0x99")]
    [InlineData("21 02 01 00 30 00 00 56 06 00 00 00 1e 00 00 00", "#1 reply ARGUMENT_INVALID detail=0x1e")]
    [InlineData("21 02 01 00 04 00 00 56 14 00 00 00 aa", "#1 reply VM_STATE extra=aa")]
    [InlineData("21 02 01 00 04 00 00 56 00 00", "#1 reply bad at byte 2: shorter than its fixed part")]
    [InlineData("21 8d 03 00 12 00 00 51 00 00", "#3 MEM_LEND request of 36 packets, 2 bytes")]
    [InlineData("21 8c 03 00 12 00 00 51 00 00", "#3 MEM_LEND continuation of 36 packets, 2 bytes")]
    [InlineData("22 01 07 00 04 00 00 56", "bad packet: bad at byte 0: API version is not 1, packet=2201070004000056")]
    [InlineData("21 fd 07 00 04 00 00 56", "bad packet: bad at byte 1: more than 62 fragments, packet=21fd070004000056")]
    [InlineData("21 01", "bad packet: bad at byte 2: shorter than its fixed part, packet=2101")]
    public void Packets_print_as_one_line(string packet, string line) => Assert.Equal(line, MessageFormatter.FormatPacket(Hex.Bytes(packet)));

    [Fact]
    public void Ids_print_their_names_and_unknown_ones_their_number()
    {
        Assert.Equal("MEM_LEND", MessageId.MemLend.ToString());
        Assert.Equal("0x12345678", new MessageId(0x12345678).ToString());
    }
}
