using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using RmStack.Cli.Bench;
using RmStack.Cli.Bench.Cases;
using RmStack.Cli.Bench.Reports;

namespace RmStack.Cli.Verbs;

/// <summary>`rmstack bench`: how fast the transport is on this machine, beside what the same bytes cost with less around them.</summary>
internal sealed class BenchVerb : Command
{
    private const double UsualSeconds = 25;
    private const double QuickSeconds = 6;
    private const double FewestSeconds = 2;
    private const double MostSeconds = 3600;

    private readonly VerbIo _io;
    private readonly Option<double?> _seconds = new("--seconds") { HelpName = "N", Description = "How long to measure in all, warming up included; more gives more rounds. Default: 25, and less for fewer rows." };
    private readonly Option<bool> _quick = new("--quick") { Description = "Measure a quarter as long." };
    private readonly Option<string[]> _filters = new("--filter") { HelpName = "ID", Description = "Measure only rows of this id, or whose id begins with it and a slash, or matches it with * and ?; their floors too. May be repeated." };
    private readonly Option<bool> _list = new("--list") { Description = "Print the ids of the rows and measure nothing." };
    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON document instead of tables." };
    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "Show no progress on standard error." };

    /// <summary>The verb.</summary>
    public BenchVerb(VerbIo io)
        : base("bench", "Measure packets, round trips and latency of the transport: queues, hypercalls, RPC, sockets, each beside its floor.")
    {
        _io = io;
        foreach (var option in new Option[] { _seconds, _quick, _filters, _list, _json, _quiet })
            Options.Add(option);
        SetAction(parsed => Invoke(parsed));
    }

    private int Invoke(ParseResult parsed)
    {
        var all = BenchCatalogue.All(OperatingSystem.IsLinux());
        if (!TryRead(parsed, all, out var rows, out var seconds, out var problem))
            return CommandLine.Fail(_io.Error, ExitCode.Usage, problem);
        if (parsed.GetValue(_list))
        {
            foreach (var row in rows)
                _io.Output.Write(row.Id + "\n");
            return 0;
        }

        return Measure(parsed, rows, seconds);
    }

    private bool TryRead(ParseResult parsed, IReadOnlyList<BenchCase> all, out IReadOnlyList<BenchCase> rows, out double seconds, out string problem)
    {
        var filters = parsed.GetValue(_filters) ?? [];
        rows = BenchCatalogue.Select(all, filters);
        seconds = Math.Max(FewestSeconds, UsualSeconds * rows.Count / all.Count);
        problem = "";
        if (filters.FirstOrDefault(filter => !all.Any(row => BenchCatalogue.Matches(row.Id, filter))) is { } nothing)
            problem = $"--filter {nothing}: no row is called so; --list shows what there is";
        else if (parsed.GetValue(_seconds) is { } asked && (!double.IsFinite(asked) || asked <= 0 || asked > MostSeconds))
            problem = string.Create(CultureInfo.InvariantCulture, $"--seconds {asked}: a number above 0 and up to {MostSeconds}");
        else if (parsed.GetValue(_seconds) is not null && parsed.GetValue(_quick))
            problem = "--seconds and --quick exclude each other";
        if (parsed.GetValue(_quick))
            seconds *= QuickSeconds / UsualSeconds;
        else
            seconds = parsed.GetValue(_seconds) ?? seconds;
        return problem.Length == 0;
    }

    private int Measure(ParseResult parsed, IReadOnlyList<BenchCase> rows, double seconds)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_io.Stop);
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        BenchReport report;
        try
        {
            var facts = MachineFacts.Read(HostTiming.Clock);
            using var session = new BenchSession(HostTiming.Clock, stop.Token);
            report = new BenchRunner(session, BenchPlan.For(seconds, rows.Count), Progress(parsed, rows.Count)).Run(rows, facts);
        }
        catch (BenchFailedException failure)
        {
            return CommandLine.Fail(_io.Error, ExitCode.BenchFailed, failure.Message);
        }
        catch (OperationCanceledException)
        {
            return CommandLine.Fail(_io.Error, ExitCode.Interrupted, "interrupted before there was anything to show");
        }

        Show(report, parsed.GetValue(_json));
        return report.Interrupted
            ? CommandLine.Fail(_io.Error, ExitCode.Interrupted, string.Create(CultureInfo.InvariantCulture, $"interrupted after {report.Rounds} of {report.Plan.Rounds} rounds"))
            : 0;

        void End(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    private Action<string> Progress(ParseResult parsed, int rows) => parsed.GetValue(_quiet)
        ? static _ => { }
    : what => _io.Error.Write(string.Create(CultureInfo.InvariantCulture, $"bench: {rows} rows, {what}\n"));

    private void Show(BenchReport report, bool json)
    {
        if (!json)
        {
            new BenchText(_io.Output).Write(report);
            return;
        }

        using var output = _io.OpenOutput();
        using var buffered = new BufferedStream(output);
        BenchJson.Write(buffered, report);
    }
}
