using RmStack.Protocol;
using RmStack.Testing;
using RmStack.Transport.Capture;

namespace RmStack.Wireshark.Tests;

/// <summary>Each kind of damage is flagged with its reason, in one pass and in two, and what is around it is read as a receiver would.</summary>
public sealed class DamageTests
{
    private static readonly byte[] s_fine = Packets.Request(1, MessageId.VmGetVmid)[0];

    private static readonly (string Packet, string Reason)[] s_toRm =
    [
        ("", "short packet"),
        ("21010000240000", "short packet"),
        ("2101000083000056" + "8000e500" + new string('0', 2 * 229), "packet too long"),
        ("2201000024000056", "bad first byte"),
        ("1101000024000056", "bad first byte"),
        ("21fd000024000056", "63 fragments"),
        ("21fc000024000056", "63 fragments"),
        ("2100000024000056", "stray continuation"),
        ("210100000100005680", "payload too short"),
        ("2101000001000056", "payload too short"),
        ("2101000001000056800000000", "payload too long"),
        ("210100002400005600", "payload too long"),
        ("2101000012000051" + "00000000000000000000000000000000000000", "payload too short"),
        ("2101000012000051" + "0000000000000000" + "03000000" + "80000700" + "00000000", "list overrun"),
        ("2101000012000051" + "0000000000000000" + "01000000" + "80000700" + "01000000" + "0000000000000000" + "000020000000000000", "list overrun"),
        ("2101000012000051" + "0000000000000000" + "01020000" + "8000070000000000", "list too long"),
        ("2101000013000056" + "03000000" + "61626301", "nonzero padding"),
        ("2101000013000056" + "05000000" + "61626364", "payload too short"),
        ("2101000011000056" + "01000000" + "61000000" + "00000000", "payload too long"),
        ("2101000083000056" + "80000300" + "6869", "payload too short"),
        ("2101000033000056" + "80000000" + "ffffffff" + "0000000000000000", "list overrun"),
        ("210100000b000056" + "80000100", "nonzero reserved field"),
        ("2101000085000056" + "00000080", "nonzero reserved field"),
        ("2101000031000056" + "80000100" + "01000000" + "0000000000000000", "nonzero reserved field"),
        ("2101000062000056" + "01000000" + "00000001", "nonzero reserved field"),
        ("2101000013000056" + "50000000" + "61616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161", "name too long"),
        ("21010000b0000056" + "07000000" + "000000000000000000000000", "unknown kind"),
        ("2101000054000056" + "01000000" + "02000000" + "01000000" + "80000000", "payload too long"),
    ];

    private static readonly (string Packet, string Reason)[] s_fromRm =
    [
        ("2102000024000056", "reply without error word"),
        ("210200002400005600000000", "payload too short"),
        ("21020000240000560000000003000000" + "00", "payload too long"),
        ("210200002000005600000000" + "02000000" + "0400", "list overrun"),
        ("210200001000005600000000" + "01000000" + "02000400" + "484c4f", "list overrun"),
        ("210200001000005600000000" + "01000000" + "02000300" + "484c4f01", "nonzero padding"),
        ("210300000800105680000000", "payload too short"),
        ("2103000001001056" + "80000100" + "08000000" + "00000000", "payload too short"),
        ("21fe000024000056" + "00000000", "63 fragments"),
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Each_kind_of_damage_has_its_reason(bool twoPasses)
    {
        var builder = new CaptureBuilder();
        foreach (var (packet, _) in s_toRm) builder.Up(Bytes(packet)).Up(s_fine);
        foreach (var (packet, _) in s_fromRm) builder.Down(Bytes(packet)).Up(s_fine);
        var rows = Tshark.Fields(builder.ToArray(), twoPasses, "malformed", "_ws.col.Info");
        var damage = s_toRm.Concat(s_fromRm).ToList();
        Assert.Equal(damage.SelectMany(d => new[] { (d.Packet, d.Reason), ("", "") }), rows.Select((row, n) => (n % 2 == 0 ? damage[n / 2].Packet : "", row[0])));
        for (var n = 0; n < damage.Count; n++) Assert.Contains($"[{damage[n].Reason}]", rows[2 * n][1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_mismatched_continuation_is_dropped_and_the_rm_waits_for_the_right_one()
    {
        var packets = Packets.Request(7, MessageId.VmSetCrashMsg, [.. BitConverter.GetBytes(296), .. new byte[296]]);
        var capture = new CaptureBuilder().Up(packets[0])
            .Up(Packets.Raw(RpcMessageType.Continuation, 1, 8, MessageId.VmSetCrashMsg, 1))
            .Up(Packets.Raw(RpcMessageType.Continuation, 2, 7, MessageId.VmSetCrashMsg, 1))
            .Up(Packets.Raw(RpcMessageType.Continuation, 1, 7, MessageId.VmGetCrashMsg, 1))
            .Up(packets[1]).ToArray();
        var rows = Tshark.Fields(capture, false, "malformed", "fragment");
        Assert.Equal(["|", "mismatched continuation|", "mismatched continuation|", "mismatched continuation|", "|1,5"], rows.Select(row => string.Join('|', row)));
    }

    [Fact]
    public void Linux_gives_a_message_up_at_a_mismatched_continuation_and_never_looks_at_its_sequence_id()
    {
        var packets = Packets.Reply(7, MessageId.VmGetCrashMsg, RmError.Ok, [.. BitConverter.GetBytes(296), .. new byte[296]]);
        var other = (byte[])packets[1].Clone();
        other[2] = 9;
        var capture = new CaptureBuilder()
            .Down(packets[0]).Down(Packets.Raw(RpcMessageType.Continuation, 1, 7, MessageId.VmStatus, 1)).Down(packets[1])
            .Down(packets[0]).Down(other).ToArray();
        var rows = Tshark.Fields(capture, false, "malformed", "fragment");
        Assert.Equal(["|", "mismatched continuation|", "stray continuation|", "|", "|4,5"], rows.Select(row => string.Join('|', row)));
    }

    [Fact]
    public void A_new_first_packet_abandons_the_message_that_was_open()
    {
        var packets = Packets.Request(7, MessageId.VmSetCrashMsg, [.. BitConverter.GetBytes(296), .. new byte[296]]);
        var capture = new CaptureBuilder().Up(packets[0]).Up(s_fine).Up(packets[1]).ToArray();
        var rows = Tshark.Fields(capture, true, "abandons", "malformed", "reassembled_in");
        Assert.Equal(["||", "1||", "|stray continuation|"], rows.Select(row => string.Join('|', row)));
    }

    [Fact]
    public void Damage_in_between_leaves_an_open_message_alone()
    {
        var packets = Packets.Request(7, MessageId.VmSetCrashMsg, [.. BitConverter.GetBytes(296), .. new byte[296]]);
        var capture = new CaptureBuilder().Up(packets[0]).Up([0x21, 1]).Up([0x22, 1, 0, 0, 0, 0, 0, 0]).Up(Packets.Raw(RpcMessageType.Request, 63, 0, MessageId.VmGetVmid)).Up(packets[1]).ToArray();
        Assert.Equal("1,5", Tshark.Fields(capture, false, "fragment")[4][0]);
    }

    [Fact]
    public void Links_and_directions_do_not_mix()
    {
        var request = Packets.Request(7, MessageId.VmSetCrashMsg, [.. BitConverter.GetBytes(296), .. new byte[296]]);
        var reply = Packets.Reply(7, MessageId.VmSetCrashMsg, RmError.Ok);
        var notice = Packets.Notification(7, MessageId.VmConsoleChars, [0, 0, 0x2c, 1, .. new byte[300]]);
        var capture = new CaptureBuilder()
            .Add(3, CaptureDirection.ToRm, request[0]).Add(0x80, CaptureDirection.ToRm, request[0]).Add(3, CaptureDirection.FromRm, notice[0])
            .Add(0x80, CaptureDirection.ToRm, request[1]).Add(3, CaptureDirection.ToRm, request[1]).Add(3, CaptureDirection.FromRm, notice[1])
            .Add(3, CaptureDirection.FromRm, reply).Add(0x80, CaptureDirection.FromRm, reply).ToArray();
        foreach (var twoPasses in new[] { false, true })
        {
            var rows = Tshark.Fields(capture, twoPasses, "fragment", "request_in", "malformed", "link");
            Assert.Equal(["", "", "", "2,4", "1,5", "3,6", "", ""], rows.Select(row => row[0]));
            Assert.Equal(["", "", "", "", "", "", "5", "4"], rows.Select(row => row[1]));
            Assert.All(rows, row => Assert.Equal("", row[2]));
        }

        // The first pass knows the links only if it has to look for something. Without, there is nothing rather than something wrong.
        Assert.All(Tshark.Fields(capture, true, "reply_in"), row => Assert.Equal("", row[0]));
        Assert.Equal(["", "", "", "8", "7", "", "", ""], Tshark.Run(capture, true, "-R", "frame", "-T", "fields", "-e", "gunyah_rm.reply_in").Split('\n')[..^1]);
    }

    [Fact]
    public void Two_passes_know_where_a_message_ends_and_what_answers_it()
    {
        var request = Packets.Request(7, MessageId.VmSetCrashMsg, [.. BitConverter.GetBytes(696), .. new byte[696]]);
        var reply = Packets.Reply(7, MessageId.VmSetCrashMsg, RmError.Ok);
        var capture = new CaptureBuilder().Up(request).Down(reply).Up(request).Down(reply).ToArray();
        var rows = Tshark.Fields(capture, true, "reassembled_in", "reply_in", "_ws.col.Info");
        Assert.Equal(["4", "4", "4", "", "", "9", "9", "9", "", ""], rows.Select(row => row[0]));
        Assert.Equal(["", "", "", "5", "", "", "", "", "10", ""], rows.Select(row => row[1]));
        Assert.Equal("VM_SET_CRASH_MSG request, packet 2 of 4", rows[1][2]);
        Assert.EndsWith(" (4 packets)", rows[3][2], StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_sequence_id_again_is_answered_in_order()
    {
        var reply = Packets.Reply(1, MessageId.VmGetVmid, RmError.Ok, 3, 0, 0, 0);
        var capture = new CaptureBuilder().Up(s_fine).Down(reply).Up(s_fine).Up(s_fine).Down(reply).Down(reply).Down(reply).ToArray();
        Assert.Equal(["", "1", "", "", "3", "4", ""], Tshark.Fields(capture, false, "request_in").Select(row => row[0]));
    }

    [Fact]
    public void What_a_real_system_was_sent_is_read_as_it_read_it()
    {
        string[] files = ["vm-life.txt", "empty-payloads.txt", "malformed-packets.txt", "guest-link.txt"];
        var builder = new CaptureBuilder();
        var from = new List<string>();
        for (var n = 0; n < files.Length; n++)
        {
            foreach (var line in Protocol.Tests.Capture.Read(files[n]))
            {
                // Every recording has links of its own.
                builder.Add((ushort)((line.Link == 'H' ? 3 : 0x80) + n), line.ToRm ? CaptureDirection.ToRm : CaptureDirection.FromRm, line.Packet);
                from.Add($"{files[n]} {Convert.ToHexStringLower(line.Packet)}");
            }
        }

        // The Resource Manager answers requests and nothing else, so that every reply finds one.
        var rows = Tshark.Fields(builder.ToArray(), false, "type", "request_in", "frame.packet_flags_direction");
        var replies = rows.Select((row, n) => (Row: row, From: from[n])).Where(r => r.Row[0] == "2" && r.Row[2] == "0x00000001").ToList();
        Assert.True(replies.Count > 50, $"only {replies.Count} replies");
        Assert.All(replies, r => Assert.True(r.Row[1].Length > 0, $"{r.From}: a reply without a request"));
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Length % 2 == 0 ? hex : hex + "0");
}
