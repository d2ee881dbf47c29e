using RmStack.Testing;

namespace RmStack.Cli.Tests;

/// <summary>What README.md says the command prints is what it prints.</summary>
public class ReadmeTests
{
    [Fact]
    public void The_transcript_is_what_boot_prints() => Shows("transcript", Rmstack.Run("boot").Output);

    [Fact]
    public void The_decoded_packets_are_what_decode_prints()
    {
        const string Packets = "21 01 0a 00 04 00 00 56 80 00 00 00\n21 03 02 00 08 00 10 56 80 00 00 00 03 00 00 00\n21 01 0d 00 05 00 00 56 80 00 01\n";
        Assert.Contains(Packets, System.IO.File.ReadAllText(Repository.PathOf("README.md")), StringComparison.Ordinal);
        Shows("decode", Rmstack.RunWithInput(System.Text.Encoding.ASCII.GetBytes(Packets), "decode").Output);
    }

    [Fact]
    public async Task The_served_machines_do_what_their_clients_are_shown_to_do()
    {
        const string Socket = "/tmp/rm.sock", Ram = "/tmp/hlos.ram", Tree = "/tmp/guest.dtb";
        var readme = await System.IO.File.ReadAllTextAsync(Repository.PathOf("README.md"));
        await using var server = await Serve.ServeCommand.StartAsync("--ram", "{folder}/ram");
        var first = Rmstack.Run(["call", "--socket", server.Socket, .. Between(readme, $"rmstack call --socket {Socket} ", " #").Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        Assert.Equal(ExitCode.RmError, (ExitCode)first.ExitCode);
        Shows("call", first.Output);

        var tree = Path.Combine(server.Folder, "guest.dtb");
        Assert.Equal(0, Rmstack.Run("boot", "--quiet", "--dtb-out", tree).ExitCode);
        var copies = readme.Split('\n').Where(line => line.StartsWith("dd ", StringComparison.Ordinal)).Select(line => line.Replace(Ram, server.Ram, StringComparison.Ordinal).Replace(Tree, tree, StringComparison.Ordinal));
        using (var shell = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("sh", ["-e", "-c", string.Join('\n', copies)]) { WorkingDirectory = Repository.Root, RedirectStandardError = true })!)
        {
            await shell.StandardError.ReadToEndAsync();
            await shell.WaitForExitAsync();
            Assert.Equal(0, shell.ExitCode);
        }

        var launch = Between(readme, "--timeout 60 - <<END\n", "END\n");
        var second = Rmstack.RunWithInput(System.Text.Encoding.ASCII.GetBytes(launch), "call", "--socket", server.Socket, "--timeout", "60", "-");
        Assert.Equal((0, ""), (second.ExitCode, second.Error));
        await server.Closed(2);
        await server.StopAsync();
        Shows("serve", server.Output.Replace(server.Socket, Socket, StringComparison.Ordinal).Replace(server.Ram, Ram, StringComparison.Ordinal));
    }

    private static string Between(string text, string begin, string end)
    {
        var from = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        return text[from..text.IndexOf(end, from, StringComparison.Ordinal)];
    }

    /// <summary>RMSTACK_WRITE_DOCS=1 writes the present output into the file instead of comparing.</summary>
    private static void Shows(string name, string printed)
    {
        string begin = $"<!-- {name} -->\n```text\n", end = $"```\n<!-- /{name} -->";
        var file = Repository.PathOf("README.md");
        var text = System.IO.File.ReadAllText(file);
        int from = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length, to = text.IndexOf(end, StringComparison.Ordinal);
        Assert.True(from >= begin.Length && to >= from, $"README.md has no {name}");
        if (Environment.GetEnvironmentVariable("RMSTACK_WRITE_DOCS") == "1")
        {
            System.IO.File.WriteAllText(file, text[..from] + printed + text[to..]);
            return;
        }

        Assert.Equal(text[from..to], printed);
    }

    [Fact]
    public void The_exit_codes_are_those_of_the_help_text()
    {
        var readme = System.IO.File.ReadAllLines(Repository.PathOf("README.md"))
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal) && char.IsDigit(line[2]))
            .Select(line => line.Trim('|', ' ').Split('|', StringSplitOptions.TrimEntries))
            .Select(cells => $"{cells[0],4}  {cells[1]}");
        var help = Rmstack.Run("boot", "--help").Output.Split('\n');
        Assert.All(readme, line => Assert.Contains(line, help));
    }
}
