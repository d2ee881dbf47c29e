using RmStack.Protocol;
using RmStack.Protocol.Tests.Messages;
using RmStack.Testing;
using RmStack.Transport.Capture;

namespace RmStack.Wireshark.Tests;

/// <summary>The dissector's own table of layouts against the messages that this project's writers make.</summary>
public sealed class LayoutTests
{
    [Fact]
    public void Every_message_of_the_catalogue_has_its_name()
    {
        var builder = new CaptureBuilder();
        foreach (var message in MessageCatalogue.All)
        {
            var notification = message.Id.IsNotification;
            builder.Add(3, notification ? CaptureDirection.FromRm : CaptureDirection.ToRm, Packets.Raw(notification ? RpcMessageType.Notification : RpcMessageType.Request, 0, 0, message.Id));
        }

        Assert.Equal(MessageCatalogue.All.Select(message => message.Name), Tshark.Fields(builder.ToArray(), false, "message").Select(row => row[0]));
    }

    [Fact]
    public void Every_sample_fits_its_layout()
    {
        var samples = MessageSamples.All;
        var builder = new CaptureBuilder();
        var last = new List<int>();
        var packets = 0;
        var payload = new byte[RpcLimits.MaxContent];
        for (var n = 0; n < samples.Count; n++)
        {
            var sample = samples[n];
            var bytes = payload[..sample.Write(payload)];
            var notification = sample.Id.IsNotification;
            var message = sample.IsReply ? Packets.Reply((ushort)n, sample.Id, RmError.Ok, bytes)
                : notification ? Packets.Notification((ushort)n, sample.Id, bytes) : Packets.Request((ushort)n, sample.Id, bytes);
            builder.Add(3, sample.IsReply || notification ? CaptureDirection.FromRm : CaptureDirection.ToRm, message);
            last.Add(packets += message.Length);
        }

        var rows = Tshark.Fields(builder.ToArray(), false, "message", "malformed", "_ws.col.Info");
        for (var n = 0; n < samples.Count; n++)
        {
            var row = rows[last[n] - 1];
            Assert.True(row[0] == samples[n].Id.ToString() && row[1].Length == 0, $"{samples[n].Text}: {string.Join(" | ", row)}");
        }
    }

    [Fact]
    public void Fields_have_the_values_that_were_written()
    {
        (string Packet, (string Field, string Value)[] Values)[] expected =
        [
            ("2101180013000051" + "00000100" + "34120000" + "02000000" + "03000600" + "2d000600" + "01000000" + "000000a000000000" + "0040000000000000" + "02000000" + "03000300" + "03002d00",
                [("flags", "0x00000001"), ("label", "0x00001234"), ("acl.vmid", "0x00000003,0x0000002d"), ("acl.rights", "6,6"), ("sgl.address", "0x00000000a0000000"), ("sgl.size", "0x0000000000004000"), ("attributes.attribute", "3,3"), ("attributes.vmid", "0x00000003,0x0000002d")]),
            ("2101050009000056" + "80000200" + "07000000" + "0100000000000000" + "0200000000000000" + "00001f0000000000" + "0000010000000000",
                [("vmid", "0x00000080"), ("auth", "2"), ("parcel", "0x00000007"), ("image_offset", "0x0000000000000001"), ("image_size", "0x0000000000000002"), ("dtb_offset", "0x00000000001f0000"), ("dtb_size", "0x0000000000010000")]),
            ("2101000021000051" + "0200" + "0200" + "05000000" + "11",
                [("auth", "2"), ("flags", "0x00000002"), ("parcel", "0x00000005"), ("offset", "0x0000000000000011"), ("config_size", "0x0000000000000000")]),
            ("2103050001001056" + "80000300" + "10000000" + "00800100" + "01000080" + "8877665544332211",
                [("exit_type", "3"), ("exit_flags", "0x00008000"), ("exit_code", "1"), ("reset_type", "0x80000001"), ("cookie", "0x1122334455667788"), ("exit_reason", "00800100010000808877665544332211")]),
            ("2102160010000056" + "00000000" + "02000000" + "02000400484c4f53" + "030003004e2f4100",
                [("error", "0x00000000"), ("ids.type", "2,3"), ("ids.data", "484c4f53,4e2f41")]),
            ("2102130032000056" + "0a000000" + "01000000",
                [("error", "0x0000000a"), ("detail", "0x00000001")]),
            ("2102130004000056" + "0a000000" + "0102",
                [("error", "0x0000000a"), ("extra", "0102")]),
            ("2101130022000056" + "0102",
                [("payload", "0102")]),
            ("21011d00b0000056" + "01000000" + "40000000" + "00000000" + "01000000" + "0000004000000000" + "0000004000000000" + "0000200000000000" + "0000200000000000",
                [("kind", "1"), ("constraints", "0x00000040"), ("allocations.base", "0x0000000040000000"), ("allocations.limit", "0x0000000040000000"), ("allocations.alignment", "0x0000000000200000")]),
        ];
        var builder = new CaptureBuilder();
        foreach (var (hex, _) in expected)
        {
            var packet = Convert.FromHexString(hex);
            builder.Add(3, (packet[1] & 3) == 1 ? CaptureDirection.ToRm : CaptureDirection.FromRm, packet);
        }

        string[] fields = [.. expected.SelectMany(e => e.Values).Select(value => value.Field).Append("malformed").Distinct()];
        var rows = Tshark.Fields(builder.ToArray(), false, fields);
        for (var n = 0; n < expected.Length; n++)
        {
            Assert.Equal(expected[n].Values, expected[n].Values.Select(value => (value.Field, rows[n][Array.IndexOf(fields, value.Field)])));
            Assert.Equal("", rows[n][Array.IndexOf(fields, "malformed")]);
        }
    }

    [Fact]
    public void A_reply_whose_shape_its_request_decides_follows_the_request()
    {
        // 32 bytes that are as well a list of seven as four sums.
        byte[] answer = [7, 0, 0, 0, .. new byte[28]];
        var capture = new CaptureBuilder()
            .Up(Packets.Request(0, MessageId.HeapQuery, 1, 0, 0, 0, 1, 0, 0, 0)).Down(Packets.Reply(0, MessageId.HeapQuery, RmError.Ok, answer))
            .Up(Packets.Request(1, MessageId.HeapQuery, 1, 0, 0, 0, 2, 0, 0, 0)).Down(Packets.Reply(1, MessageId.HeapQuery, RmError.Ok, answer)).ToArray();
        var rows = Tshark.Fields(capture, false, "parcels.parcel", "total");
        Assert.Equal(7, rows[1][0].Split(',').Length);
        Assert.Equal(["", "0x0000000000000007"], rows[3]);
    }

    [Fact]
    public void The_info_column_says_it_in_a_line()
    {
        var capture = new CaptureBuilder()
            .Up(Packets.Request(0, MessageId.VmAllocate, 0x80, 0, 0, 0)).Down(Packets.Reply(0, MessageId.VmAllocate, RmError.NoResource))
            .Up(Packets.Request(1, MessageId.VmConsoleWrite, 0x80, 0, 4, 0, (byte)'h', (byte)'"', 0x1b, (byte)'\n'))
            .Up(Packets.Request(2, new MessageId(0x56000999), 1)).ToArray();
        Assert.Equal(
            ["VM_ALLOCATE request vmid=0x80", "VM_ALLOCATE reply NORESOURCE", "VM_CONSOLE_WRITE request target=0x80 text=\"h\\\"\\x1b\\n\"", "0x56000999 request payload=01"],
            Tshark.Infos(capture));
    }
}
