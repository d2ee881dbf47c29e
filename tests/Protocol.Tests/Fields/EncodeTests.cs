using FsCheck.Xunit;
using RmStack.Protocol.Messages;
using RmStack.Protocol.Tests.Messages;

namespace RmStack.Protocol.Tests.Fields;

/// <summary>What is told of a message makes the same message again, in every form in which it is told.</summary>
public sealed class EncodeTests
{
    public static TheoryData<int> Samples => new(Enumerable.Range(0, MessageSamples.All.Count));

    [Theory]
    [MemberData(nameof(Samples))]
    public void The_fields_of_a_sample_make_it_again(int index)
    {
        var sample = MessageSamples.All[index];
        var fields = new FieldRecorder();
        Assert.Equal(DecodeStatus.Ok, sample.Shape.Describe(sample.Payload(), fields, out _));
        var values = FieldValues.From(fields.Fields);
        Assert.Equal(Hex.Text(sample.Payload()), Hex.Text(Encoded(sample.Id, TypeOf(sample), values)));
        Assert.Equal(Hex.Text(sample.Payload()), Hex.Text(Encoded(sample.Id, TypeOf(sample), Parsed(values.ToString()))));
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void The_line_that_people_read_makes_the_sample_again(int index)
    {
        var sample = MessageSamples.All[index];
        var words = sample.IsReply ? 2 : 1;
        var line = string.Join(' ', sample.Text.Split(' ').Skip(words));
        if (line.Contains("...", StringComparison.Ordinal))
        {
            Assert.False(MessageEncoder.TryEncode(sample.Id, TypeOf(sample), Parsed(line), out _, out var error));
            Assert.Contains("was cut when it was printed", error.ToString(), StringComparison.Ordinal);
            return;
        }

        Assert.Equal(Hex.Text(sample.Payload()), Hex.Text(Encoded(sample.Id, TypeOf(sample), Parsed(line))));
        // As a shell would hand it over, cut at every space that stands outside quotes.
        Assert.True(FieldValues.TryParse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), out var arguments, out _) || line.Contains('"', StringComparison.Ordinal));
        if (!line.Contains('"', StringComparison.Ordinal))
            Assert.Equal(Hex.Text(sample.Payload()), Hex.Text(Encoded(sample.Id, TypeOf(sample), arguments)));
    }

    [Property]
    public void The_fields_of_every_shape_of_every_message_make_it_again(byte[] seed, bool tidy)
    {
        foreach (var row in MessageRewrites.All)
        {
            foreach (var shape in row.Shapes)
            {
                var payload = shape.Make(new(seed), tidy);
                foreach (var role in row.Roles)
                {
                    var fields = new FieldRecorder();
                    if (role.Layout.Describe(payload, fields, out _) != DecodeStatus.Ok)
                        continue;
                    var error = ReferenceEquals(role.Layout, MessageCatalogue.ErrorReplyWithWord) ? RmError.Denied : RmError.Ok;
                    var values = FieldValues.From(fields.Fields);
                    Assert.True(MessageEncoder.TryEncode(role.Id, role.Type, error, values, out var again, out var problem), problem?.ToString());
                    var expected = IsUntold(row.View, payload) ? null : Hex.Text(row.Again(payload));
                    Assert.Equal(expected ?? Hex.Text(again), Hex.Text(again));
                    Assert.Equal(values.ToString(), Told(role.Layout, again).ToString());
                    Assert.Equal(values.Pairs, Parsed(values.ToString()).Pairs);
                }
            }
        }
    }

    [Fact]
    public void Unknown_messages_and_all_others_take_bytes()
    {
        Assert.Equal("0102ff", Hex.Text(Encoded(new MessageId(0x12345678), RpcMessageType.Request, Parsed("payload=0102ff"))));
        Assert.Empty(Encoded(new MessageId(0x12345678), RpcMessageType.Request, new FieldValues()));
        Assert.Equal("07", Hex.Text(Encoded(MessageId.VmStart, RpcMessageType.Request, Parsed("payload=07"))));
        Assert.Equal("07", Hex.Text(Encoded(MessageId.VmStart, RpcMessageType.Reply, Parsed("payload=07"))));
    }

    [Fact]
    public void A_reply_with_an_error_takes_what_the_older_RM_puts_behind_it()
    {
        Assert.True(MessageEncoder.TryEncode(MessageId.VmSetTimeBase, RpcMessageType.Reply, RmError.ArgumentInvalid, Parsed("detail=30"), out var payload, out _));
        Assert.Equal("1e000000", Hex.Text(payload));
        Assert.True(MessageEncoder.TryEncode(MessageId.VmStart, RpcMessageType.Reply, RmError.Denied, Parsed("extra=01:02:03"), out payload, out _));
        Assert.Equal("010203", Hex.Text(payload));
        Assert.True(MessageEncoder.TryEncode(MessageId.VmStart, RpcMessageType.Reply, RmError.Denied, new FieldValues(), out payload, out _));
        Assert.Empty(payload);
    }

    [Fact]
    public void Writers_of_the_caller_take_it_too()
    {
        var buffer = new byte[16];
        Assert.True(MessageEncoder.TryEncode(MessageId.VmStart, RpcMessageType.Request, Parsed("vmid=0x80"), buffer, out var length, out var error));
        Assert.Null(error);
        Assert.Equal("80000000", Hex.Text(buffer.AsSpan(0, length)));
        Assert.False(MessageEncoder.TryEncode(MessageId.VmStart, RpcMessageType.Request, new FieldValues(), buffer, out length, out error));
        Assert.Equal((EncodeErrorKind.Missing, 0), (error.Kind, length));
        Assert.Throws<InvalidOperationException>(() => MessageEncoder.TryEncode(MessageId.VmStart, RpcMessageType.Request, Parsed("vmid=0x80"), new byte[3], out _, out _));
    }

    [Theory]
    [InlineData("VM_START", "vmid=128", "80000000")]
    [InlineData("VM_START", "vmid=0x80 (128)", "80000000")]
    [InlineData("VM_START", "vmid=0X80", "80000000")]
    [InlineData("VM_START", "vmid=\"0x80\"", "80000000")]
    [InlineData("VM_STOP", "vmid=3 reason=FORCE_STOP", "0300000003000000")]
    [InlineData("VM_STOP", "vmid=3 reason=3 flags=force|0x40", "0300410003000000")]
    [InlineData("VM_STOP", "vmid=3 reason=restart (1) flags=none", "0300000001000000")]
    [InlineData("VM_STATUS", "vmid=3 vm_state=init-failed", "0300000008000000")]
    [InlineData("VM_STATUS", "vmid=3 vm_state=7 os_state=EARLY_BOOT (1) app_status=0x10", "0300000007011000")]
    [InlineData("VM_CONSOLE_WRITE", "target=0 text=hi", "000002006869")]
    [InlineData("VM_CONSOLE_WRITE", "target=0 text=\"h\\x00\\n\"", "0000030068000A")]
    [InlineData("VM_CONSOLE_WRITE", "target=0 text=\"\"", "00000000")]
    [InlineData("VM_CONSOLE_WRITE", "target=0 text=\u00e4\\n", "00000400C3A45C6E")]
    [InlineData("VM_LOOKUP_GUID", "guid=00112233-4455-6677-8899-AABBCCDDEEFF", "00112233445566778899AABBCCDDEEFF")]
    [InlineData("VM_LOOKUP_GUID", "guid=\"00 11 22 33 44 55 66 77 88 99 aa bb cc dd ee ff\"", "00112233445566778899AABBCCDDEEFF")]
    [InlineData("VM_AUTH_IMAGE", "vmid=3 parameters=[pas:0x12, 7:1]", "03000200000000001200000007000000" + "01000000")]
    [InlineData("VM_AUTH_IMAGE", "vmid=3 parameters=0", "03000000")]
    [InlineData("VM_AUTH_IMAGE", "vmid=3 parameters=[]", "03000000")]
    [InlineData("VM_AUTH_IMAGE", "vmid=3 parameters=[{type pas (0), value 0x12 (18)}]", "030001000000000012000000")]
    [InlineData("VM_SET_DEMAND_PAGING", "vmid=0x80 ranges=[0x1000+0x2000]", "8000000001000000" + "0010000000000000" + "0020000000000000")]
    [InlineData("VM_SET_DEMAND_PAGING", "vmid=0x80 ranges=2[ 1+2  3+4 ]", "8000000002000000" + "0100000000000000" + "0200000000000000" + "0300000000000000" + "0400000000000000")]
    [InlineData("VM_SET_DEMAND_PAGING", "vmid=0x80 ranges=[address=1 size=2 address=3, size=4]", "8000000002000000" + "0100000000000000" + "0200000000000000" + "0300000000000000" + "0400000000000000")]
    [InlineData("VM_CONFIG_IMAGE", "vmid=0x80 auth=none parcel=1 image_offset=1 image_size=2 dtb=3+4", "8000000001000000" + "0100000000000000" + "0200000000000000" + "0300000000000000" + "0400000000000000")]
    [InlineData("MEM_LEND", "mem_type=normal label=7 acl=[0x80:RWX] sgl=[]", "0000000007000000" + "0100000080000700" + "0000000000000000")]
    [InlineData("MEM_LEND", "mem_type=io label=7 acl=[{rights=- vmid=3}{vmid=4 rights=0x1f}] sgl=0 attributes=[3:uncached,4:5]", "0100000007000000" + "020000000300000004001F00" + "00000000" + "020000000200030005000400")]
    [InlineData("MEM_NOTIFY", "parcel=2 flags=shared tag=0 vmids=[]", "020000000100000000000000" + "00000000")]
    [InlineData("MEM_NOTIFY", "parcel=2 flags=released tag=0 vmids=0", "020000000200000000000000")]
    [InlineData("VM_EXITED", "vmid=3 type=VM_EXIT code=2 flags=restart|warm", "0300000004000000" + "05000200")]
    [InlineData("VM_EXITED", "vmid=3 type=PLATFORM_OFF code=0 reset_type=1 cookie=2", "0300010010000000" + "00000000" + "01000000" + "0200000000000000")]
    [InlineData("VM_EXITED", "vmid=3 type=9 reason=010203", "0300090003000000010203")]
    [InlineData("IPA_RESERVE", "kind=fixed ranges=[1+2]", "000000000000000000000000010000000100000000000000" + "0200000000000000")]
    [InlineData("FW_SET_VM_FIRMWARE", "auth=android parcel=1 firmware=0+1 flags=has-config", "0200020001000000" + "0000000000000000" + "0100000000000000" + "0000000000000000" + "0000000000000000")]
    public void Values_have_more_than_one_spelling(string message, string line, string expected)
    {
        var id = MessageCatalogue.All.Single(row => row.Name == message).Id;
        Assert.Equal(expected.ToLowerInvariant(), Hex.Text(Encoded(id, RpcMessageType.Request, Parsed(line))));
    }

    [Theory]
    [InlineData("VM_ALLOCATE", "", "")]
    [InlineData("VM_ALLOCATE", "vmid=0x80", "80000000")]
    [InlineData("MEM_ACCEPT", "", "")]
    [InlineData("MEM_ACCEPT", "sgl=[]", "00000000")]
    [InlineData("IPA_RESERVE", "", "")]
    [InlineData("IPA_RESERVE", "addresses=[0x1000]", "01000000" + "0010000000000000")]
    [InlineData("HEAP_QUERY", "parcels=[1 2]", "020000000100000002000000")]
    [InlineData("HEAP_QUERY", "total=1 allocated=2 reserved=3 largest_free=4", "0100000000000000" + "0200000000000000" + "0300000000000000" + "0400000000000000")]
    [InlineData("VM_GET_ID", "ids=[guid=01-02 name=\"a b\" 0x7=x uri=\"\"]", "04000000" + "0000020001020000" + "02000300" + "61206200" + "0700010078000000" + "01000000")]
    [InlineData("VM_GET_ID", "ids=[{type=sign_auth data=None}]", "01000000" + "03000400" + "4E6F6E65")]
    [InlineData("VM_GET_HYP_RESOURCES", "resources=[type=DOORBELL label=1 cap=2 virq=3 type=doorbell-source label=4 cap=5 base=6 size=7]", "02000000"
        + "01000000" + "00000000" + "01000000" + "0200000000000000" + "00000000" + "03000000" + "0000000000000000" + "0000000000000000"
        + "00000000" + "00000000" + "04000000" + "0500000000000000" + "00000000" + "00000000" + "0600000000000000" + "0700000000000000")]
    public void Replies_may_be_there_or_not(string message, string line, string expected)
    {
        var id = MessageCatalogue.All.Single(row => row.Name == message).Id;
        Assert.Equal(expected.ToLowerInvariant(), Hex.Text(Encoded(id, RpcMessageType.Reply, Parsed(line))));
    }

    private static RpcMessageType TypeOf(MessageSamples.Sample sample) => sample.IsReply ? RpcMessageType.Reply : RpcMessageType.Request;

    private static byte[] Encoded(MessageId id, RpcMessageType type, FieldValues values)
    {
        Assert.True(MessageEncoder.TryEncode(id, type, values, out var payload, out var error), error?.ToString());
        return payload;
    }

    private static FieldValues Parsed(string line)
    {
        Assert.True(FieldValues.TryParse(line, out var values, out var error), error?.ToString());
        return values;
    }

    private static FieldValues Told(PayloadInfo layout, byte[] payload)
    {
        var fields = new FieldRecorder();
        Assert.Equal(DecodeStatus.Ok, layout.Describe(payload, fields, out _));
        return FieldValues.From(fields.Fields);
    }

    /// <summary>Whether it has bytes that none of its fields states.</summary>
    private static bool IsUntold(string view, byte[] payload) => view switch
    {
        // The count word of an empty list, which may as well be missing.
        nameof(VmIrqNotify) => payload.Length == VmIrqNotify.SizeOf(0),
        // A configuration that is nothing, in a longer message.
        nameof(FwSetVmFirmware) => true,
        _ => false,
    };
}
