using System.Diagnostics;
using System.Text;
using System.Text.Json;
using RmStack.Protocol;
using RmStack.Transport.Ports.Sockets;

namespace RmStack.Cli.Tests.Serve;

/// <summary>`rmstack call`, against `rmstack serve`.</summary>
public sealed class CallTests : IAsyncLifetime
{
    /// <summary>The built-in guest, launched and taken apart, as lines of `rmstack call -`.</summary>
    private const string Launch = """
        # two megabytes at 0x42000000, with the image at their beginning and the device tree at their end
        VM_ALLOCATE vmid=0
        MEM_LEND mem_type=normal label=0 acl=[@vmid:RWX] sgl=[0x42000000+0x200000]
        VM_CONFIG_IMAGE vmid=@vmid auth=none parcel=@parcel image=0+0 dtb=0x1f0000+0x10000

        VM_INIT vmid=@vmid
        VM_START vmid=@vmid
        wait VM_EXITED vmid=@vmid type=PLATFORM_OFF
        VM_RESET vmid=@vmid
        wait VM_STATUS vmid=@vmid vm_state=RESET
        MEM_RECLAIM parcel=@parcel
        VM_DEALLOCATE vmid=@vmid
        """;

    private ServeCommand _server = null!;

    public async Task InitializeAsync() => _server = await ServeCommand.StartAsync("--ram", "{folder}/ram");

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public void A_reply_is_shown_as_decode_shows_it()
    {
        var run = Call("VM_ALLOCATE", "vmid=0");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(
            "#1  HLOS < RM  VM_ALLOCATE reply, sequence 0, 4 bytes\n"
            + "    packet 1, received: 16 bytes: version 1, 2 words, reply, fragments 0, sequence 0, id 0x56000001\n"
            + "    error                OK (0)\n"
            + "    vmid                 0x80 (128)\n",
            run.Output);
    }

    [Fact]
    public void Several_requests_share_a_connection_and_refer_to_each_other()
    {
        var run = Call("--json", "VM_ALLOCATE", "vmid=0", ",", "vm_allocate", "vmid=0", ",", "VM_DEALLOCATE", "vmid=@vmid", ",", "VM_ALLOCATE", "vmid=0");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        var replies = Objects(run);
        Assert.Equal(["VM_ALLOCATE", "VM_ALLOCATE", "VM_DEALLOCATE", "VM_ALLOCATE"], replies.Select(reply => reply.GetProperty("message").GetString()));
        Assert.Equal([0x80, 0x81, 0x81], replies.Where(reply => reply.GetProperty("fields").TryGetProperty("vmid", out _)).Select(reply => reply.GetProperty("fields").GetProperty("vmid").GetInt32()));
    }

    [Fact]
    public async Task A_guest_is_launched_line_by_line_from_standard_input()
    {
        using (var memory = new GuestMemoryFile(_server.Ram)) memory.Load(Driver.GuestRam, BuiltInGuests.Hello());
        var run = Rmstack.RunWithInput(Encoding.ASCII.GetBytes(Launch), "call", "--socket", _server.Socket, "--timeout", "60", "--json", "-");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(
            ["VM_ALLOCATE", "MEM_LEND", "VM_CONFIG_IMAGE", "VM_INIT", "VM_START", "VM_EXITED", "VM_RESET", "VM_STATUS", "MEM_RECLAIM", "VM_DEALLOCATE"],
            Objects(run).Select(reply => reply.GetProperty("message").GetString()));
        await _server.Line("1: VM 0x80 | bye");
    }

    [Fact]
    public void Notifications_are_shown_where_they_came_when_asked_for()
    {
        using (var memory = new GuestMemoryFile(_server.Ram)) memory.Load(Driver.GuestRam, BuiltInGuests.Hello());
        var run = Rmstack.RunWithInput(Encoding.ASCII.GetBytes(Launch), "call", "--socket", _server.Socket, "--timeout", "60", "--json", "--notifications", "-");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(
            ["INIT", "READY", "RUNNING", "EXITED", "RESETTING", "RESET"],
            Objects(run).Where(message => message.GetProperty("message").GetString() == "VM_STATUS").Select(message => message.GetProperty("names").GetProperty("vm_state").GetString()));
        Assert.Single(Objects(run), message => message.GetProperty("message").GetString() == "VM_EXITED");
    }

    [Fact]
    public void An_error_of_the_resource_manager_is_shown_by_name_and_ends_the_command_with_a_code_of_its_own()
    {
        var run = Call("VM_START", "vmid=0x80", ",", "VM_GET_VMID");
        Assert.Equal(ExitCode.RmError, (ExitCode)run.ExitCode);
        Assert.Contains("    error                VMID_INVALID (13)\n", run.Output, StringComparison.Ordinal);
        Assert.Equal("rmstack: VM_START: the Resource Manager answered VMID_INVALID (13): no such VM, or not the caller's\n", run.Error);
        Assert.DoesNotContain("VM_GET_VMID", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void To_keep_going_does_the_rest_and_remembers_the_first_failure()
    {
        var run = Call("--keep-going", "VM_START", "vmid=0x80", ",", "VM_CONFIG_IMAGE", "vmid=@nothing", ",", "VM_GET_VMID");
        Assert.Equal(ExitCode.RmError, (ExitCode)run.ExitCode);
        Assert.Contains("VM_GET_VMID reply", run.Output, StringComparison.Ordinal);
        Assert.Equal(2, run.Error.Count(c => c == '\n'));
        Assert.Contains("@nothing names a field of a reply before it, and none had one of that name", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_without_a_name_is_sent_as_bytes()
    {
        Assert.Equal((int)ExitCode.RmError, Call("0x56000099", "payload=00112233").ExitCode);
        var run = Call("0x56000001", "payload=00000000");
        Assert.Contains("vmid                 0x80 (128)", run.Output, StringComparison.Ordinal);
        Assert.Equal(0, Call("VM_ALLOCATE", "payload=00000000").ExitCode);
    }

    [Theory]
    [InlineData("there are vmid, e.g. vmid=0x80", "VM_START", "vmidd=1")]
    [InlineData("vmid is missing", "VM_START")]
    [InlineData("no name and value", "VM_START", "0x80")]
    [InlineData("is no message", "VM_BEGIN")]
    [InlineData("is no message", "56000001")]
    [InlineData("wait VM_EXITED waits for one", "VM_EXITED", "vmid=1")]
    [InlineData("only notifications can be waited for", "wait", "VM_START")]
    [InlineData("there are vmid, type, ", "wait", "VM_EXITED", "codex=0")]
    [InlineData("name a notification", "wait")]
    [InlineData("name a request", "VM_GET_VMID", ",")]
    [InlineData("name a request", "VM_GET_VMID", ",", ",", "VM_GET_VMID")]
    [InlineData("say what to send")]
    [InlineData("--timeout soon: a number of seconds", "--timeout", "soon", "VM_GET_VMID")]
    [InlineData("--timeout -1: a number of seconds", "--timeout=-1", "VM_GET_VMID")]
    public void A_mistake_is_one_line_that_says_what_would_be_right_and_nothing_is_sent(string says, params string[] words)
    {
        var run = Call(words);
        Assert.Matches("^rmstack: [^\n]+\n$", run.Error);
        Assert.Contains(says, run.Error, StringComparison.Ordinal);
        Assert.Equal((ExitCode.Usage, ""), ((ExitCode)run.ExitCode, run.Output));
        Assert.DoesNotContain("opened", _server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mistake_on_standard_input_says_where_it_is()
    {
        var run = Rmstack.RunWithInput("VM_GET_VMID\n\n  VM_START vmid=many\n"u8.ToArray(), "call", "--socket", _server.Socket, "-");
        Assert.Equal(ExitCode.Usage, (ExitCode)run.ExitCode);
        Assert.StartsWith("rmstack: standard input, line 3: VM_START: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_shows_the_fields_of_the_messages_that_are_named()
    {
        var run = Rmstack.Run("call", "VM_CONFIG_IMAGE", "wait", "VM_EXITED", "--help");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("\nVM_CONFIG_IMAGE:\n  vmid=0x80 ", run.Output, StringComparison.Ordinal);
        Assert.Contains("\nVM_EXITED:\n", run.Output, StringComparison.Ordinal);
        Assert.EndsWith(ExitCodes.Table(), run.Output, StringComparison.Ordinal);
        var all = Rmstack.Run("call", "--help").Output;
        Assert.All(MessageCatalogue.All, row => Assert.Equal(row.Reply is not null, all.Contains($"\n  {row.Name} ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("/no/such/socket")]
    [InlineData("/dev/null")]
    [InlineData("/")]
    public void A_socket_that_nobody_serves(string path)
    {
        var run = Rmstack.Run("call", "--socket", path, "VM_GET_VMID");
        Assert.Matches("^rmstack: [^\n]+\n$", run.Error);
        Assert.Equal((ExitCode.NoConnection, ""), ((ExitCode)run.ExitCode, run.Output));
    }

    [Fact]
    public void A_notification_that_does_not_come_is_waited_for_no_longer_than_was_said()
    {
        var run = Call("--timeout", "0.05", "wait", "VM_EXITED");
        Assert.Equal((ExitCode.TimedOut, ""), ((ExitCode)run.ExitCode, run.Output));
        Assert.Equal("rmstack: wait VM_EXITED: no such notification came within 0.05 seconds (--timeout gives it more)\n", run.Error);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_that_says_nothing_or_goes_away(bool goesAway)
    {
        var path = Path.Combine(_server.Folder, "silent");
        using var listener = new SocketPortListener(path);
        var calling = Task.Run(() => Rmstack.Run("call", "--socket", path, "--timeout", goesAway ? "0" : "0.05", "VM_GET_VMID"));
        using var port = await listener.AcceptAsync().WaitAsync(Bench.Patience);
        if (goesAway) port.Dispose();
        var run = await calling.WaitAsync(Bench.Patience);
        Assert.Equal((goesAway ? ExitCode.NoConnection : ExitCode.TimedOut, ""), ((ExitCode)run.ExitCode, run.Output));
        Assert.Contains(goesAway ? "VM_GET_VMID: the connection ended: the peer closed" : "VM_GET_VMID: no reply came within", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_follows_in_the_same_file_stands_behind_what_was_printed()
    {
        // Standard output that is a file has one place to write at, shared with whoever comes next.
        var file = Path.Combine(_server.Folder, "out");
        var rmstack = $"dotnet '{typeof(CommandLine).Assembly.Location}' call --socket '{_server.Socket}' VM_GET_VMID";
        using var shell = Process.Start("sh", ["-c", $"{{ {rmstack}; echo next; {rmstack}; echo last; }} > '{file}'"])!;
        await shell.WaitForExitAsync().WaitAsync(Bench.Patience);
        var lines = await File.ReadAllLinesAsync(file);
        Assert.Equal(10, lines.Length);
        Assert.Equal(("next", "last"), (lines[4], lines[9]));
        Assert.Equal(lines[..4], lines[5..9]);
    }

    private static List<JsonElement> Objects(Invocation run) => [.. run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    private Invocation Call(params string[] words) => Rmstack.Run(["call", "--socket", _server.Socket, .. words]);
}
