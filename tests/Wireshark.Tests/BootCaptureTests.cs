using System.Text.Json;
using RmStack.Cli;
using RmStack.Cli.Tests;
using RmStack.Machine.Tests.Guests;
using RmStack.Testing;
using RmStack.Transport.Capture;

namespace RmStack.Wireshark.Tests;

/// <summary>What `rmstack boot --trace` writes, in the eyes of Wireshark and its tools.</summary>
public sealed class BootCaptureTests
{
    private static readonly byte[] s_boot = Boot();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_message_is_named_and_nothing_is_malformed(bool twoPasses)
    {
        var rows = Tshark.Fields(s_boot, twoPasses, "message", "malformed", "link", "_ws.col.Protocol");
        Assert.Equal(26, rows.Length);
        Assert.All(rows, row => Assert.Matches("^(VM|MEM)_[A-Z_]+$", row[0]));
        Assert.All(rows, row => Assert.Equal(["", "0x0003", "Gunyah RM"], row[1..]));
    }

    [Fact]
    public void The_messages_are_those_of_the_run()
    {
        using var document = JsonDocument.Parse(Rmstack.Run("boot", "--json").Output);
        var said = document.RootElement.GetProperty("events").EnumerateArray()
            .Where(e => e.TryGetProperty("message", out _)).Select(e => e.GetProperty("message"))
            .Select(m => (ToRm: m.GetProperty("sender").GetInt32() == 3, Name: m.GetProperty("name").GetString(), Sequence: m.GetProperty("seq").GetInt32(), Type: m.GetProperty("type").GetString()))
            .ToList();
        string[] types = ["continuation", "request", "reply", "notification"];
        var seen = Tshark.Fields(s_boot, false, "frame.packet_flags_direction", "message", "sequence", "type")
            .Select(row => (ToRm: row[0] == "0x00000002", Name: (string?)row[1], Sequence: Convert.ToInt32(row[2], 16), Type: (string?)types[int.Parse(row[3])])).ToList();
        foreach (var way in new[] { true, false }) Assert.Equal(said.Where(m => m.ToRm == way), seen.Where(m => m.ToRm == way));
    }

    [Fact]
    public void Requests_and_replies_find_each_other()
    {
        var rows = Tshark.Fields(s_boot, true, "frame.number", "type", "id", "sequence", "request_in", "reply_in", "response_time", "frame.time_epoch");
        Assert.Equal(9, rows.Count(row => row[1] == "1"));
        foreach (var request in rows.Where(row => row[1] == "1"))
        {
            var reply = rows[int.Parse(request[5]) - 1];
            Assert.Equal(["2", request[2], request[3], request[0], ""], reply[1..6]);
            Assert.Equal(decimal.Parse(reply[7]) - decimal.Parse(request[7]), decimal.Parse(reply[6]));
        }

        Assert.All(rows.Where(row => row[1] == "3"), row => Assert.Equal(["", "", ""], row[4..7]));

        // In one pass a request cannot know what comes later; its reply knows it all the same.
        var once = Tshark.Fields(s_boot, false, "request_in", "reply_in", "response_time");
        Assert.All(once, row => Assert.Equal("", row[1]));
        Assert.Equal(rows.Select(row => (row[4], row[6])), once.Select(row => (row[0], row[2])));
    }

    [Fact]
    public void The_readme_shows_what_tshark_lists()
    {
        var text = System.IO.File.ReadAllText(Repository.PathOf("README.md"));
        const string Begin = "<!-- tshark -->\n```text\n";
        int from = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, to = text.IndexOf("```\n<!-- /tshark -->", StringComparison.Ordinal);
        Assert.True(from >= Begin.Length && to >= from, "README.md has no listing");
        var listed = string.Concat(Tshark.Fields(s_boot, false, "_ws.col.No.", "frame.time_epoch", "_ws.col.Source", "_ws.col.Destination", "_ws.col.Info").Select(row => string.Join(' ', row) + "\n"));
        if (Environment.GetEnvironmentVariable("RMSTACK_WRITE_DOCS") == "1") System.IO.File.WriteAllText(Repository.PathOf("README.md"), text[..from] + listed + text[to..]);
        else Assert.Equal(text[from..to], listed);
    }

    [Fact]
    public void Capinfos_finds_the_file_in_order()
    {
        var file = Rmstack.File("boot.pcapng", s_boot);
        var text = ExternalTool.Run("capinfos", "wireshark-common", [], file).Text;
        Assert.Matches(@"File encapsulation: +USER 0\n", text);
        Assert.Matches(@"File timestamp precision: +nanoseconds \(9\)\n", text);
        Assert.Matches(@"Number of packets: +26\n", text);
        Assert.Matches(@"Strict time order: +True\n", text);
        Assert.Matches(@"Capture application: +rm-stack\n", text);
        Assert.Matches(@"Name = vm0x3\n +Description = HLOS\n", text);
    }

    [Theory]
    [InlineData("pcapng", true)]
    [InlineData("nsecpcap", false)]
    public void What_editcap_makes_of_a_file_reads_the_same(string format, bool named)
    {
        var file = Rmstack.File("boot.pcapng", s_boot);
        var other = file + ".other";
        Assert.Equal(0, ExternalTool.Run("editcap", "wireshark-common", [], "-F", format, file, other).ExitCode);
        // Through the older format and back: names and directions are lost, time and bytes are not.
        Assert.Equal(0, ExternalTool.Run("editcap", "wireshark-common", [], "-F", "pcapng", other, other + "ng").ExitCode);
        var (ours, theirs) = (Read(file), Read(other + "ng"));
        Assert.Equal(26, ours.Count);
        Assert.Equal(ours.Select(p => (p.Ns, p.Data)), theirs.Select(p => (p.Ns, p.Data)));
        if (named) Assert.Equal(ours, theirs);
    }

    [Fact]
    public void A_capture_that_lost_names_and_directions_still_makes_sense()
    {
        var file = Rmstack.File("boot.pcapng", s_boot);
        Assert.Equal(0, ExternalTool.Run("editcap", "wireshark-common", [], "-F", "nsecpcap", file, file + ".pcap").ExitCode);
        var rows = Tshark.Fields(System.IO.File.ReadAllBytes(file + ".pcap"), true, "message", "malformed", "type", "request_in", "_ws.col.Source");
        Assert.Equal(26, rows.Length);
        Assert.All(rows, row => Assert.Equal(("", row[2] == "2", row[2] == "1" ? "VM" : "RM"), (row[1], row[3].Length > 0, row[4])));
    }

    [Fact]
    public void A_run_that_fails_is_traced_to_its_end()
    {
        var path = Rmstack.File("spin.pcapng", []);
        Assert.Equal((int)ExitCode.BudgetUsed, Rmstack.Run("boot", "--quiet", "--image", Rmstack.Guest("spin.bin"), "--budget", "100000", "--trace", path).ExitCode);
        var infos = Tshark.Infos(System.IO.File.ReadAllBytes(path));
        Assert.Contains("VM_STOP request vmid=0x80 flags=force reason=force-stop", infos);
        Assert.Contains(infos, info => info.StartsWith("VM_EXITED notification vmid=0x80 exit_type=FORCED_STOP", StringComparison.Ordinal));
        Assert.Equal("VM_DEALLOCATE reply OK", infos[^1]);
    }

    private static byte[] Boot()
    {
        var path = Rmstack.File("boot.pcapng", []);
        Assert.Equal(0, Rmstack.Run("boot", "--quiet", "--trace", path).ExitCode);
        return System.IO.File.ReadAllBytes(path);
    }

    private static List<(string? Name, CaptureDirection Direction, ulong? Ns, string Data, string? Comment)> Read(string path)
    {
        return ReadAsync().GetAwaiter().GetResult();

        async Task<List<(string?, CaptureDirection, ulong?, string, string?)>> ReadAsync()
        {
            await using var reader = new PcapngReader(System.IO.File.OpenRead(path));
            var packets = new List<(string?, CaptureDirection, ulong?, string, string?)>();
            await foreach (var packet in reader.ReadAllAsync())
                packets.Add((packet.Interface.Name, packet.Direction, packet.TimestampNs, Convert.ToHexStringLower(packet.Data.Span), packet.Comment));
            Assert.Equal(CaptureStatus.End, reader.Outcome!.Value.Status);
            return packets;
        }
    }
}
