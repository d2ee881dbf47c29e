using System.Text.Json;

namespace RmStack.Cli.Tests;

public class BootTests
{
    private const string Bye = "bye\r\n";

    [Fact]
    public void The_built_in_guest_says_hello_under_gunyah_and_ends()
    {
        var run = Rmstack.Run("boot", "--quiet");
        Assert.Equal(0, run.ExitCode);
        Assert.Empty(run.Error);
        Assert.StartsWith("rm-stack hello: AArch64 guest at EL1\r\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("hypervisor: Gunyah, API version 1, variant 0x51, flags 0x10000eff 0x0 0x0, SMCCC and HVC agree\r\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("memory: 2097152 bytes at 0x80000000\r\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("wrong words: 0\r\n", run.Output, StringComparison.Ordinal);
        Assert.EndsWith(Bye, run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("--json")]
    [InlineData("--quiet")]
    [InlineData("--cap-ids", "random", "--seed", "77", "--guest-pages", "scattered")]
    [InlineData("--image", "spin.bin", "--budget", "1000000")]
    [InlineData("--image", "crash.bin", "--json")]
    public void The_same_options_print_the_same_bytes(params string[] options)
    {
        var args = Boot(options);
        var first = Rmstack.Run(args);
        Assert.Equal(first, Rmstack.Run(args));
        Assert.NotEmpty(first.Output + first.Error);
    }

    [Theory]
    [InlineData("--rm", "rm1")]
    [InlineData("--rm", "rm2", "--hyp", "next")]
    [InlineData("--rm", "rm1", "--hyp", "23.12", "--profile", "v14")]
    [InlineData("--cap-ids", "random", "--seed", "18446744073709551615")]
    [InlineData("--guest-pages", "scattered")]
    [InlineData("--memory", "64M")]
    [InlineData("--memory", "0x40000")]
    [InlineData("--vcpus", "2")]
    [InlineData("--vcpus", "8")]
    [InlineData("--append", "console=ttyAMA0 root=\"/dev/ram\"")]
    [InlineData("--image", "hello.elf")]
    [InlineData("--image", "hello.bin")]
    public void Every_way_of_running_it_ends_well(params string[] options)
    {
        var run = Rmstack.Run([.. Boot(options), "--quiet"]);
        Assert.Equal("", run.Error);
        Assert.Equal(0, run.ExitCode);
        Assert.EndsWith(Bye, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_seed_gives_other_capability_ids_and_the_same_conversation()
    {
        var one = Rmstack.Run("boot", "--cap-ids", "random", "--seed", "1");
        var two = Rmstack.Run("boot", "--cap-ids", "random", "--seed", "2");
        Assert.NotEqual(one.Output, two.Output, StringComparer.Ordinal);
        Assert.Equal<string>(Conversation.OfText(one.Output), Conversation.OfText(two.Output), StringComparer.Ordinal);
    }

    [Fact]
    public void Json_is_one_document_with_everything_in_it()
    {
        var run = Rmstack.Run("boot", "--json");
        Assert.Equal(0, run.ExitCode);
        using var document = JsonDocument.Parse(run.Output);
        var root = document.RootElement;
        Assert.Equal(["machine", "guest", "events", "console", "summary", "result"], root.EnumerateObject().Select(p => p.Name), StringComparer.Ordinal);
        Assert.Equal(0, root.GetProperty("result").GetProperty("exitCode").GetInt32());
        Assert.Equal(0x80, root.GetProperty("guest").GetProperty("vmid").GetInt32());
        Assert.EndsWith(Bye, root.GetProperty("console").GetString(), StringComparison.Ordinal);
        var summary = root.GetProperty("summary");
        Assert.True(summary.GetProperty("guestInstructions").GetUInt64() > 1000);
        Assert.Equal(summary.GetProperty("pages").GetInt32(), summary.GetProperty("pagesHome").GetInt32());
        var events = root.GetProperty("events").EnumerateArray().ToList();
        Assert.Equal(["access", "console", "memory", "message", "step"], events.Select(e => e.GetProperty("kind").GetString()!).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.True(events.Zip(events.Skip(1)).All(pair => pair.First.GetProperty("ns").GetUInt64() <= pair.Second.GetProperty("ns").GetUInt64()));

        // The counts of the summary are the sums of the messages.
        foreach (var link in summary.GetProperty("links").EnumerateArray())
        {
            var hlosSends = link.GetProperty("from").GetString() == "HLOS";
            var messages = events.Where(e => e.TryGetProperty("message", out var m) && (m.GetProperty("sender").GetInt32() == 3) == hlosSends).Select(e => e.GetProperty("message")).ToList();
            Assert.Equal(messages.Count, link.GetProperty("messages").GetInt32());
            Assert.Equal(messages.Sum(m => m.GetProperty("packets").GetInt32()), link.GetProperty("packets").GetInt32());
            Assert.Equal(messages.Sum(m => m.GetProperty("bytes").GetInt32()), link.GetProperty("bytes").GetInt32());
        }
    }

    [Fact]
    public void The_lender_faults_on_a_lent_page_and_not_before_or_after()
    {
        var accesses = Rmstack.Run("boot").Output.Split('\n').Where(line => line.Contains("HLOS reads", StringComparison.Ordinal)).ToList();
        Assert.Equal(3, accesses.Count);
        Assert.Matches("before it is lent: 0x[0-9a-f]{16}$", accesses[0]);
        Assert.EndsWith("while it is lent: abort, not mapped", accesses[1], StringComparison.Ordinal);
        Assert.Matches("after it was reclaimed: 0x[0-9a-f]{16}$", accesses[2]);
    }

    [Fact]
    public void Memory_goes_from_hlos_to_the_parcel_to_the_guest_and_back()
    {
        var owners = Rmstack.Run("boot").Output.Split('\n').Where(line => line.Contains(" memory ", StringComparison.Ordinal) && line.Contains("owner", StringComparison.Ordinal)).Select(line => line[line.IndexOf("owner", StringComparison.Ordinal)..]);
        Assert.Equal(
            [
                "owner HLOS, mapped by HLOS",
                "owner memparcel 0 (lent to VM 0x80), mapped by nobody",
                "owner memparcel 0 (lent to VM 0x80), mapped by VM 0x80 at 0x80000000",
                "owner memparcel 0 (lent to VM 0x80), mapped by nobody",
                "owner HLOS, mapped by HLOS",
            ],
            owners,
            StringComparer.Ordinal);
    }

    [Fact]
    public void The_guests_console_stands_apart_from_the_rest()
    {
        var lines = Rmstack.Run("boot").Output.Split('\n');
        Assert.Contains(lines, line => line.EndsWith("guest         | bye", StringComparison.Ordinal));
    }

    [Fact]
    public void A_guest_can_not_send_escapes_to_the_terminal()
    {
        // mov x1, #0x09000000; mov w2, #27; str w2, [x1]; movz w0, #0x8400, lsl 16; movk w0, #8; hvc #0
        var image = Rmstack.File("escape.bin", Words(0xd2a1_2001, 0x5280_0362, 0xb900_0022, 0x52b0_8000, 0x7280_0100, 0xd400_0002));
        var run = Rmstack.Run("boot", "--image", image);
        Assert.Equal(0, run.ExitCode);
        Assert.DoesNotContain('\x1b', run.Output);
        Assert.Contains("guest         | \\x1b", run.Output, StringComparison.Ordinal);
        Assert.Equal("\x1b", Rmstack.Run("boot", "--image", image, "--quiet").Output);
    }

    [Fact]
    public void A_reset_is_an_end_like_another()
    {
        var hello = File.ReadAllBytes(Rmstack.Guest("hello.bin"));
        BitConverter.TryWriteBytes(hello.AsSpan(0x40), 0x504d_5352u);
        BitConverter.TryWriteBytes(hello.AsSpan(0x44), 1u);
        var run = Rmstack.Run("boot", "--image", Rmstack.File("reset.bin", hello));
        Assert.Equal("", run.Error);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("VM_EXITED vmid=0x80 type=PLATFORM_RESET", run.Output, StringComparison.Ordinal);
        Assert.Contains("unknown vCPU state 0x100", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_tree_that_is_written_is_the_one_the_guest_gets()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("rmstack-test").FullName, "guest.dtb");
        Assert.Equal(0, Rmstack.Run("boot", "--dtb-out", path, "--append", "quiet", "--quiet").ExitCode);
        Assert.Equal(Machine.DeviceTree.FdtStatus.Ok, Machine.DeviceTree.DeviceTreeBlob.TryRead(File.ReadAllBytes(path), out var tree, out _));
        Assert.True(tree!.Find("/chosen")!.TryGetString("bootargs", out var text));
        Assert.Equal("quiet", text);
    }

    internal static byte[] Words(params uint[] words) => [.. words.SelectMany(BitConverter.GetBytes)];

    private static string[] Boot(string[] options)
    {
        var image = Array.IndexOf(options, "--image");
        if (image >= 0) options[image + 1] = Rmstack.Guest(options[image + 1]);
        return ["boot", .. options];
    }
}
