using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using FsCheck.Xunit;
using RmStack.Protocol;
using RmStack.Protocol.Messages;
using RmStack.Testing;

namespace RmStack.Cli.Tests;

public sealed class DecodeTests
{
    private const string Allocate = "210100000100005600000000";

    [Theory]
    [InlineData("210100000100005600000000\n")]
    [InlineData("21 01 00 00 01 00 00 56 00 00 00 00")]
    [InlineData("  0x21,0x01,0x00,0x00,0x01,0x00,0x00,0x56,0x00,0x00,0x00,0x00\r\n\r\n")]
    [InlineData("# a comment\nH>R 210100000100005600000000 t=10321287184 push=1 notfull=1  # another\n")]
    [InlineData("RM<HLOS 21 0100000100005600000000")]
    [InlineData("> 210100000100005600000000")]
    [InlineData("00000000: 2101 0000 0100 0056 0000 0000            !......V....\n")]
    [InlineData("00000000  21 01 00 00 01 00 00 56  00 00 00 00              |!......V....|\n0000000c\n")]
    [InlineData("000: 21 01 00 00 01 00 00 56\n008: 00 00 00 00\n")]
    public void Hex_is_read_as_people_write_it(string input)
    {
        var run = Rmstack.RunWithInput(Encoding.ASCII.GetBytes(input), "decode");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains(" > RM  VM_ALLOCATE request, sequence 0, 4 bytes\n", run.Output, StringComparison.Ordinal);
        Assert.EndsWith("\n1 packet, 1 message, 0 refused or incomplete\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Dumps_follow_one_another_and_a_packet_line_ends_a_dump()
    {
        const string Input = "000: 21 01 00 00 01 00 00 56\n008: 00 00 00 00\n000: 21 01 01 00 24 00 00 56\n2101020024000056\n";
        var run = Rmstack.RunWithInput(Encoding.ASCII.GetBytes(Input), "decode", "-");
        Assert.EndsWith("\n3 packets, 3 messages, 0 refused or incomplete\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("packet 2, line 3: 8 bytes", run.Output, StringComparison.Ordinal);
        Assert.Contains("packet 3, line 4: 8 bytes", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Dumps_of_other_programs_are_read_whatever_their_bytes_look_like()
    {
        var packet = Convert.FromHexString("21010000040000563a3a7c7c");
        var zeros = new byte[RpcLimits.PacketSize];
        Convert.FromHexString("2101000013000051").CopyTo(zeros, 0);
        const string Colon = "00000000  21 01 00 00 04 00 00 56  3a 3a 7c 7c              |!......V::|||\n0000000c\n";
        Same(packet, Colon);
        Same(packet, "00000000: 2101 0000 0400 0056 3a3a 7c7c            !......V::||\n");
        Same(packet, "000: 21 01 00 00 04 00 00 56  3a 3a 7c 7c\n");
        Same(packet, "0000  21 01 00 00 04 00 00 56 3a 3a 7c 7c               !......V::||\n");
        Same(zeros, "00000000  21 01 00 00 13 00 00 51  00 00 00 00 00 00 00 00  |!......Q........|\n00000010  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|\n*\n000000f0\n");
        Same(Convert.FromHexString("2101000004000056abcd0000"), "00000000: 2101 0000 0400 0056 abcd 0000            abcdefab\n");

        var broken = Rmstack.RunWithInput("000: 21 01 00 00 04 00 00 56\n008: zz 00\n00a: 00 00\n000: 21 01 00 00 24 00 00 56\n"u8.ToArray(), "decode");
        Assert.Contains("UNREADABLE line 2: 'zz' is not hex\n", broken.Output, StringComparison.Ordinal);
        Assert.EndsWith("\n1 packet, 1 message, 1 refused or incomplete\n", broken.Output, StringComparison.Ordinal);

        static void Same(byte[] expected, string dump)
        {
            var run = Rmstack.RunWithInput(Encoding.ASCII.GetBytes(dump), "decode");
            Assert.EndsWith("\n1 packet, 1 message, " + (run.ExitCode == 0 ? "0" : "1") + " refused or incomplete\n", run.Output, StringComparison.Ordinal);
            Assert.Equal(Rmstack.RunWithInput(Encoding.ASCII.GetBytes(Convert.ToHexString(expected)), "decode").Output, run.Output);
        }
    }

    [Fact]
    public void Two_links_of_one_name_stay_two_links()
    {
        var file = new System.Buffers.ArrayBufferWriter<byte>();
        var writer = new Transport.Capture.PcapngWriter(file);
        int first = writer.AddLink(0x80, "guest"), second = writer.AddLink(0x81, "guest");
        writer.Write(first, Transport.Capture.CaptureDirection.ToRm, 1, Convert.FromHexString("21050000170000568000"), null);
        writer.Write(second, Transport.Capture.CaptureDirection.ToRm, 2, Convert.FromHexString("21050000170000568100"), null);
        writer.Write(first, Transport.Capture.CaptureDirection.ToRm, 3, Convert.FromHexString("21040000170000560000"), null);
        writer.Write(second, Transport.Capture.CaptureDirection.ToRm, 4, Convert.FromHexString("21040000170000560000"), null);
        var run = Rmstack.RunWithInput(file.WrittenSpan.ToArray(), "decode");
        Assert.EndsWith("\n4 packets, 2 messages, 0 refused or incomplete\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("guest vm0x80 > RM  VM_GET_STATE", run.Output, StringComparison.Ordinal);
        Assert.Contains("guest vm0x81 > RM  VM_GET_STATE", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Raw_packets_of_one_message_are_joined()
    {
        var sgl = Enumerable.Range(0, 100).Select(i => new SglEntry((ulong)i << 12, 0x1000)).ToArray();
        var payload = new byte[MemLend.SizeOf(1, sgl.Length, 0)];
        MemLend.Write(payload, MemType.Normal, MemCreateFlags.Sanitize, 0x99, [new(0x80, MemRights.Read)], sgl, []);
        var path = Rmstack.File("lend.bin", Cut(MessageId.MemLend, payload));
        var run = Rmstack.Run("decode", path);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("MEM_LEND request, sequence 7, 1624 bytes\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("    packet 2, byte 240: 240 bytes: version 1, 2 words, continuation, fragments 6, sequence 7, id 0x51000012\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("    flags                sanitize (1)\n    label                0x99 (153)\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("      [99]               address 0x63000 (405504), size 0x1000 (4 KiB)\n", run.Output, StringComparison.Ordinal);
        Assert.EndsWith("\n7 packets, 1 message, 0 refused or incomplete\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_trace_of_a_boot_decodes_to_the_conversation()
    {
        var path = Rmstack.File("boot.pcapng", []);
        Assert.Equal(0, Rmstack.Run("boot", "--trace", path).ExitCode);
        var messages = Lines(Rmstack.Run("decode", "--json", path));
        Assert.All(messages, message => Assert.Equal("message", (string?)message["kind"]));
        Assert.Equal(["VM_ALLOCATE", "VM_ALLOCATE", "MEM_LEND", "MEM_LEND", "VM_CONFIG_IMAGE", "VM_STATUS", "VM_CONFIG_IMAGE", "VM_INIT"], messages.Take(8).Select(message => (string?)message["message"]));
        var status = messages.First(message => (string?)message["message"] == "VM_STATUS");
        Assert.Equal("""{"vmid":128,"vm_state":1,"os_state":0,"app_status":0}""", status["fields"]!.ToJsonString());
        Assert.Equal("INIT", (string?)status["names"]!["vm_state"]);
        Assert.Equal(("HLOS", 3, "from_rm"), ((string?)status["link"], (int)status["link_vmid"]!, (string?)status["direction"]));
        var exited = messages.Single(message => (string?)message["message"] == "VM_EXITED");
        Assert.Equal("00000000", (string?)exited["fields"]!["reason"]);
        Assert.Equal(0, (int)exited["derived"]!["code"]!);
    }

    [Theory]
    [InlineData("2201000024000056", "at byte 0: API version is not 1")]
    [InlineData("3101000024000056", "at byte 0: header size is not 2 words")]
    [InlineData("21fd000024000056", "at byte 1: more than 62 fragments")]
    [InlineData("210100", "at byte 3: too short for this receiver")]
    [InlineData("2104000024000056", "a continuation with no message begun")]
    [InlineData("21010000120000510000000099000000", "at byte 8 of the payload: shorter than its fixed part")]
    [InlineData("210100000100005600000000ff", "at byte 4 of the payload: payload length differs")]
    [InlineData("2101000012000051000000000000000001000000800007000200000000000080000000000000200000000000", "at byte 16 of the payload: list runs past the end")]
    [InlineData("210100001300005603000000616263ff", "at byte 7 of the payload: padding is not zero")]
    [InlineData("2102000024000056000000", "at byte 11: a reply without an error word")]
    public void Bad_bytes_are_shown_with_place_and_reason(string packet, string complaint)
    {
        var run = Rmstack.RunWithInput(Encoding.ASCII.GetBytes(packet + "\n" + Allocate), "decode");
        Assert.Equal(ExitCode.BadBytes, (ExitCode)run.ExitCode);
        Assert.Contains("REFUSED", run.Output, StringComparison.Ordinal);
        Assert.Contains(complaint, run.Output, StringComparison.Ordinal);
        Assert.Contains("VM_ALLOCATE request", run.Output, StringComparison.Ordinal);
        Assert.EndsWith(", 1 refused or incomplete\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_displaced_and_one_cut_off_are_incomplete()
    {
        const string Input = "R>H 2106020020000056000000000600\nR>H 2103000008001056800000000100000a\nH>R 2105030012000051\n";
        var run = Rmstack.RunWithInput(Encoding.ASCII.GetBytes(Input), "decode");
        Assert.Contains("INCOMPLETE VM_GET_HYP_RESOURCES reply, sequence 2: 1 of 2 packets; another message began", run.Output, StringComparison.Ordinal);
        Assert.Contains("INCOMPLETE MEM_LEND request, sequence 3: 1 of 2 packets; the input ends in the middle of it", run.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.BadBytes, (ExitCode)run.ExitCode);
        var json = Lines(Rmstack.RunWithInput(Encoding.ASCII.GetBytes(Input), "decode", "--json"));
        Assert.Equal(["incomplete", "message", "incomplete"], json.Select(line => (string?)line["kind"]));
    }

    [Fact]
    public void Fragments_of_two_links_and_of_two_directions_are_never_mixed_up()
    {
        const string Input = """
            H>R 210577771700005603
            G>R 210577771700005680
            R>H 2107000080001056800001
            H>R 21047777170000560000 00
            R>H 2104000080001056 00 61
            G>R 21047777170000560000 00
            """;
        var run = Rmstack.RunWithInput(Encoding.ASCII.GetBytes(Input), "decode");
        Assert.EndsWith("\n6 packets, 3 messages, 0 refused or incomplete\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("#1  H > RM  VM_GET_STATE request, sequence 30583, 4 bytes\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("vmid                 0x80 (128)\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("    text                 \"a\"\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_receiver_decides_what_is_joined()
    {
        const string Input = "R>H 21060700170000560000000003\nR>H 2104070018000056000000\n";
        Assert.Contains("a continuation of another message", Rmstack.RunWithInput(Encoding.ASCII.GetBytes(Input), "decode").Output, StringComparison.Ordinal);
        var v5 = Rmstack.RunWithInput(Encoding.ASCII.GetBytes(Input), "decode", "--receiver", "v5");
        Assert.Equal(0, v5.ExitCode);
        var crash = Rmstack.RunWithInput("R>H 2104070018000056000000"u8.ToArray(), "decode", "--receiver", "v10");
        Assert.Contains("the real receiver would crash here", crash.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("VM_START", 2)]
    [InlineData("vm_start", 2)]
    [InlineData("0x56000004", 2)]
    [InlineData("0x12345678", 0)]
    public void A_filter_shows_messages_of_one_name(string name, int shown)
    {
        var path = Rmstack.File("boot.pcapng", []);
        Rmstack.Run("boot", "--trace", path);
        var run = Rmstack.Run("decode", "--json", "--message", name, path);
        Assert.Equal(shown, Lines(run).Length);
        Assert.Equal(0, run.ExitCode);
    }

    [Fact]
    public void A_filter_shows_what_concerns_one_VM()
    {
        const string Lend = "H>R 2101010012000051 00000000 00000000 01000000 81000700 01000000 0000008000000000 0000200000000000 00000000\n";
        const string Input = "H>R 210100000400005680000000\nH>R 210100000400005681000000\n" + Lend;
        var messages = Lines(Rmstack.RunWithInput(Encoding.ASCII.GetBytes(Input), "decode", "--json", "--vmid", "0x81"));
        Assert.Equal(["VM_START", "MEM_LEND"], messages.Select(message => (string?)message["message"]));
        Assert.Equal("""{"mem_type":"normal","flags":"none","acl":[{"rights":"RWX"}]}""", messages[1]["names"]!.ToJsonString());
        Assert.Equal(["VM_START"], Lines(Rmstack.RunWithInput(Encoding.ASCII.GetBytes(Input), "decode", "--json", "--vmid", "128")).Select(message => (string?)message["message"]));
    }

    [Theory]
    [InlineData("--message NOPE is no message: use a name of docs/MESSAGES.md, such as VM_START, or an id in hex", "--message", "NOPE")]
    [InlineData("--vmid 65536 is no VMID: use a number from 0 to 65535, such as 0x80", "--vmid", "65536")]
    [InlineData("--receiver v99 is not known: use v5, v10, v12, v17, downstream", "--receiver", "v99")]
    [InlineData("--vmid 1K is no VMID: use a number from 0 to 65535, such as 0x80", "--vmid", "1K")]
    [InlineData("--format pcap is not known: use auto, hex, raw or pcapng", "--format", "pcap")]
    [InlineData("--format 3 is not known: use auto, hex, raw or pcapng", "--format", "3")]
    [InlineData("--message a b is no message: use a name of docs/MESSAGES.md, such as VM_START, or an id in hex", "--message", "a\nb")]
    public void A_wrong_option_is_one_line(string line, params string[] args)
    {
        var run = Rmstack.Run(["decode", .. args]);
        Assert.Equal((ExitCode.Usage, $"rmstack: {line}\n"), ((ExitCode)run.ExitCode, run.Error));
    }

    [Fact]
    public void An_unreadable_file_is_one_line()
    {
        var missing = Rmstack.Run("decode", "/nonexistent/x.pcapng");
        Assert.Equal((ExitCode.InputNotFound, "rmstack: /nonexistent/x.pcapng does not exist\n"), ((ExitCode)missing.ExitCode, missing.Error));
        Assert.Equal(ExitCode.InputNotFound, (ExitCode)Rmstack.Run("decode", Path.GetTempPath()).ExitCode);
        var pcap = Rmstack.RunWithInput([0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0], "decode");
        Assert.Equal(ExitCode.InputNotFound, (ExitCode)pcap.ExitCode);
        Assert.Contains("save it as pcapng", pcap.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_capture_cut_off_anywhere_shows_the_packets_before_it()
    {
        var path = Rmstack.File("boot.pcapng", []);
        Rmstack.Run("boot", "--trace", path);
        var whole = System.IO.File.ReadAllBytes(path);
        var shown = new List<int>();
        for (var length = 4; length < 700; length += 7)
        {
            var run = Rmstack.RunWithInput(whole[..length], "decode", "--json");
            Assert.Contains((ExitCode)run.ExitCode, new[] { ExitCode.Ok, ExitCode.BadBytes });
            var lines = Lines(run);
            Assert.Equal(run.ExitCode == 0, lines.All(line => (string?)line["kind"] == "message"));
            shown.Add(lines.Count(line => (string?)line["kind"] == "message"));
        }

        Assert.Equal(shown.Order(), shown);
        Assert.Equal((0, true), (shown[0], shown[^1] > 5));
    }

    [Property(MaxTest = 300)]
    public void Whatever_the_bytes_it_ends_with_a_documented_code_and_json_lines(byte[] bytes, byte format)
    {
        var name = new[] { "auto", "hex", "raw", "pcapng" }[format % 4];
        foreach (var json in new[] { false, true })
        {
            var run = Rmstack.RunWithInput(bytes, json ? ["decode", "--json", "--format", name] : ["decode", "--format", name]);
            Assert.Contains((ExitCode)run.ExitCode, new[] { ExitCode.Ok, ExitCode.BadBytes });
            Assert.Equal("", run.Error);
            if (json)
                Lines(run);
            else
                Assert.DoesNotContain(run.Output, c => char.IsControl(c) && c != '\n');
        }
    }

    [Fact]
    public void More_links_than_are_kept_apart_are_refused_and_a_line_without_end_is_one_problem()
    {
        var text = new StringBuilder();
        for (var i = 0; i < 1100; i++)
            text.Append(CultureInfo.InvariantCulture, $"V{i}>R {Allocate}\n");
        var run = Rmstack.RunWithInput(Encoding.ASCII.GetBytes(text.ToString()), "decode");
        Assert.EndsWith("\n1100 packets, 1024 messages, 76 refused or incomplete\n", run.Output, StringComparison.Ordinal);
        var line = Rmstack.RunWithInput(Encoding.ASCII.GetBytes(new string('2', 1 << 20) + "\n" + Allocate), "decode");
        Assert.Contains("UNREADABLE line 1: a line of more than 65536 characters\n", line.Output, StringComparison.Ordinal);
        Assert.EndsWith("\n1 packet, 1 message, 1 refused or incomplete\n", line.Output, StringComparison.Ordinal);
    }

    /// <summary>spec/expectations was written apart from this program; see spec/README.md.</summary>
    [Fact]
    public void Every_sample_of_the_specification_decodes_to_what_is_expected_of_it()
    {
        var spec = Repository.PathOf("spec");
        var samples = Directory.GetFiles(Path.Combine(spec, "samples"), "*.bin");
        Assert.InRange(samples.Length, 400, int.MaxValue);
        Assert.All(samples, sample =>
        {
            var expected = JsonNode.Parse(System.IO.File.ReadAllText(Path.Combine(spec, "expectations", Path.ChangeExtension(Path.GetFileName(sample), ".json"))))!.AsObject();
            var run = Rmstack.Run("decode", "--json", "--format", "raw", sample);
            var message = Lines(run).Single();
            Assert.Equal((string?)expected["id"], (string?)message["id"]);
            Assert.Equal((string?)expected["type"], (string?)message["type"]);
            Assert.Equal((int)expected["sequence"]!, (int)message["sequence"]!);
            Assert.Equal((int)expected["packets"]!, message["packets"]!.AsArray().Count);
            Assert.Equal((long?)expected["error"], (long?)message["error"]);
            Assert.True(JsonNode.DeepEquals(expected["fields"], message["fields"]), run.Output);
            Assert.Equal(expected["fields"] is null ? ExitCode.BadBytes : ExitCode.Ok, (ExitCode)run.ExitCode);
        });
    }

    private static JsonObject[] Lines(Invocation run) =>
        [.. run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject())];

    private static byte[] Cut(MessageId id, byte[] payload)
    {
        var fragmenter = new Fragmenter(RpcMessageType.Request, 7, id, payload.Length);
        var packets = new List<byte>();
        var packet = new byte[RpcLimits.PacketSize];
        while (fragmenter.TryWriteNext(payload, packet, out var length, out _))
            packets.AddRange(packet[..length]);
        return [.. packets];
    }
}
