using System.Diagnostics;
using System.Text.Json;

namespace RmStack.Cli.Tests;

/// <summary>`rmstack bench` as a process, with its server process: however it ends, nothing is left of it.</summary>
public sealed class BenchProcessTests : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(100);
    private readonly string _temporary = Directory.CreateTempSubdirectory("rmb").FullName;

    [Fact]
    public void A_run_leaves_no_process_and_no_file()
    {
        using var bench = Start("--seconds", "1", "--filter", "socket/two-processes", "--filter", "queue/raw-socket");
        var output = bench.StandardOutput.ReadToEnd();
        Ended(bench, ExitCode.Ok);
        Assert.Contains("two processes, looking", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-INT")]
    [InlineData("-TERM")]
    public void An_interrupt_from_the_terminal_ends_it_cleanly_with_what_it_has(string signal)
    {
        using var bench = Start("--seconds", "1000", "--filter", "socket/two-processes/*/1-packet/1", "--json");
        WaitForRound(bench, 2);
        // To both processes at once, as a terminal sends it.
        Send(signal, "--", $"-{bench.Id}");
        using var document = JsonDocument.Parse(bench.StandardOutput.ReadToEnd());
        Ended(bench, ExitCode.Interrupted);
        var measured = document.RootElement.GetProperty("measured");
        Assert.True(measured.GetProperty("interrupted").GetBoolean());
        Assert.True(measured.GetProperty("rounds").GetInt32() >= 1);
        var rows = document.RootElement.GetProperty("rows").EnumerateArray().ToList();
        Assert.Equal(4, rows.Count);
        Assert.All(rows, BenchTests.IsMeasured);
    }

    [Fact]
    public void The_server_process_ends_with_a_bench_that_was_killed()
    {
        using var bench = Start("--seconds", "1000", "--filter", "socket/two-processes");
        WaitForRound(bench, 1);
        Send("-KILL", $"{bench.Id}");
        Assert.True(bench.WaitForExit(s_limit));
        NothingIsLeft();
    }

    [Fact]
    public void A_bench_whose_server_process_is_killed_says_so_and_ends()
    {
        using var bench = Start("--seconds", "1000", "--filter", "socket/two-processes/looking/1-packet/1");
        WaitForRound(bench, 1);
        Send("-KILL", $"{Assert.Single(Servers())}");
        string? line, last = null;
        while ((line = bench.StandardError.ReadLine()) is not null) last = line;
        Ended(bench, ExitCode.BenchFailed);
        Assert.Matches("^rmstack: socket/[a-z0-9/-]+: .+$", last);
        Assert.Equal("", bench.StandardOutput.ReadToEnd());
    }

    [Fact]
    public void A_place_for_temporary_files_that_is_too_long_for_sockets_is_said()
    {
        var deep = Directory.CreateDirectory(Path.Combine(_temporary, new string('x', 100))).FullName;
        using var bench = StartIn(deep, "--seconds", "1", "--filter", "latency/raw", "--quiet");
        Assert.Contains("set TMPDIR to a shorter one", bench.StandardError.ReadToEnd(), StringComparison.Ordinal);
        Assert.True(bench.WaitForExit(s_limit));
        Assert.Equal(ExitCode.BenchFailed, (ExitCode)bench.ExitCode);
        Assert.Empty(Directory.EnumerateFileSystemEntries(deep));
    }

    public void Dispose() => Directory.Delete(_temporary, recursive: true);

    private static void WaitForRound(Process bench, int round)
    {
        string? line;
        while ((line = bench.StandardError.ReadLine()) is not null)
        {
            if (line.Contains($" round {round} of ", StringComparison.Ordinal))
                return;
        }

        Assert.Fail("the bench ended before its round began");
    }

    private static void Send(params string[] arguments)
    {
        using var kill = Process.Start("kill", arguments);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    private Process Start(params string[] arguments) => StartIn(_temporary, arguments);

    private static Process StartIn(string temporary, params string[] arguments)
    {
        var start = Rmstack.Program(ownSession: true, ["bench", .. arguments]);
        start.Environment["TMPDIR"] = temporary;
        return Process.Start(start)!;
    }

    private void Ended(Process bench, ExitCode code)
    {
        Assert.True(bench.WaitForExit(s_limit), "the bench did not end");
        Assert.Equal(code, (ExitCode)bench.ExitCode);
        NothingIsLeft();
    }

    // The server process may need a moment to notice.
    private void NothingIsLeft()
    {
        var since = Stopwatch.StartNew();
        while (since.Elapsed < s_limit && (Servers().Count > 0 || Directory.EnumerateDirectories(_temporary, "rmstack-bench-*").Any()))
            Thread.Sleep(20);
        Assert.Empty(Servers());
        Assert.Empty(Directory.EnumerateDirectories(_temporary, "rmstack-bench-*"));
    }

    private List<int> Servers()
    {
        var found = new List<int>();
        foreach (var process in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(process), out var id))
                continue;
            try
            {
                var line = File.ReadAllText(Path.Combine(process, "cmdline"));
                if (line.Contains("bench-peer", StringComparison.Ordinal) && line.Contains(_temporary, StringComparison.Ordinal))
                    found.Add(id);
            }
            catch (IOException)
            {
                // It has ended meanwhile.
            }
        }

        return found;
    }
}
