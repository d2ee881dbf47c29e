using System.Globalization;

namespace RmStack.Cli;

/// <summary>Host time of a run, for --timing only: never part of what a run prints on standard output.</summary>
internal sealed class HostTiming
{
    private readonly TimeProvider _clock = Clock;
    private long _start;
    private TimeSpan _elapsed;
    private ulong _instructions;

    /// <summary>The system clock, for verbs whose subject is the host's time.</summary>
#pragma warning disable RS0030 // The one place where the system clock enters.
    public static TimeProvider Clock => TimeProvider.System;
#pragma warning restore RS0030

    public void Start() => _start = _clock.GetTimestamp();

    public void Stop(ulong instructions)
    {
        _elapsed = _clock.GetElapsedTime(_start);
        _instructions = instructions;
    }

    public void Report(TextWriter error) => error.Write(string.Create(
        CultureInfo.InvariantCulture,
        $"host time {_elapsed.TotalMilliseconds:F1} ms, {_instructions / Math.Max(_elapsed.TotalSeconds, 1e-9) / 1e6:F1} million guest instructions per second\n"));
}
