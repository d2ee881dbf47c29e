using System.CommandLine;
using RmStack.Cli.Reports;
using RmStack.Cli.Simulation;

namespace RmStack.Cli.Verbs;

/// <summary>`rmstack boot`: launches a guest through the Resource Manager and shows how.</summary>
internal sealed class BootVerb : Command
{
    private readonly VerbIo _io;
    private readonly BootArguments _arguments = new();

    /// <summary>The verb.</summary>
    public BootVerb(VerbIo io)
        : base("boot", "Launch a guest through the Resource Manager, as the Linux driver does, and show every message of it.")
    {
        _io = io;
        foreach (var option in _arguments.All) Options.Add(option);
        SetAction(parsed => Invoke(parsed));
    }

    private int Invoke(ParseResult parsed)
    {
        if (!_arguments.TryRead(parsed, out var options, out var code, out var problem)) return CommandLine.Fail(_io.Error, code, problem);
        if (parsed.GetValue(_arguments.DtbOut) is { } path && !TryWriteTree(path, options!, out problem)) return CommandLine.Fail(_io.Error, ExitCode.InputNotFound, problem);

        TraceFile? trace = null;
        if (parsed.GetValue(_arguments.Trace) is { } file && (trace = TraceFile.TryCreate(file, out problem)) is null) return CommandLine.Fail(_io.Error, ExitCode.InputNotFound, problem);

        BootResult result;
        var timing = parsed.GetValue(_arguments.Timing) ? new HostTiming() : null;
        using (trace) result = Run(parsed, options!, timing, trace);
        timing?.Report(_io.Error);
        if (trace is { Problem.Length: > 0 }) return CommandLine.Fail(_io.Error, ExitCode.InputNotFound, trace.Problem);
        return result.Code == ExitCode.Ok ? 0 : CommandLine.Fail(_io.Error, result.Code, result.Message);
    }

    private BootResult Run(ParseResult parsed, BootOptions options, HostTiming? timing, TraceFile? trace)
    {
        var quiet = parsed.GetValue(_arguments.Quiet);
        var json = parsed.GetValue(_arguments.Json);
        return json ? RunForMachines(options, timing, trace) : quiet ? RunQuietly(options, timing, trace) : RunForPeople(options, timing, trace);
    }

    private BootResult RunForPeople(BootOptions options, HostTiming? timing, TraceFile? trace)
    {
        var report = new TextReport(_io.Output);
        var transcript = new Transcript { Added = report.Event };
        using var run = new BootRun(options, transcript);
        Attach(trace, run);
        report.Header(run, options);
        var result = Time(run, timing);
        report.Summary(RunSummary.Of(run));
        _io.Output.Flush();
        return result;
    }

    private BootResult RunQuietly(BootOptions options, HostTiming? timing, TraceFile? trace)
    {
        using var output = _io.OpenOutput();
        using var buffered = new BufferedStream(output);
        using var run = new BootRun(options, new Transcript(), data =>
        {
            buffered.WriteByte(data);
            if (data == '\n') buffered.Flush();
        });
        Attach(trace, run);
        return Time(run, timing);
    }

    private BootResult RunForMachines(BootOptions options, HostTiming? timing, TraceFile? trace)
    {
        var transcript = new Transcript();
        using var run = new BootRun(options, transcript);
        Attach(trace, run);
        var result = Time(run, timing);
        using var output = _io.OpenOutput();
        JsonReport.Write(output, run, options, transcript);
        return result;
    }

    private static void Attach(TraceFile? trace, BootRun run)
    {
        if (trace is not null) run.Recorder.Trace = new LinkTrace(trace, run.System);
    }

    private static BootResult Time(BootRun run, HostTiming? timing)
    {
        timing?.Start();
        var result = run.Run();
        timing?.Stop(run.System.GuestInstructions);
        return result;
    }

    private static bool TryWriteTree(string path, BootOptions options, out string problem)
    {
        using var run = new BootRun(options, new Transcript());
        return HostFile.TryWrite(path, Host.GuestDeviceTree.Build(run.Vmm).ToArray(), out problem);
    }
}
