using System.Globalization;
using System.Text;
using RmStack.Cli.Simulation;

namespace RmStack.Cli.Reports;

/// <summary>A run as people read it: a line per event as it happens, then a summary.</summary>
/// <param name="output">Where to.</param>
public sealed class TextReport(TextWriter output)
{
    private const int TimeWidth = 11;
    private const int WhoWidth = 14;
    private const int TitleWidth = 20;
    private const int Width = 120;

    /// <summary>What is about to run.</summary>
    public void Header(BootRun run, BootOptions options)
    {
        var system = options.System;
        Line($"machine     {SizeText.Format(system.MemorySize)} of RAM at 0x{system.MemoryBase:x}, {run.System.Hypervisor.Options.Cores} CPUs; hypervisor {HypervisorName(system.Hypervisor)}, Resource Manager {system.ResourceManager.ToString().ToLowerInvariant()}, driver {Host.DriverProfiles.Name(options.Profile)}, seed {system.Seed}");
        Line($"guest       {options.ImageName}; {SizeText.Format(options.MemorySize)} of RAM at 0x{run.Vmm.MemoryBase:x}, {options.VCpus} vCPU{(options.VCpus == 1 ? "" : "s")}");
        output.Write('\n');
        Line($"{"time/ms",TimeWidth}  {"who".PadRight(WhoWidth)}what");
    }

    /// <summary>One event.</summary>
    public void Event(TranscriptEvent happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        var text = happened.Kind == TranscriptKind.Console ? "| " + happened.Text : happened.Text;
        Line($"{happened.Nanoseconds / 1e6,TimeWidth:F6}  {happened.Who.PadRight(WhoWidth)}{text}");
    }

    /// <summary>The numbers at the end.</summary>
    public void Summary(RunSummary summary)
    {
        ArgumentNullException.ThrowIfNull(summary);
        output.Write('\n');
        foreach (var link in summary.Links)
            Line($"{link.From + " > " + link.To,-TitleWidth}{link.Packets} packets, {link.Messages} messages, {link.Bytes} bytes");
        foreach (var vm in summary.Hypercalls)
            Wrapped(vm.Vm + " hypercalls", string.Create(CultureInfo.InvariantCulture, $"{vm.Total}:"), vm.Calls);
        Line($"{"vcpu_run exits",-TitleWidth}{string.Join(", ", summary.VcpuRuns.Where(static run => run.Count > 0).Select(static run => string.Create(CultureInfo.InvariantCulture, $"{run.Name} {run.Count}")))}");
        Line($"{"guest",-TitleWidth}{summary.GuestInstructions} instructions, {summary.ConsoleBytes} bytes on the console");
        if (summary.UnclaimedAccesses > 0)
            Line($"{"no device",-TitleWidth}{summary.UnclaimedAccesses} accesses, the first at 0x{summary.FirstUnclaimedAccess:x}");
        Line($"{"virtual time",-TitleWidth}{summary.VirtualNanoseconds / 1e6:F6} ms");
        Line($"{"result",-TitleWidth}{summary.Message}");
    }

    private void Wrapped(string title, string first, IReadOnlyList<NamedCount> counts)
    {
        var line = new StringBuilder(title.PadRight(TitleWidth)).Append(first);
        for (var n = 0; n < counts.Count; n++)
        {
            var word = string.Create(CultureInfo.InvariantCulture, $" {counts[n].Name} {counts[n].Count}{(n + 1 < counts.Count ? "," : "")}");
            if (line.Length + word.Length > Width)
            {
                Line($"{line}");
                line.Clear().Append(' ', TitleWidth - 1);
            }

            line.Append(word);
        }

        Line($"{line}");
    }

    /// <summary>What a hypervisor is called on the command line.</summary>
    public static string HypervisorName(HypervisorVersion version) => version == HypervisorVersion.V2312 ? "23.12" : "next";

    private void Line(FormattableString line)
    {
        output.Write(FormattableString.Invariant(line));
        output.Write('\n');
    }
}
