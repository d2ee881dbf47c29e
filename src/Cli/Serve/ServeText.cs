using RmStack.Cli.Reports;
using RmStack.Cli.Simulation;
using RmStack.Host;

namespace RmStack.Cli.Serve;

/// <summary>A server's doings as people read them: a line for each, the number of the connection in front.</summary>
/// <param name="output">Where to.</param>
/// <param name="quiet">Nothing but that it listens and what guests print.</param>
/// <param name="failed">Called when nothing can be written any more.</param>
internal sealed class ServeText(TextWriter output, bool quiet, Action failed) : ServeOutput(failed)
{
    /// <inheritdoc/>
    public override void Listening(ServeOptions options)
    {
        var system = options.System;
        var ram = options.Ram is { } file ? $" in {file.Path}, one connection at a time" : "";
        Line($"listening on {options.Path}: hypervisor {TextReport.HypervisorName(system.Hypervisor)}, Resource Manager {system.ResourceManager.ToString().ToLowerInvariant()}, seed {system.Seed}; {SizeText.Format(system.Layout.HlosSize)} of RAM at 0x{system.Layout.HlosBase:x}{ram}");
    }

    /// <inheritdoc/>
    public override void Opened(int connection, ulong seed) => LineUnlessQuiet($"{connection}: opened, seed {seed}");

    /// <inheritdoc/>
    public override void Closed(ConnectionReport report)
    {
        var lost = report.Lost.Count == 0 ? "nothing was dropped" : "dropped: " + string.Join(", ", report.Lost.Select(static loss => FormattableString.Invariant($"{loss.Count} {loss.Text}")));
        LineUnlessQuiet($"{report.Number}: closed, {report.Reason}; {Count(report.PacketsToRm, "packet")} to the Resource Manager, {report.PacketsFromRm} from it, {Count(report.VmsRun, "guest")} run; {lost}");
    }

    /// <inheritdoc/>
    public override void ConsoleLine(int connection, ushort vmid, string text) => Line($"{connection}: {VmNames.Of(vmid)} | {text}");

    /// <inheritdoc/>
    public override void GuestEnded(int connection, ushort vmid, VmExitInfo exit) => LineUnlessQuiet($"{connection}: {VmNames.Of(vmid)} ended: {BootResult.Describe(exit)}");

    /// <inheritdoc/>
    public override void NoDevice(int connection, ushort vmid, ulong address) => LineUnlessQuiet($"{connection}: {VmNames.Of(vmid)} touched 0x{address:x}, where no device is: loads return 0 and stores are lost");

    /// <inheritdoc/>
    public override void Log(int connection, string text) => LineUnlessQuiet($"{connection}: HLOS log: {text}");

    /// <inheritdoc/>
    public override void Problem(string text) => LineUnlessQuiet($"{text}");

    /// <inheritdoc/>
    public override void Stopped(int connections) => LineUnlessQuiet($"stopped after {Count(connections, "connection")}");

    private static string Count(long count, string what) => FormattableString.Invariant($"{count} {what}{(count == 1 ? "" : "s")}");

    private void LineUnlessQuiet(FormattableString text)
    {
        if (!quiet) Line(text);
    }

    // With its end in one piece: whoever follows the output never sees half a line.
    private void Line(FormattableString text) => Write(() =>
    {
        output.Write(FormattableString.Invariant(text) + "\n");
        output.Flush();
    });
}
