namespace RmStack.Cli.Tests;

/// <summary>Every failure ends with one clear line and the exit code that the table has for it.</summary>
public class FailureTests
{
    [Theory]
    [InlineData("nothing")]
    [InlineData("--bogus", "boot")]
    [InlineData("boot", "--bogus")]
    [InlineData("boot", "surplus")]
    [InlineData("boot", "--seed", "many")]
    [InlineData("boot", "--seed", "-1")]
    [InlineData("boot", "--vcpus", "0")]
    [InlineData("boot", "--vcpus", "9")]
    [InlineData("boot", "--memory", "lots")]
    [InlineData("boot", "--memory", "0")]
    [InlineData("boot", "--memory", "2000001")]
    [InlineData("boot", "--memory", "99999999999999999999G")]
    [InlineData("boot", "--profile", "v17")]
    [InlineData("boot", "--profile", "windows")]
    [InlineData("boot", "--rm", "rm3")]
    [InlineData("boot", "--hyp", "1")]
    [InlineData("boot", "--cap-ids", "odd")]
    [InlineData("boot", "--guest-pages", "few")]
    [InlineData("boot", "--json", "--quiet")]
    [InlineData("boot", "--image")]
    public void Wrong_usage(params string[] args) => Fails(ExitCode.Usage, args);

    [Fact]
    public void Nothing_to_do() => Fails(ExitCode.Usage);

    [Theory]
    [InlineData("/no/such/file")]
    [InlineData("/")]
    [InlineData("")]
    public void An_image_that_is_not_there(string path) => Fails(ExitCode.InputNotFound, "boot", "--image", path);

    [Fact]
    public void A_tree_that_cannot_be_written() => Fails(ExitCode.InputNotFound, "boot", "--dtb-out", "/no/such/directory/guest.dtb");

    [Fact]
    public void An_image_that_is_no_aarch64_code()
    {
        var elf = File.ReadAllBytes(Rmstack.Guest("hello.elf"));
        elf[18] = 62;
        Fails(ExitCode.NotAnImage, "boot", "--image", Rmstack.File("x86.elf", elf));
        Fails(ExitCode.NotAnImage, "boot", "--image", Rmstack.File("script", "#!/bin/sh\nexit 0\n"u8.ToArray()));
        Fails(ExitCode.NotAnImage, "boot", "--image", Rmstack.File("empty", []));
    }

    [Fact]
    public void An_image_that_is_too_big()
    {
        Fails(ExitCode.TooBig, "boot", "--memory", "64K");
        Fails(ExitCode.TooBig, "boot", "--memory", "1G");
        Fails(ExitCode.TooBig, "boot", "--memory", "1M", "--image", Rmstack.File("big.bin", BootTests.Words([.. Enumerable.Repeat(0xd503_201fu, 300_000)])));
    }

    [Fact]
    public void A_guest_that_does_not_end_within_its_budget()
    {
        var run = Fails(ExitCode.BudgetUsed, "boot", "--image", Rmstack.Guest("spin.bin"), "--budget", "1000000");
        MemoryCameHome(run);
        Assert.Contains("VM_STOP vmid=0x80 flags=force", run.Output, StringComparison.Ordinal);
        Assert.Contains("VM_EXITED vmid=0x80 type=FORCED_STOP", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_guest_that_waits_for_nothing()
    {
        var run = Fails(ExitCode.GuestIdle, "boot", "--image", Rmstack.Guest("wfi.bin"));
        MemoryCameHome(run);
        Assert.Contains("VM_STOP", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_guest_that_switches_its_only_cpu_off()
    {
        // movz w0, #0x8400, lsl 16; movk w0, #2; hvc #0: PSCI CPU_OFF. The Resource Manager hears nothing of it.
        MemoryCameHome(Fails(ExitCode.GuestIdle, "boot", "--image", Rmstack.File("cpu-off.bin", BootTests.Words(0x52b0_8000, 0x7280_0040, 0xd400_0002))));
    }

    [Fact]
    public void A_guest_that_crashes() => MemoryCameHome(Fails(ExitCode.GuestCrashed, "boot", "--image", Rmstack.Guest("crash.bin")));

    [Fact]
    public void A_guest_that_crashes_at_once()
    {
        // An undefined instruction, and nothing at the vectors but more of them.
        MemoryCameHome(Fails(ExitCode.GuestCrashed, "boot", "--image", Rmstack.File("undefined.bin", BootTests.Words(0, 0, 0, 0)), "--budget", "1000000"));
    }

    [Fact]
    public void A_launch_that_the_resource_manager_refuses()
    {
        // The tree fits its area, but not with what the Resource Manager adds to it.
        var run = Fails(ExitCode.Refused, "boot", "--append", new string('x', 63_500));
        MemoryCameHome(run);
        Assert.Contains("VM_START", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_command_line_that_no_tree_has_room_for() => Fails(ExitCode.Refused, "boot", "--append", new string('x', 70_000));

    [Fact]
    public void A_json_run_that_fails_is_a_document_all_the_same()
    {
        var run = Fails(ExitCode.GuestIdle, "boot", "--json", "--image", Rmstack.Guest("wfi.bin"));
        using var document = System.Text.Json.JsonDocument.Parse(run.Output);
        var result = document.RootElement.GetProperty("result");
        Assert.Equal((int)ExitCode.GuestIdle, result.GetProperty("exitCode").GetInt32());
        Assert.Equal(run.Error, $"rmstack: {result.GetProperty("message").GetString()}\n");
    }

    [Fact]
    public void The_table_has_every_code_once_and_help_shows_it()
    {
        Assert.Equal(Enum.GetValues<ExitCode>().Order(), ExitCodes.All.Select(row => row.Code));
        foreach (var args in new[] { new[] { "--help" }, ["boot", "--help"] })
        {
            var run = Rmstack.Run(args);
            Assert.Equal(0, run.ExitCode);
            Assert.EndsWith(ExitCodes.Table(), run.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_reader_who_goes_away_is_one_line()
    {
        var error = new StringWriter();
        var code = CommandLine.Run(["boot"], new BrokenPipe(), error, () => throw new IOException("Broken pipe"), () => Stream.Null);
        Assert.Equal(ExitCode.OutputFailed, (ExitCode)code);
        Assert.Equal("rmstack: standard output cannot be written: Broken pipe\n", error.ToString());
        error.GetStringBuilder().Clear();
        Assert.Equal(ExitCode.OutputFailed, (ExitCode)CommandLine.Run(["boot", "--json"], new BrokenPipe(), error, () => throw new IOException("Broken pipe"), () => Stream.Null));
    }

    [Fact]
    public void Accesses_to_no_device_are_counted_and_said()
    {
        // mov x1, #0x0a000000; ldr w2, [x1]; str w2, [x1]; movz w0, #0x8400, lsl 16; movk w0, #8; hvc #0
        var image = Rmstack.File("nowhere.bin", BootTests.Words(0xd2a1_4001, 0xb940_0022, 0xb900_0022, 0x52b0_8000, 0x7280_0100, 0xd400_0002));
        var run = Rmstack.Run("boot", "--image", image);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("2 accesses, the first at 0xa000000", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Host_time_goes_to_standard_error_only()
    {
        var plain = Rmstack.Run("boot");
        var timed = Rmstack.Run("boot", "--timing");
        Assert.Equal(plain.Output, timed.Output);
        Assert.StartsWith("host time ", timed.Error, StringComparison.Ordinal);
    }

    private static Invocation Fails(ExitCode code, params string[] args)
    {
        var run = Rmstack.Run(args);
        Assert.StartsWith("rmstack: ", run.Error, StringComparison.Ordinal);
        Assert.Equal(1, run.Error.Count(c => c == '\n'));
        Assert.EndsWith("\n", run.Error, StringComparison.Ordinal);
        Assert.Equal(code, (ExitCode)run.ExitCode);
        return run;
    }

    private static void MemoryCameHome(Invocation run)
    {
        Assert.Contains("all 512 pages of its memory are HLOS's again", run.Error, StringComparison.Ordinal);
        Assert.Matches("after it was reclaimed: 0x[0-9a-f]{16}\n", run.Output);
        Assert.DoesNotContain("VM_STATE", run.Output, StringComparison.Ordinal);
    }

    private sealed class BrokenPipe : StringWriter
    {
        public override void Write(char value) => throw new IOException("Broken pipe");

        public override void Write(string? value) => throw new IOException("Broken pipe");
    }
}
