using System.Diagnostics;
using RmStack.Protocol;
using RmStack.Transport.Capture;
using RmStack.Transport.Ports.Sockets;

namespace RmStack.Cli.Tests.Serve;

/// <summary>`rmstack serve`: its options, its files, its end.</summary>
public sealed class ServeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rmstack-serve").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData]
    [InlineData("--socket", "")]
    [InlineData("--socket", "{folder}/s", "--json", "--quiet")]
    [InlineData("--socket", "{folder}/s", "--rm", "rm3")]
    [InlineData("--socket", "{folder}/s", "--hyp", "1")]
    [InlineData("--socket", "{folder}/s", "--cap-ids", "odd")]
    [InlineData("--socket", "{folder}/s", "--seed", "-1")]
    [InlineData("--socket", "{folder}/s", "--max-connections", "0")]
    [InlineData("--socket", "{folder}/s", "--max-connections", "65537")]
    [InlineData("--socket", "{folder}/s", "--ram", "{folder}/ram", "--max-connections", "2")]
    [InlineData("--socket", "{folder}/s", "--profile", "v17")]
    [InlineData("--socket", "{folder}/s", "surplus")]
    public void Wrong_usage(params string[] options) => Fails(ExitCode.Usage, options);

    [Theory]
    [InlineData("/no/such/directory/s")]
    [InlineData("/")]
    [InlineData("{folder}/0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789")]
    public void A_path_where_no_socket_can_be(string path) => Fails(ExitCode.NoConnection, "--socket", path);

    [Fact]
    public void A_path_that_is_a_file_is_left_alone()
    {
        var path = Path.Combine(_folder, "precious");
        File.WriteAllText(path, "kept");
        Fails(ExitCode.NoConnection, "--socket", path);
        Assert.Equal("kept", File.ReadAllText(path));
    }

    [Fact]
    public async Task A_path_that_is_served_is_refused_and_one_that_was_left_behind_is_replaced()
    {
        await using var server = await ServeCommand.StartAsync();
        Assert.Contains("is served by a running program", Fails(ExitCode.NoConnection, "--socket", server.Socket).Error, StringComparison.Ordinal);
        using (var client = new RawClient(server.Socket)) client.Call(MessageId.VmGetVmid, 1);

        var left = Path.Combine(_folder, "left");
        using (var dead = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Seqpacket, System.Net.Sockets.ProtocolType.Unspecified))
        {
            // A process that was killed leaves its file; a socket that .NET closes does not, so the file goes elsewhere first.
            dead.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(left + "-first"));
            File.Move(left + "-first", left);
        }

        using var stop = new CancellationTokenSource();
        var output = new StringWriter();
        stop.Cancel();
        Assert.Equal(0, CommandLine.Run(["serve", "--socket", left], output, TextWriter.Null, () => Stream.Null, () => Stream.Null, stop.Token));
        Assert.StartsWith("listening on " + left, output.ToString(), StringComparison.Ordinal);
        Assert.False(File.Exists(left));
    }

    [Fact]
    public void A_file_for_ram_of_another_size_is_left_alone()
    {
        var path = Path.Combine(_folder, "ram");
        File.WriteAllText(path, "kept");
        Assert.Contains("has 4 bytes, and HLOS's RAM has 1073741824", Fails(ExitCode.InputNotFound, "--socket", Path.Combine(_folder, "s"), "--ram", path).Error, StringComparison.Ordinal);
        Assert.Equal("kept", File.ReadAllText(path));
        Fails(ExitCode.InputNotFound, "--socket", Path.Combine(_folder, "s"), "--ram", _folder);
        Fails(ExitCode.InputNotFound, "--socket", Path.Combine(_folder, "s"), "--ram", "/no/such/directory/ram");
        Fails(ExitCode.InputNotFound, "--socket", Path.Combine(_folder, "s"), "--trace", "/no/such/directory/trace");
    }

    [Fact]
    public async Task Ram_is_a_sparse_file_that_outlives_connections_but_for_what_the_kernel_has()
    {
        await using var server = await ServeCommand.StartAsync("--ram", "{folder}/ram");
        Assert.Equal(GuestMemoryFile.Size, new FileInfo(server.Ram).Length);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(server.Ram));
        using (var memory = new GuestMemoryFile(server.Ram))
        {
            memory.Write(GuestMemoryFile.Base + 0x1000, [1]);
            memory.Write(0x4100_0000, [2]);
            using (var client = new RawClient(server.Socket)) client.Call(MessageId.VmGetVmid, 1);
            await server.Closed(1);
            Assert.Equal(0ul, memory.Read64(GuestMemoryFile.Base + 0x1000));
            Assert.Equal(2ul, memory.Read64(0x4100_0000));

            // HLOS's device tree, which its kernel was given.
            Assert.Equal(0xedfe_0dd0u, (uint)memory.Read64(0x40f0_0000));
        }

        // 512 bytes each: a few hundred kilobytes of a gigabyte.
        using var stat = Process.Start(new ProcessStartInfo("stat", ["-c", "%b", server.Ram]) { RedirectStandardOutput = true })!;
        Assert.InRange(int.Parse(await stat.StandardOutput.ReadToEndAsync(), System.Globalization.CultureInfo.InvariantCulture), 1, 10_000);
    }

    [Fact]
    public async Task Ram_is_one_servers_at_a_time()
    {
        await using var server = await ServeCommand.StartAsync("--ram", "{folder}/ram");
        using var other = Process.Start(new ProcessStartInfo("dotnet", [typeof(CommandLine).Assembly.Location, "serve", "--socket", Path.Combine(_folder, "s"), "--ram", server.Ram]) { RedirectStandardError = true })!;
        Assert.Equal($"rmstack: {server.Ram} is the RAM of another server's machine: stop it, or give another file\n", await other.StandardError.ReadToEndAsync().WaitAsync(Bench.Patience));
        await other.WaitForExitAsync().WaitAsync(Bench.Patience);
        Assert.Equal((int)ExitCode.InputNotFound, other.ExitCode);
        using var client = new RawClient(server.Socket);
        client.Call(MessageId.VmGetVmid, 1);
    }

    [Fact]
    public async Task Ram_is_one_clients_at_a_time()
    {
        await using var server = await ServeCommand.StartAsync("--ram", "{folder}/ram");
        var first = new RawClient(server.Socket);
        first.Call(MessageId.VmAllocate, 1, 0, 0, 0, 0);
        using var second = new RawClient(server.Socket);
        second.Send(ConnectionTests.Packet(MessageId.VmAllocate, 1, 0, 0, 0, 0));
        first.Call(MessageId.VmGetVmid, 2);
        Assert.DoesNotContain("2: opened", server.Output, StringComparison.Ordinal);
        first.Dispose();
        Assert.Equal(0x80, second.Receive()[12]);
    }

    [Fact]
    public async Task Ram_that_somebody_makes_shorter_ends_the_connection_and_not_the_server()
    {
        await using var server = await ServeCommand.StartAsync("--ram", "{folder}/ram");
        using var client = new RawClient(server.Socket);
        client.Call(MessageId.VmGetVmid, 1);
        using (var file = new FileStream(server.Ram, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite)) file.SetLength(4096);

        // It may have been seen before the packet came.
        client.TrySend(ConnectionTests.Packet(MessageId.VmGetVmid, 2));
        Assert.Contains("ram is shorter than HLOS's RAM now", await server.Closed(1), StringComparison.Ordinal);
        Assert.Empty(client.Receive());
        using (var file = new FileStream(server.Ram, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite)) file.SetLength(GuestMemoryFile.Size);
        using var next = new RawClient(server.Socket);
        next.Call(MessageId.VmGetVmid, 1);
    }

    [Fact]
    public async Task A_trace_has_every_packet_of_every_connection_and_says_which_are_the_agents()
    {
        byte[] bytes;
        await using (var server = await ServeCommand.StartAsync("--ram", "{folder}/ram", "--trace", "{folder}/t.pcapng"))
        {
            using (var memory = new GuestMemoryFile(server.Ram))
            using (var port = SocketPort.Connect(server.Socket))
            {
                await using var driver = new Driver(port);
                memory.Load(Driver.GuestRam, BuiltInGuests.Hello());
                await driver.StartAsync(await driver.PrepareAsync());
                await driver.ExitAsync(0x80);
            }

            using (var client = new RawClient(server.Socket)) client.Call(MessageId.VmGetVmid, 1);
            await server.Closed(2);

            // Whoever reads along sees a connection as soon as it has ended.
            bytes = await File.ReadAllBytesAsync(Path.Combine(server.Folder, "t.pcapng"));
            await server.StopAsync();
        }

        await using var reader = new PcapngReader(new MemoryStream(bytes));
        var packets = new List<(string? Link, CaptureDirection Direction, byte[] Data, string? Comment)>();
        await foreach (var packet in reader.ReadAllAsync()) packets.Add((packet.Interface.Description, packet.Direction, packet.Data.ToArray(), packet.Comment));
        Assert.Equal(["connection 1 HLOS", "connection 2 HLOS"], packets.Select(packet => packet.Link).Distinct());
        Assert.Equal(2, packets.Count(packet => packet.Link == "connection 2 HLOS"));
        var own = Assert.Single(packets, packet => packet.Comment == "push, rmstack's own");
        Assert.Equal((CaptureDirection.ToRm, "2101ffff2000005680000000"), (own.Direction, Convert.ToHexStringLower(own.Data)));
    }

    [Fact]
    public async Task A_trace_that_cannot_be_written_fails_the_command_at_its_end()
    {
        if (!File.Exists("/dev/full")) return;
        await using var server = await ServeCommand.StartAsync("--trace", "/dev/full");
        using (var client = new RawClient(server.Socket)) client.Call(MessageId.VmGetVmid, 1);
        await server.Closed(1);
        var (code, error) = await server.StopAsync();
        Assert.Equal((int)ExitCode.InputNotFound, code);
        Assert.StartsWith("rmstack: /dev/full cannot be written: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Quiet_is_the_line_that_says_it_listens_and_what_guests_print()
    {
        await using var server = await ServeCommand.StartAsync("--quiet", "--ram", "{folder}/ram");
        using (var memory = new GuestMemoryFile(server.Ram))
        using (var port = SocketPort.Connect(server.Socket))
        {
            await using var driver = new Driver(port);
            memory.Load(Driver.GuestRam, BuiltInGuests.Hello());
            await driver.StartAsync(await driver.PrepareAsync());
            await driver.ExitAsync(0x80);
        }

        await server.StopAsync();
        var lines = server.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("listening on ", lines[0], StringComparison.Ordinal);
        Assert.All(lines[1..], line => Assert.StartsWith("1: VM 0x80 | ", line, StringComparison.Ordinal));
        Assert.Equal("1: VM 0x80 | bye", lines[^1]);
    }

    [Fact]
    public async Task Json_is_an_object_per_line()
    {
        await using var server = await ServeCommand.StartAsync("--json", "--ram", "{folder}/ram", "--seed", "41");
        using (var memory = new GuestMemoryFile(server.Ram))
        using (var port = SocketPort.Connect(server.Socket))
        {
            await using var driver = new Driver(port);
            memory.Load(Driver.GuestRam, BuiltInGuests.Hello());
            await driver.StartAsync(await driver.PrepareAsync());
            await driver.ExitAsync(0x80);
        }

        await server.StopAsync();
        var events = server.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => System.Text.Json.JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(
            ["listening", "opened", "console", "guestEnded", "closed", "stopped"],
            events.Select(json => json.GetProperty("event").GetString()).Distinct());
        Assert.Equal(42, events[1].GetProperty("seed").GetInt32());
        Assert.Equal(1, events.Find(json => json.GetProperty("event").GetString() == "guestEnded").GetProperty("exitType").GetInt32());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_reader_who_goes_away_ends_the_server(bool json)
    {
        var error = new StringWriter();
        string[] args = ["serve", "--socket", Path.Combine(_folder, "s"), .. json ? ["--json"] : Array.Empty<string>()];
        var code = await Task.Run(() => CommandLine.Run(args, new NoReader(), error, () => new NoReaderBytes(), () => Stream.Null)).WaitAsync(Bench.Patience);
        Assert.Equal(ExitCode.OutputFailed, (ExitCode)code);
        Assert.Equal("rmstack: standard output cannot be written: Broken pipe\n", error.ToString());
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task A_process_that_is_told_to_end_closes_its_connections_and_removes_its_socket(string signal)
    {
        var socket = Path.Combine(_folder, "s");
        using var server = Process.Start(Rmstack.Program(ownSession: false, "serve", "--socket", socket))!;
        try
        {
            Assert.StartsWith("listening on " + socket, await server.StandardOutput.ReadLineAsync().WaitAsync(Bench.Patience), StringComparison.Ordinal);
            using var client = new RawClient(socket);
            client.Call(MessageId.VmGetVmid, 1);
            using (var kill = Process.Start("kill", [$"-{signal}", server.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)])!) await kill.WaitForExitAsync();
            await server.WaitForExitAsync().WaitAsync(Bench.Patience);
            Assert.Equal((0, ""), (server.ExitCode, await server.StandardError.ReadToEndAsync()));
            Assert.EndsWith("stopped after 1 connection\n", await server.StandardOutput.ReadToEndAsync(), StringComparison.Ordinal);
            Assert.False(File.Exists(socket));
            Assert.Empty(client.Receive());
        }
        finally
        {
            if (!server.HasExited) server.Kill();
        }
    }

    private Invocation Fails(ExitCode code, params string[] options)
    {
        var run = Rmstack.Run(["serve", .. options.Select(option => option.Replace("{folder}", _folder, StringComparison.Ordinal))]);
        Assert.Matches("^rmstack: [^\n]+\n$", run.Error);
        Assert.Equal((code, ""), ((ExitCode)run.ExitCode, run.Output));
        return run;
    }

    private sealed class NoReader : StringWriter
    {
        public override void Write(string? value) => throw new IOException("Broken pipe");
    }

    private sealed class NoReaderBytes : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("Broken pipe");
    }
}
