using RmStack.Cli.Serve;
using RmStack.Host;

namespace RmStack.Cli.Tests.Serve;

/// <summary>Keeps what a server says.</summary>
internal sealed class ServeRecorder : IServeOutput
{
    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];
    private readonly List<ConnectionReport> _reports = [];
    private readonly List<(Func<string, bool> Wanted, TaskCompletionSource<string> Found)> _waits = [];

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_gate)
                return [.. _lines];
        }
    }

    public IReadOnlyList<ConnectionReport> Reports
    {
        get
        {
            lock (_gate)
                return [.. _reports];
        }
    }

    /// <summary>The first line that says something, now or later.</summary>
    public async Task<string> Line(string what)
    {
        var found = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_lines.Find(line => line.Contains(what, StringComparison.Ordinal)) is { } line) return line;
            _waits.Add((line => line.Contains(what, StringComparison.Ordinal), found));
        }

        return await found.Task.WaitAsync(Bench.Patience);
    }

    public void Listening(ServeOptions options) => Add("listening");

    public void Opened(int connection, ulong seed) => Add(FormattableString.Invariant($"{connection}: opened, seed {seed}"));

    public void Closed(ConnectionReport report)
    {
        lock (_gate)
            _reports.Add(report);
        Add(FormattableString.Invariant($"{report.Number}: closed, {report.Reason}"));
    }

    public void ConsoleLine(int connection, ushort vmid, string text) => Add(FormattableString.Invariant($"{connection}: {vmid:x} | {text}"));

    public void GuestEnded(int connection, ushort vmid, VmExitInfo exit) => Add(FormattableString.Invariant($"{connection}: {vmid:x} ended: {exit.Type}"));

    public void NoDevice(int connection, ushort vmid, ulong address) => Add(FormattableString.Invariant($"{connection}: {vmid:x} no device at {address:x}"));

    public void Log(int connection, string text) => Add(FormattableString.Invariant($"{connection}: log {text}"));

    public void Problem(string text) => Add(text);

    public void Stopped(int connections) => Add("stopped");

    private void Add(string line)
    {
        lock (_gate)
        {
            _lines.Add(line);
            foreach (var wait in _waits.FindAll(wait => wait.Wanted(line)))
            {
                wait.Found.TrySetResult(line);
                _waits.Remove(wait);
            }
        }
    }
}
