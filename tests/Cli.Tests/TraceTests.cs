using RmStack.Transport.Capture;

namespace RmStack.Cli.Tests;

/// <summary>`rmstack boot --trace`.</summary>
public class TraceTests
{
    /// <summary>Tries capability after capability until one sends VM_GET_VMID to the Resource Manager, waits a little, PSCI SYSTEM_OFF.</summary>
    private static readonly uint[] s_talksToTheRm =
    [
        0xd280_0009, 0xaa09_03e0, 0xd280_0101, 0x1000_01c2, 0xd280_0023, 0xd280_0004, 0xd40c_0362, 0xb400_0080, 0x9100_0529, 0xf101_013f, 0x54ff_fee1,
        0xd290_000a, 0xf100_054a, 0x54ff_ffe1, 0x52b0_8000, 0x7280_0100, 0xd400_0002, 0x0007_0121, 0x5600_0024,
    ];

    [Theory]
    [InlineData]
    [InlineData("--cap-ids", "random", "--seed", "7", "--guest-pages", "scattered")]
    [InlineData("--image", "crash.bin")]
    public void The_same_options_write_the_same_bytes(params string[] options)
    {
        var image = Array.IndexOf(options, "--image");
        if (image >= 0) options[image + 1] = Rmstack.Guest(options[image + 1]);
        var (first, _) = Trace(options);
        Assert.Equal(first, Trace(options).File);
    }

    [Theory]
    [InlineData]
    [InlineData("--json")]
    [InlineData("--quiet")]
    public void Nothing_else_changes(params string[] options) => Assert.Equal(Rmstack.Run(["boot", .. options]), Trace(options).Run);

    [Theory]
    [InlineData("hello.bin", ExitCode.Ok)]
    [InlineData("spin.bin", ExitCode.BudgetUsed)]
    [InlineData("wfi.bin", ExitCode.GuestIdle)]
    [InlineData("crash.bin", ExitCode.GuestCrashed)]
    public void Every_packet_of_a_run_is_there_however_it_ends(string guest, ExitCode code)
    {
        var (file, run) = Trace("--json", "--image", Rmstack.Guest(guest), "--budget", "1000000");
        Assert.Equal((int)code, run.ExitCode);
        using var document = System.Text.Json.JsonDocument.Parse(run.Output);
        var messages = document.RootElement.GetProperty("events").EnumerateArray().Where(e => e.TryGetProperty("message", out _)).Select(e => e.GetProperty("message")).ToList();
        var packets = Read(file);
        Assert.Equal(messages.Sum(m => m.GetProperty("packets").GetInt32()), packets.Count);
        foreach (var direction in new[] { CaptureDirection.ToRm, CaptureDirection.FromRm })
        {
            var said = messages.Where(m => m.GetProperty("sender").GetInt32() == 3 == (direction == CaptureDirection.ToRm)).Select(m => m.GetProperty("content").GetString());
            Assert.Equal(said, packets.Where(p => p.Direction == direction).Select(p => p.Data[16..]));
        }

        Assert.True(packets.Zip(packets.Skip(1)).All(pair => pair.First.Ns <= pair.Second.Ns));
        Assert.All(packets, p => Assert.Equal(("vm0x3", "HLOS", p.Direction == CaptureDirection.ToRm ? "push" : null), (p.Name, p.Description, p.Comment)));
    }

    [Fact]
    public void A_guests_own_link_has_an_interface_of_its_own()
    {
        var (file, run) = Trace("--image", Rmstack.File("talks.bin", BootTests.Words(s_talksToTheRm)));
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        var packets = Read(file).Where(p => p.Name == "vm0x80").ToList();
        Assert.Equal(["2101070024000056", "21020700240000560000000080000000"], packets.Select(p => p.Data));
        Assert.Equal([CaptureDirection.ToRm, CaptureDirection.FromRm], packets.Select(p => p.Direction));
        Assert.All(packets, p => Assert.Equal("guest", p.Description));
    }

    [Fact]
    public void A_launch_that_is_refused_is_traced_to_its_end()
    {
        var (file, run) = Trace("--append", new string('x', 63_500));
        Assert.Equal((int)ExitCode.Refused, run.ExitCode);
        var last = Read(file)[^1];
        Assert.Equal((CaptureDirection.FromRm, "02000056"), (last.Direction, last.Data[8..16]));
    }

    [Theory]
    [InlineData("/no/such/directory/boot.pcapng")]
    [InlineData("/")]
    [InlineData("")]
    public void A_trace_that_cannot_be_begun_ends_the_command_before_it_begins(string path)
    {
        var run = Rmstack.Run("boot", "--trace", path);
        Assert.Equal(((int)ExitCode.InputNotFound, ""), (run.ExitCode, run.Output));
        Assert.Matches("^rmstack: [^\n]+\n$", run.Error);
    }

    [Fact]
    public void A_trace_that_cannot_be_written_to_its_end_fails_the_command_after_the_run()
    {
        if (!File.Exists("/dev/full")) return;
        var run = Rmstack.Run("boot", "--quiet", "--trace", "/dev/full");
        Assert.Equal((int)ExitCode.InputNotFound, run.ExitCode);
        Assert.EndsWith("bye\r\n", run.Output, StringComparison.Ordinal);
        Assert.Matches("^rmstack: /dev/full cannot be written: [^\n]+\n$", run.Error);
    }

    private static (byte[] File, Invocation Run) Trace(params string[] options)
    {
        var path = Rmstack.File("run.pcapng", []);
        try
        {
            var run = Rmstack.Run(["boot", .. options, "--trace", path]);
            return (File.ReadAllBytes(path), run);
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        }
    }

    private static List<(string? Name, string? Description, CaptureDirection Direction, ulong? Ns, string Data, string? Comment)> Read(byte[] file)
    {
        return ReadAsync().GetAwaiter().GetResult();

        async Task<List<(string?, string?, CaptureDirection, ulong?, string, string?)>> ReadAsync()
        {
            await using var reader = new PcapngReader(new MemoryStream(file));
            var packets = new List<(string?, string?, CaptureDirection, ulong?, string, string?)>();
            await foreach (var packet in reader.ReadAllAsync())
                packets.Add((packet.Interface.Name, packet.Interface.Description, packet.Direction, packet.TimestampNs, Convert.ToHexStringLower(packet.Data.Span), packet.Comment));
            Assert.Equal(CaptureStatus.End, reader.Outcome!.Value.Status);
            return packets;
        }
    }
}
