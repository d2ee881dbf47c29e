using System.Globalization;
using System.Text.Json;
using RmStack.Cli.Bench.Cases;

namespace RmStack.Cli.Tests;

/// <summary>`rmstack bench` runs, measures every row and says so. What it measures is never asserted.</summary>
public class BenchTests
{
    private static readonly string[] s_ids = [.. BenchCatalogue.All(sockets: true).Select(row => row.Id)];

    [Fact]
    public void A_document_has_every_row_and_no_number_is_missing()
    {
        var run = Rmstack.Run("bench", "--seconds", "1", "--json");
        Assert.Equal((0, true), (run.ExitCode, run.Error.EndsWith('\n')));
        using var document = JsonDocument.Parse(run.Output);
        var rows = document.RootElement.GetProperty("rows").EnumerateArray().ToList();
        Assert.Equal(s_ids, rows.Select(row => row.GetProperty("id").GetString()));
        Assert.All(rows, IsMeasured);
        var machine = document.RootElement.GetProperty("machine");
        Assert.True(machine.GetProperty("cores").GetInt32() > 0);
        Assert.StartsWith(".NET", machine.GetProperty("runtime").GetString(), StringComparison.Ordinal);
        var measured = document.RootElement.GetProperty("measured");
        Assert.False(measured.GetProperty("interrupted").GetBoolean());
        Assert.True(measured.GetProperty("rounds").GetInt32() >= 3);
    }

    [Fact]
    public void Tables_have_every_row_and_floors_stand_beside_them()
    {
        var run = Rmstack.Run("bench", "--seconds", "1");
        Assert.Equal(0, run.ExitCode);
        var rows = run.Output.Split('\n').Where(line => line is [' ', ' ', not ' ', ..]).ToList();
        Assert.Equal(s_ids.Length, rows.Count);
        Assert.Equal(BenchCatalogue.All(sockets: true).Count(row => row.IsFloor), rows.Count(row => row.StartsWith("  floor: ", StringComparison.Ordinal)));
        Assert.Matches(@"loopback queue, one thread +240 bytes +[0-9.]+ [kMG] +[0-9.]+ [kMG] +[0-9.]+ [nu]s +[0-9.]+ +[0-9.]+.* +[0-9.]+ x copies, [0-9.]+ x channel\n", run.Output);
        Assert.Contains("to warm up, then 3 rounds of", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Progress_goes_to_standard_error_unless_it_is_not_wanted()
    {
        var run = Rmstack.Run("bench", "--seconds", "0.2", "--filter", "rpc/pure");
        Assert.Contains("bench: 8 rows, setting up\n", run.Error, StringComparison.Ordinal);
        Assert.Contains("round 3 of ", run.Error, StringComparison.Ordinal);
        Assert.Equal("", Rmstack.Run("bench", "--seconds", "0.2", "--filter", "rpc/pure", "-q").Error);
    }

    [Fact]
    public void A_filter_takes_the_floors_along()
    {
        var run = Rmstack.Run("bench", "--list", "--filter", "queue/loopback/one-thread/64");
        Assert.Equal("queue/loopback/one-thread/64\nqueue/copies/64\nqueue/channel/one-thread/64\n", run.Output);
        Assert.Equal(run.Output, Rmstack.Run("bench", "--list", "--filter", "QUEUE/loop*/one-thread/6?").Output);
        var all = Rmstack.Run("bench", "--list").Output;
        Assert.Equal(string.Concat(s_ids.Select(id => id + "\n")), all);
        var two = Rmstack.Run("bench", "--list", "--filter", "latency/raw/", "--filter", "rpc/pure/1-packet").Output;
        Assert.Equal("rpc/pure/1-packet\nrpc/copies/1-packet\nlatency/raw/one-process\nlatency/raw/two-processes\n", two);
    }

    [Theory]
    [InlineData("--filter", "queue/lo")]
    [InlineData("--filter", "")]
    [InlineData("--seconds", "0")]
    [InlineData("--seconds", "-1")]
    [InlineData("--seconds", "NaN")]
    [InlineData("--seconds", "Infinity")]
    [InlineData("--seconds", "3601")]
    [InlineData("--seconds", "ten")]
    [InlineData("--seconds", "1", "--quick")]
    [InlineData("--seconds")]
    [InlineData("--bogus")]
    [InlineData("surplus")]
    public void Wrong_usage_is_one_line(params string[] args)
    {
        var run = Rmstack.Run(["bench", .. args]);
        Assert.Equal((ExitCode.Usage, ""), ((ExitCode)run.ExitCode, run.Output));
        Assert.StartsWith("rmstack: ", run.Error, StringComparison.Ordinal);
        Assert.Equal(1, run.Error.Count(c => c == '\n'));
    }

    [Fact]
    public void A_run_that_is_stopped_before_its_first_round_says_so()
    {
        var error = new StringWriter();
        var code = CommandLine.Run(["bench", "--quiet"], TextWriter.Null, error, () => Stream.Null, () => Stream.Null, new CancellationToken(canceled: true));
        Assert.Equal(ExitCode.Interrupted, (ExitCode)code);
        Assert.Equal("rmstack: interrupted before there was anything to show\n", error.ToString());
    }

    [Fact]
    public void Help_shows_the_verb_and_not_its_server()
    {
        var help = Rmstack.Run("--help").Output;
        Assert.Contains("  bench ", help, StringComparison.Ordinal);
        Assert.DoesNotContain("bench-peer", help, StringComparison.Ordinal);
    }

    /// <summary>A row has all its numbers, and they are above 0.</summary>
    internal static void IsMeasured(JsonElement row)
    {
        foreach (var name in new[] { "bytes", "inFlight", "bestPerSecond", "medianPerSecond", "bestNs", "medianNs", "bytesPerSecond" })
            Assert.True(row.GetProperty(name).GetDouble() > 0, $"{row.GetProperty("id")}: {name}");
        Assert.True(row.GetProperty("bestNs").GetDouble() <= row.GetProperty("medianNs").GetDouble());
        var rounds = row.GetProperty("roundsNs").EnumerateArray().Select(round => round.GetDouble()).ToList();
        Assert.Equal(row.GetProperty("bestNs").GetDouble(), rounds.Min());
        Assert.Contains(row.GetProperty("medianNs").GetDouble(), rounds);
        Assert.True(row.GetProperty("allocatedBytes").GetDouble() >= 0);
        var id = row.GetProperty("id").GetString()!;
        var floors = row.GetProperty("floors").EnumerateArray().ToList();
        Assert.All(floors, floor => Assert.True(floor.GetProperty("ratio").GetDouble() > 0, id));
        Assert.Equal(BenchCatalogue.All(sockets: true).Single(@case => @case.Id == id).Floors.Count, floors.Count);
        if (!id.StartsWith("latency/", StringComparison.Ordinal))
            return;
        var latency = row.GetProperty("latencyNs");
        Assert.True(latency.GetProperty("calls").GetInt64() > 0);
        var percentiles = new[] { "p50", "p90", "p99", "p99.9", "max" }.Select(name => latency.GetProperty(name).GetDouble()).ToList();
        Assert.True(percentiles[0] > 0, string.Create(CultureInfo.InvariantCulture, $"{id}: {percentiles[0]}"));
        Assert.Equal(percentiles.Order(), percentiles);
    }
}
