using System.Globalization;
using RmStack.Transport.Ports.Sockets;

namespace RmStack.Cli.Bench.Reports;

/// <summary>A run as tables for people.</summary>
internal sealed class BenchText(TextWriter output)
{
    private const string Beside = "time against its floors";

    private static readonly (string Group, string Title)[] s_groups =
    [
        ("queue", "packets through a queue of 8"),
        ("rpc", "round trips in one process, through queues of 8"),
        ("socket", "round trips over a Unix SEQPACKET socket"),
        ("latency", "latency of single calls of one packet each way"),
    ];

    /// <summary>Writes it.</summary>
    public void Write(BenchReport report)
    {
        Header(report);
        foreach (var (group, title) in s_groups)
        {
            var rows = report.Rows.Where(row => row.Case.Group == group).ToList();
            if (rows.Count == 0)
                continue;
            output.Write($"\n{group}: {title}\n");
            Table(group == "latency" ? Latencies(report, rows) : Rates(report, rows));
        }

        output.Flush();
    }

    private void Header(BenchReport report)
    {
        var (facts, plan) = (report.Facts, report.Plan);
        var load = facts.Load is { } average ? string.Create(CultureInfo.InvariantCulture, $", load {average:F2} before the run") : "";
        Line($"machine     {facts.Processor}, {facts.Cores} cores{load}; {facts.System}");
        Line($"runtime     {facts.Runtime}, {(facts.ServerGc ? "server" : "workstation")} GC; reading the clock takes {BenchNumbers.Time(facts.ClockNanoseconds / 1e9)}");
        var rounds = report.Interrupted ? $"interrupted after {report.Rounds} of {plan.Rounds} rounds" : $"{plan.Rounds} rounds";
        Line($"measured    {report.WarmUpPasses} passes of {BenchNumbers.Time(plan.WarmUp)} a row to warm up, then {rounds} of {BenchNumbers.Time(plan.Round)}: the best, and the one in the middle");
        Line($"words       inline: an awaiter goes on where its reply came, posted: from the queue of its context or the pool; looking: threads look {SocketLoop.DefaultSpins} times");
        Line($"            for the next packet before they sleep, sleeping: they sleep at once; a floor is what the same bytes cost with less around them");
    }

    private static List<string[]> Rates(BenchReport report, List<BenchRow> rows)
    {
        var calls = rows[0].Case.Unit == BenchUnit.RoundTrips;
        string[] head = ["", "message", .. calls ? (string[])["calls"] : [], "best/s", "median/s", "each", "MB/s", "alloc", Beside];
        return
        [
            head,
            .. rows.Select(row => (string[])
            [
                Name(row),
                row.Case.Message,
                .. calls ? (string[])[row.Case.InFlight.ToString(CultureInfo.InvariantCulture)] : [],
                BenchNumbers.Rate(1 / row.Best),
                BenchNumbers.Rate(1 / row.Median),
                BenchNumbers.Time(row.Best),
                BenchNumbers.Short(row.Case.Bytes / row.Best / 1e6),
                row.Allocated < 0.5 ? "0" : BenchNumbers.Short(row.Allocated) + " B",
                FloorsOf(report, row),
            ]),
        ];
    }

    private static List<string[]> Latencies(BenchReport report, List<BenchRow> rows) =>
    [
        ["", "calls", "p50", "p90", "p99", "p99.9", "max", "median " + Beside],
        .. rows.Select(row => (string[])
        [
            Name(row),
            BenchNumbers.Rate(row.Latencies!.Count),
            .. Percentiles(row.Latencies).Select(nanoseconds => BenchNumbers.Time(nanoseconds / 1e9)),
            FloorsOf(report, row),
        ]),
    ];

    /// <summary>p50, p90, p99, p99.9 and the longest, in ticks of the clock.</summary>
    public static IEnumerable<double> Percentiles(LatencyHistogram latencies)
    {
        foreach (var share in new[] { 0.5, 0.9, 0.99, 0.999 })
            yield return latencies.Percentile(share);
        yield return latencies.Longest;
    }

    private static string Name(BenchRow row) => row.Case.IsFloor ? "floor: " + row.Case.What : row.Case.What;

    private static string FloorsOf(BenchReport report, BenchRow row) => string.Join(
        ", ",
        row.Case.Floors.Select(floor => report.Ratio(row, floor) is { } ratio ? $"{BenchNumbers.Short(ratio)} x {floor.Label}" : "").Where(text => text.Length > 0));

    // The first column and the last are text; all others are numbers.
    private void Table(List<string[]> rows)
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
        {
            var cells = row.Select((cell, column) => column == 0 || column == row.Length - 1 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]));
            output.Write("  " + string.Join("  ", cells).TrimEnd() + "\n");
        }
    }

    private void Line(FormattableString line)
    {
        output.Write(line.ToString(CultureInfo.InvariantCulture));
        output.Write('\n');
    }
}
