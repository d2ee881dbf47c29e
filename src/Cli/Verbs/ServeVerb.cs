using System.CommandLine;
using System.Runtime.InteropServices;
using RmStack.Cli.Serve;
using RmStack.Cli.Simulation;

namespace RmStack.Cli.Verbs;

/// <summary>`rmstack serve`: the Resource Manager's end of the link on a socket.</summary>
internal sealed class ServeVerb : Command
{
    private const int MostConnections = 65536;

    private readonly VerbIo _io;
    private readonly Option<string> _socket = new("--socket", "-s") { HelpName = "PATH", Description = "Where the socket is made: Unix domain, SOCK_SEQPACKET, a packet per datagram.", Required = true };
    private readonly Option<string?> _ram = new("--ram") { HelpName = "FILE", Description = "Keep HLOS's RAM, 1 GiB, in this file, made if there is none, for clients to map; then one connection at a time." };
    private readonly Option<int?> _maxConnections = new("--max-connections") { HelpName = "N", Description = $"Connections at once; who connects further waits. Default: {ServeOptions.DefaultConnections}." };
    private readonly SystemArguments _system = new("A connection's machine has this one and the connection's number, from 1 on.");
    private readonly Option<string?> _trace = new("--trace") { HelpName = "FILE", Description = "Write every packet of every connection as pcapng, an interface per link, for Wireshark (spec/wireshark)." };
    private readonly Option<bool> _json = new("--json") { Description = "Print an object per line instead of text." };
    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "Print nothing but that it listens and what guests print." };
    private readonly Option<string?> _profile = new("--profile") { Hidden = true };

    /// <summary>The verb.</summary>
    public ServeVerb(VerbIo io)
        : base("serve", "Put the Resource Manager on a socket: every client is the HLOS of a machine of its own, whose guests are run.")
    {
        _io = io;
        foreach (var option in new Option[] { _socket, _ram, _maxConnections, _system.Seed, _system.ResourceManager, _system.Hypervisor, _system.CapIds, _trace, _json, _quiet, _profile })
            Options.Add(option);
        SetAction(parsed => Invoke(parsed));
    }

    private int Invoke(ParseResult parsed)
    {
        var problem = Check(parsed, out var system, out var connections);
        if (problem.Length > 0) return CommandLine.Fail(_io.Error, ExitCode.Usage, problem);
        RamFile? ram = null;
        if (parsed.GetValue(_ram) is { } path && (ram = RamFile.TryOpen(path, (long)system.Layout.HlosSize, out problem)) is null)
            return CommandLine.Fail(_io.Error, ExitCode.InputNotFound, problem);
        using (ram)
        {
            TraceFile? trace = null;
            if (parsed.GetValue(_trace) is { } file && (trace = TraceFile.TryCreate(file, out problem)) is null)
                return CommandLine.Fail(_io.Error, ExitCode.InputNotFound, problem);
            var options = new ServeOptions { Path = parsed.GetValue(_socket)!, System = system, MaxConnections = connections, Ram = ram, Trace = trace };
            var code = Serve(options, parsed.GetValue(_json), parsed.GetValue(_quiet));
            trace?.Dispose();
            return code == 0 && trace is { Problem.Length: > 0 } ? CommandLine.Fail(_io.Error, ExitCode.InputNotFound, trace.Problem) : code;
        }
    }

    private string Check(ParseResult parsed, out GunyahSystemOptions system, out int connections)
    {
        system = new ServeOptions { Path = "" }.System;
        connections = 0;
        if (string.IsNullOrEmpty(parsed.GetValue(_socket))) return "--socket needs a path";
        if (parsed.GetValue(_profile) is { } profile) return $"--profile {profile}: the driver is the client's, so there is none to choose here";
        if (parsed.GetValue(_json) && parsed.GetValue(_quiet)) return "--json and --quiet exclude each other";
        var most = parsed.GetValue(_maxConnections);
        var shared = parsed.GetValue(_ram) is not null;
        if (most is < 1 or > MostConnections) return $"--max-connections {most}: a number from 1 to {MostConnections}";
        if (shared && most > 1) return $"--max-connections {most}: with --ram there is one connection at a time, because there is one RAM";
        connections = shared ? 1 : most ?? ServeOptions.DefaultConnections;
        return _system.Read(parsed, ref system);
    }

    private int Serve(ServeOptions options, bool json, bool quiet)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_io.Stop);
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        using var bytes = json ? _io.OpenOutput() : null;
        ServeOutput output = json ? new ServeJson(bytes!, stop.Cancel) : new ServeText(_io.Output, quiet, stop.Cancel);
        var problem = new Server(options, output).RunAsync(stop.Token).GetAwaiter().GetResult();
        if (output.Failure.Length > 0) return CommandLine.Fail(_io.Error, ExitCode.OutputFailed, $"standard output cannot be written: {output.Failure}");
        return problem.Length == 0 ? 0 : CommandLine.Fail(_io.Error, ExitCode.NoConnection, problem);

        void End(PosixSignalContext signal)
        {
            // Whoever asks a second time means it.
            signal.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        }
    }
}
