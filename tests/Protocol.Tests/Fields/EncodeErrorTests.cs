using FsCheck.Xunit;
using RmStack.Testing;

namespace RmStack.Protocol.Tests.Fields;

/// <summary>One line per mistake: which field, what is wrong, what is taken, an example.</summary>
public sealed class EncodeErrorTests
{
    [Theory]
    [InlineData(EncodeErrorKind.Unknown, "VM_START", "vmids=1", "VM_START: there is no field \"vmids\"; there are vmid, e.g. vmid=0x80")]
    [InlineData(EncodeErrorKind.Unknown, "VM_GET_VMID", "vmid=1", "VM_GET_VMID: there is no field \"vmid\"; there are none")]
    [InlineData(EncodeErrorKind.Unknown, "MEM_LEND", "lable=7", "MEM_LEND: there is no field \"lable\"; there are mem_type, flags, label, acl, sgl, attributes, e.g. mem_type=normal label=7 acl=[0x80:RWX] sgl=[0x41000000+0x200000]")]
    [InlineData(EncodeErrorKind.Repeated, "VM_START", "vmid=1 vmid=2", "VM_START: vmid is given more than once; give it once, e.g. vmid=0x80")]
    [InlineData(EncodeErrorKind.Repeated, "VM_CONFIG_IMAGE", "vmid=1 auth=none parcel=1 image=0+0 image_offset=1 dtb=0+0", "VM_CONFIG_IMAGE: image says what image_offset and image_size say; give it or them; it is start+size, two numbers up to 0xffffffffffffffff (or image_offset= and image_size=), e.g. image=0+0x1f0000")]
    [InlineData(EncodeErrorKind.Missing, "VM_START", "", "VM_START: vmid is missing; it is a number up to 0xffff, e.g. vmid=0x80")]
    [InlineData(EncodeErrorKind.Missing, "MEM_LEND", "mem_type=normal label=7 sgl=[]", "MEM_LEND: acl is missing; it is [entries], at most 3654, each vmid:rights, e.g. acl=[0x80:RWX]")]
    [InlineData(EncodeErrorKind.Missing, "VM_CONFIG_IMAGE", "vmid=1 auth=none parcel=1 image=0+0", "VM_CONFIG_IMAGE: dtb is missing; it is start+size, two numbers up to 0xffffffffffffffff (or dtb_offset= and dtb_size=), e.g. dtb=0x1f0000+0x10000")]
    [InlineData(EncodeErrorKind.Missing, "VM_CONFIG_IMAGE", "vmid=1 auth=none parcel=1 image=0+0 dtb_offset=1", "VM_CONFIG_IMAGE: dtb_size is missing; it is a number up to 0xffffffffffffffff, e.g. dtb_size=1")]
    [InlineData(EncodeErrorKind.Missing, "MEM_NOTIFY", "parcel=1 flags=shared tag=0", "MEM_NOTIFY: vmids is missing with flags=shared or flags=recall; it is [entries], at most 3654, each vmid, e.g. vmids=[0x80]")]
    [InlineData(EncodeErrorKind.Missing, "VM_EXITED", "vmid=1 type=VM_EXIT", "VM_EXITED: code is missing with no reason; it is one of normal, software-error, unknown, bus-error, device-error, or a number up to 0xffff, e.g. code=normal")]
    [InlineData(EncodeErrorKind.NotHere, "MEM_NOTIFY", "parcel=1 flags=released tag=0 vmids=[3]", "MEM_NOTIFY: vmids is only there with flags=shared or flags=recall; leave it out")]
    [InlineData(EncodeErrorKind.NotHere, "VM_EXITED", "vmid=1 type=VM_EXIT reason=00 code=1", "VM_EXITED: code is only there with no reason; leave it out")]
    [InlineData(EncodeErrorKind.NotHere, "VM_START", "vmid=1 payload=00", "VM_START: payload is the whole message, and other fields are given; give it or them")]
    [InlineData(EncodeErrorKind.BadValue, "VM_START", "vmid=HLOS", "VM_START: vmid=\"HLOS\" is no number; it is a number up to 0xffff, e.g. vmid=0x80")]
    [InlineData(EncodeErrorKind.BadValue, "VM_START", "vmid=", "VM_START: vmid=\"\" is no number; it is a number up to 0xffff, e.g. vmid=0x80")]
    [InlineData(EncodeErrorKind.BadValue, "VM_START", "vmid=-1", "VM_START: vmid=\"-1\" is no number; it is a number up to 0xffff, e.g. vmid=0x80")]
    [InlineData(EncodeErrorKind.BadValue, "VM_START", "vmid=0x", "VM_START: vmid=\"0x\" is no number; it is a number up to 0xffff, e.g. vmid=0x80")]
    [InlineData(EncodeErrorKind.BadValue, "VM_START", "vmid=1f", "VM_START: vmid=\"1f\" is no number; it is a number up to 0xffff, e.g. vmid=0x80")]
    [InlineData(EncodeErrorKind.DoesNotFit, "VM_START", "vmid=0x10000", "VM_START: vmid=\"0x10000\" is too large; it is a number up to 0xffff, e.g. vmid=0x80")]
    [InlineData(EncodeErrorKind.DoesNotFit, "VM_START", "vmid=99999999999999999999", "VM_START: vmid=\"99999999999999999999\" is too large; it is a number up to 0xffff, e.g. vmid=0x80")]
    [InlineData(EncodeErrorKind.BadValue, "VM_STOP", "vmid=1 flags=kill reason=crash", "VM_STOP: flags=\"kill\" is no name or number of it; it is some of none, force joined by |, or a number up to 0xff, e.g. flags=force")]
    [InlineData(EncodeErrorKind.BadValue, "VM_STOP", "vmid=1 flags=force| reason=crash", "VM_STOP: flags=\"force|\" is no name or number of it; it is some of none, force joined by |, or a number up to 0xff, e.g. flags=force")]
    [InlineData(EncodeErrorKind.DoesNotFit, "VM_STOP", "vmid=1 flags=force|256 reason=crash", "VM_STOP: flags=\"force|256\" is too large; it is some of none, force joined by |, or a number up to 0xff, e.g. flags=force")]
    [InlineData(EncodeErrorKind.BadValue, "VM_STOP", "vmid=1 reason=crash|restart", "VM_STOP: reason=\"crash|restart\" is no name or number of it; it is one of shutdown, restart, crash, force-stop, or a number up to 0xffffffff, e.g. reason=shutdown")]
    [InlineData(EncodeErrorKind.DoesNotFit, "VM_EXIT", "code=256", "VM_EXIT: code=\"256\" is too large; it is one of normal, software-error, unknown, bus-error, device-error, or a number up to 0xff, e.g. code=normal")]
    [InlineData(EncodeErrorKind.BadValue, "VM_STATUS", "vmid=1 vm_state=BUSY", "VM_STATUS: vm_state=\"BUSY\" is no name or number of it; it is one of NONE, INIT, READY, RUNNING, PAUSED, LOAD, AUTH, INIT_FAILED, EXITED, RESETTING, RESET, DEFUNCT, or a number up to 0xff, e.g. vm_state=INIT")]
    [InlineData(EncodeErrorKind.BadValue, "IPA_RESERVE", "kind=2", "IPA_RESERVE: kind=2 has no layout; it is one of fixed, allocate, e.g. kind=fixed")]
    [InlineData(EncodeErrorKind.BadValue, "VM_CONFIG_IMAGE", "vmid=1 auth=none parcel=1 image=0 dtb=0+0", "VM_CONFIG_IMAGE: image=\"0\" is no start+size; it is start+size, two numbers up to 0xffffffffffffffff (or image_offset= and image_size=), e.g. image=0+0x1f0000")]
    [InlineData(EncodeErrorKind.BadValue, "VM_CONSOLE_WRITE", "target=0 text=\"a\\q\"", "VM_CONSOLE_WRITE: text=\"\\\"a\\\\q\\\"\": after \\ comes none of n, r, t, \\, \" or x and two hex digits; it is text of at most 14616 bytes, e.g. text=hello")]
    [InlineData(EncodeErrorKind.BadValue, "VM_CONSOLE_WRITE", "target=0 text=\"a\"b", "VM_CONSOLE_WRITE: text=\"\\\"a\\\"b\": something follows the quote; it is text of at most 14616 bytes, e.g. text=hello")]
    [InlineData(EncodeErrorKind.BadValue, "VM_CONSOLE_WRITE", "target=0 text=\"a\"...(100 bytes)", "VM_CONSOLE_WRITE: text=\"\\\"a\\\"...(100 bytes)\": something follows the quote: the text was cut when it was printed; it is text of at most 14616 bytes, e.g. text=hello")]
    [InlineData(EncodeErrorKind.BadValue, "VM_LOOKUP_GUID", "guid=0", "VM_LOOKUP_GUID: guid=\"0\" is not hex; it is 16 bytes in hex, e.g. guid=00112233-4455-6677-8899-aabbccddeeff")]
    [InlineData(EncodeErrorKind.DoesNotFit, "VM_LOOKUP_GUID", "guid=00", "VM_LOOKUP_GUID: guid has 1 bytes; it is 16 bytes in hex, e.g. guid=00112233-4455-6677-8899-aabbccddeeff")]
    [InlineData(EncodeErrorKind.BadValue, "VM_EXITED", "vmid=1 type=1 reason=00...(100 bytes)", "VM_EXITED: reason=\"00...(100 bytes)\" is not hex: it was cut when it was printed; it is at most 14616 bytes in hex, e.g. reason=00000000")]
    [InlineData(EncodeErrorKind.BadValue, "VM_START", "payload=xy", "VM_START: payload=\"xy\" is not hex; it is at most 14616 bytes in hex, e.g. payload=00000000")]
    [InlineData(EncodeErrorKind.BadValue, "VM_AUTH_IMAGE", "vmid=1 parameters=pas:1", "VM_AUTH_IMAGE: parameters=\"pas:1\" is no list; it is [entries], at most 1827, each type:value, e.g. parameters=[pas:0x12]")]
    [InlineData(EncodeErrorKind.BadValue, "VM_AUTH_IMAGE", "vmid=1 parameters=2[pas:1]", "VM_AUTH_IMAGE: parameters=\"2[pas:1]\" announces 2 entries and has 1; it is [entries], at most 1827, each type:value, e.g. parameters=[pas:0x12]")]
    [InlineData(EncodeErrorKind.BadValue, "VM_AUTH_IMAGE", "vmid=1 parameters=[pas:1]x", "VM_AUTH_IMAGE: parameters=\"[pas:1]x\" is no list; it is [entries], at most 1827, each type:value, e.g. parameters=[pas:0x12]")]
    [InlineData(EncodeErrorKind.BadValue, "VM_AUTH_IMAGE", "vmid=1 parameters=[pas]", "VM_AUTH_IMAGE: parameters=\"[pas]\" entry 1: \"pas\" is not type:value; it is [entries], at most 1827, each type:value, e.g. parameters=[pas:0x12]")]
    [InlineData(EncodeErrorKind.BadValue, "VM_AUTH_IMAGE", "vmid=1 parameters=[pas:1 pas:x]", "VM_AUTH_IMAGE: parameters entry 2: value=\"x\" is no number; it is a number up to 0xffffffff, e.g. value=0x12")]
    [InlineData(EncodeErrorKind.BadValue, "VM_AUTH_IMAGE", "vmid=1 parameters=[pas:1 ...]", "VM_AUTH_IMAGE: parameters=\"[pas:1 ...]\" was cut when it was printed; it is [entries], at most 1827, each type:value, e.g. parameters=[pas:0x12]")]
    [InlineData(EncodeErrorKind.Unknown, "VM_AUTH_IMAGE", "vmid=1 parameters=[{kind=1}]", "VM_AUTH_IMAGE: parameters entry 1: there is no field \"kind\"; there are type, value, e.g. type=pas value=0x12")]
    [InlineData(EncodeErrorKind.Missing, "VM_AUTH_IMAGE", "vmid=1 parameters=[{type=1}]", "VM_AUTH_IMAGE: parameters entry 1: value is missing; it is a number up to 0xffffffff, e.g. value=0x12")]
    [InlineData(EncodeErrorKind.BadValue, "MEM_LEND", "mem_type=io label=1 acl=[3:Q] sgl=0", "MEM_LEND: acl entry 1: rights=\"Q\" is no name or number of it; it is one of -, X, W, WX, R, RX, RW, RWX, or a number up to 0xff, e.g. rights=RWX")]
    [InlineData(EncodeErrorKind.BadValue, "MEM_LEND", "mem_type=io label=1 acl=[{3}] sgl=0", "MEM_LEND: acl=\"[{3}]\" entry 1: needs name=value at \"3}]\"; it is [entries], at most 3654, each vmid:rights, e.g. acl=[0x80:RWX]")]
    public void A_mistake_is_one_line(EncodeErrorKind kind, string message, string line, string expected)
    {
        var id = MessageCatalogue.All.Single(row => row.Name == message).Id;
        Assert.True(FieldValues.TryParse(line, out var values, out var bad), bad?.ToString());
        Assert.False(MessageEncoder.TryEncode(id, RpcMessageType.Request, values, out var payload, out var error));
        Assert.Equal(expected, error.ToString());
        Assert.Equal(kind, error.Kind);
        Assert.Equal(message, error.Message);
        Assert.Empty(payload);
    }

    [Theory]
    [InlineData("VM_GET_HYP_RESOURCES", "resources=[{}]", "VM_GET_HYP_RESOURCES reply: resources entry 1: type is missing; it is one of DOORBELL_SOURCE, DOORBELL, MSG_QUEUE_SEND, MSG_QUEUE_RECEIVE, VIRTUAL_CPU, VIRTUAL_PM, VIRTIO_MMIO, VIRTUAL_RTC, WATCHDOG, MEMORY_EXTENT, ADDRESS_SPACE, HEAP, or a number up to 0xff, e.g. type=DOORBELL_SOURCE")]
    [InlineData("VM_GET_HYP_RESOURCES", "resources=[]]", "VM_GET_HYP_RESOURCES reply: resources=\"[]]\" goes on behind its bracket; it is [entries], at most 332, each {type=... label=... cap=...}, e.g. resources=[{type=DOORBELL_SOURCE label=7 cap=1}]")]
    [InlineData("VM_GET_ID", "ids=[guid=xyz]", "VM_GET_ID reply: ids entry 1: data=\"xyz\": is not hex; it is at most 14616 bytes in hex, e.g. data=00112233-4455-6677-8899-aabbccddeeff")]
    [InlineData("HEAP_QUERY", "parcels=[1] total=1", "HEAP_QUERY reply: total is only there with no parcels; leave it out")]
    [InlineData("HEAP_QUERY", "", "HEAP_QUERY reply: total is missing with no parcels; it is a number up to 0xffffffffffffffff, e.g. total=1")]
    [InlineData("MEM_ACCEPT", "flags=incomplete", "MEM_ACCEPT reply: sgl is missing; it is [entries], at most 913, each address+size, e.g. sgl=[0x41000000+0x200000]")]
    [InlineData("VM_START", "vmid=1", "VM_START reply: there is no field \"vmid\"; there are none")]
    public void A_mistake_in_a_reply_is_one_line(string message, string line, string expected)
    {
        var id = MessageCatalogue.All.Single(row => row.Name == message).Id;
        var values = new FieldValues();
        foreach (var part in line.Length == 0 ? [] : message == "HEAP_QUERY" ? line.Split(' ') : [line])
            values.Add(part[..part.IndexOf('=', StringComparison.Ordinal)], part[(part.IndexOf('=', StringComparison.Ordinal) + 1)..]);
        Assert.False(MessageEncoder.TryEncode(id, RpcMessageType.Reply, values, out _, out var error));
        Assert.Equal(expected, error.ToString());
    }

    [Theory]
    [InlineData("vmid", "\"vmid\": no name and value; a field is name=value, e.g. vmid=0x80")]
    [InlineData("=3", "\"=3\": no name and value; a field is name=value, e.g. vmid=0x80")]
    [InlineData("(3)", "\"(3)\": no name and value; a field is name=value, e.g. vmid=0x80")]
    [InlineData("a=1 acl=[3:RW", "\"acl=[3:RW\": the bracket is not closed; a field is name=value, e.g. vmid=0x80")]
    [InlineData("a=1] b=2", "\"a=1] b=2\": a bracket is closed that was not opened; a field is name=value, e.g. vmid=0x80")]
    [InlineData("text=\"hi", "\"text=\\\"hi\": the quote is not closed; a field is name=value, e.g. vmid=0x80")]
    [InlineData("text=[\"hi\\\"]", "\"text=[\\\"hi\\\\\\\"]\": the quote is not closed; a field is name=value, e.g. vmid=0x80")]
    public void A_line_that_is_no_fields_says_so(string line, string expected)
    {
        Assert.False(FieldValues.TryParse(line, out _, out var error));
        Assert.Equal(expected, error.ToString());
        Assert.Equal(EncodeErrorKind.Syntax, error.Kind);
    }

    [Fact]
    public void Arguments_of_a_shell_are_put_together_again()
    {
        string[] arguments = ["vmid=3", "acl=2[3:RW", "0x80:RX]", "text=hi there \"you\"", "name=\"a", "b\"", "odd=[not a list", "end]", "x=3[", "\"a", "]\"", "]"];
        Assert.True(FieldValues.TryParse(arguments, out var values, out var error), error?.ToString());
        Assert.Equal(
            ["vmid=3", "acl=2[3:RW 0x80:RX]", "text=hi there \"you\"", "name=\"a b\"", "odd=[not a list end]", "x=3[ \"a ]\" ]"],
            values.Pairs.Select(pair => pair.Key + "=" + pair.Value));
        Assert.False(FieldValues.TryParse(["vmid=3", "acl=[3:RW", "4:RX"], out _, out error));
        Assert.Equal("\"acl=[3:RW 4:RX\": the bracket or quote is not closed; a field is name=value, e.g. vmid=0x80", error.ToString());
        Assert.False(FieldValues.TryParse(["3"], out _, out error));
        Assert.Equal("\"3\": no name and value; a field is name=value, e.g. vmid=0x80", error.ToString());
    }

    [Fact]
    public void A_value_is_echoed_harmlessly_and_briefly()
    {
        var values = new FieldValues().Add("vmid", "\u001b[2J\n" + new string('x', 10_000));
        Assert.False(MessageEncoder.TryEncode(MessageId.VmStart, RpcMessageType.Request, values, out _, out var error));
        Assert.Equal("VM_START: vmid=\"\\x1b[2J\\nxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"... is no number; it is a number up to 0xffff, e.g. vmid=0x80", error.ToString());
        Assert.False(MessageEncoder.TryEncode(MessageId.VmStart, RpcMessageType.Request, new FieldValues().Add("\n", "1"), out _, out error));
        Assert.Equal("VM_START: there is no field \"\\n\"; there are vmid, e.g. vmid=0x80", error.ToString());
    }

    [Fact]
    public void What_no_message_can_carry_is_refused_before_it_is_made()
    {
        var entries = string.Concat(Enumerable.Repeat("3 ", 2_000_000));
        var values = new FieldValues().Add("vmid", "1").Add("ranges", "[" + entries.Replace("3 ", "3+3 ", StringComparison.Ordinal) + "]");
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.False(MessageEncoder.TryEncode(MessageId.VmSetDemandPaging, RpcMessageType.Request, values, out _, out var error));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 40_000_000);
        Assert.Equal(EncodeErrorKind.DoesNotFit, error.Kind);
        Assert.Equal("VM_SET_DEMAND_PAGING: ranges=\"[3+3 3+3 3+3 3+3 3+3 3+3 3+3 3+3 3+3 3+3\"... has more than the 913 entries that a message can carry; it is [entries], at most 913, each address+size, e.g. ranges=[0x41000000+0x200000]", error.ToString());

        var acl = "[" + string.Concat(Enumerable.Repeat("3:R ", 3654)) + "]";
        var sgl = "[" + string.Concat(Enumerable.Repeat("3+3 ", 913)) + "]";
        values = new FieldValues().Add("mem_type", "normal").Add("label", "1").Add("acl", acl).Add("sgl", sgl);
        Assert.False(MessageEncoder.TryEncode(MessageId.MemLend, RpcMessageType.Request, values, out _, out error));
        Assert.Equal("MEM_LEND: the fields make 29244 bytes; a message carries at most 14616", error.ToString());
        Assert.True(MessageEncoder.TryEncode(MessageId.VmSetDemandPaging, RpcMessageType.Request, new FieldValues().Add("vmid", "1").Add("ranges", sgl), out var longest, out _));
        Assert.Equal(RpcLimits.MaxContent, longest.Length);
        Assert.False(MessageEncoder.TryEncode(MessageId.VmStart, RpcMessageType.Reply, new FieldValues().Add("payload", Hex.Text(longest)), out _, out error));
        Assert.Equal("VM_START reply: the fields make 14616 bytes; a message carries at most 14612", error.ToString());
    }

    [Property]
    public void No_text_makes_it_throw(string[] names, string[] values, byte[] damage)
    {
        var random = new SeededRandom(damage.Aggregate(1ul, (sum, value) => (sum * 31) + value));
        foreach (var row in MessageCatalogue.All)
        {
            foreach (var type in new[] { RpcMessageType.Request, RpcMessageType.Reply })
            {
                var known = MessageEncoder.FieldsOf(row.Id, type);
                var given = new FieldValues();
                foreach (var field in known.Where(_ => !random.OneIn(4)))
                    given.Add(field.Name, Damaged(field.Example, random, values));
                foreach (var (name, value) in names.Zip(values).Where(pair => pair.First is not null && pair.Second is not null && random.OneIn(8)))
                    given.Add(name, value);
                if (MessageEncoder.TryEncode(row.Id, type, given, out var payload, out var error))
                    Assert.InRange(payload.Length, 0, RpcLimits.MaxContent);
                else
                    Assert.False(error.ToString().AsSpan().ContainsAnyExceptInRange(' ', '~'), error.ToString());
                if (!FieldValues.TryParse(Damaged(given.ToString(), random, values), out _, out error))
                    Assert.False(error.ToString().AsSpan().ContainsAnyExceptInRange(' ', '~'), error.ToString());
            }
        }
    }

    private static string Damaged(string text, SeededRandom random, string[] foreign)
    {
        const string odd = "[]{}()\"\\=,:+|. 0x9z-";
        for (var changes = random.Next(4); changes > 0; changes--)
        {
            var at = random.Next(text.Length + 1);
            text = random.Next(4) switch
            {
                0 => text.Insert(at, odd[random.Next(odd.Length)].ToString()),
                1 when at < text.Length => text.Remove(at, 1),
                2 when foreign.Length > 0 => text.Insert(at, foreign[random.Next(foreign.Length)] ?? ""),
                _ => text[..at],
            };
        }

        return text;
    }
}
