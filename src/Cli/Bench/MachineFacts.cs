using System.Globalization;
using System.Runtime;
using System.Runtime.InteropServices;
using System.Text;

namespace RmStack.Cli.Bench;

/// <summary>What of the machine and the runtime decides about the numbers.</summary>
/// <param name="Processor">The processor's name.</param>
/// <param name="Cores">Processors that the process may use.</param>
/// <param name="System">The operating system.</param>
/// <param name="Runtime">The runtime.</param>
/// <param name="ServerGc">Which collector.</param>
/// <param name="Load">Load average of the last minute before the run; null where there is none.</param>
/// <param name="ClockNanoseconds">What reading the clock costs, once for each call whose time is taken.</param>
internal sealed record MachineFacts(string Processor, int Cores, string System, string Runtime, bool ServerGc, double? Load, double ClockNanoseconds)
{
    private const int ClockReadings = 2_000;
    private const int ClockRounds = 20;

    /// <summary>Of this machine, now.</summary>
    public static MachineFacts Read(TimeProvider clock) => new(
        ProcessorName(),
        Environment.ProcessorCount,
        RuntimeInformation.OSDescription,
        $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.ProcessArchitecture}",
        GCSettings.IsServerGC,
        LoadAverage(),
        CostOf(clock));

    private static string ProcessorName()
    {
        const string Name = "model name";
        foreach (var line in Lines("/proc/cpuinfo"))
        {
            if (line.StartsWith(Name, StringComparison.Ordinal))
                return line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
        }

        return RuntimeInformation.ProcessArchitecture.ToString();
    }

    private static double? LoadAverage() =>
        double.TryParse(Lines("/proc/loadavg")[0].Split(' ')[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var load) ? load : null;

    private static double CostOf(TimeProvider clock)
    {
        var least = double.MaxValue;
        for (var round = 0; round < ClockRounds; round++)
        {
            var start = clock.GetTimestamp();
            for (var n = 0; n < ClockReadings; n++)
                clock.GetTimestamp();
            least = Math.Min(least, clock.GetElapsedTime(start).TotalNanoseconds);
        }

        return least / ClockReadings;
    }

    private static string[] Lines(string path) => HostFile.TryRead(path, out var bytes, out _) ? Encoding.UTF8.GetString(bytes).Split('\n') : [""];
}
