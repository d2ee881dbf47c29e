using System.Globalization;

namespace RmStack.Cli;

/// <summary>Host time of a run, for --timing only: never part of what a run prints on standard output.</summary>
internal sealed class HostTiming
{
    private readonly TimeProvider _clock = HostClock.System;
    private long _start;
    private TimeSpan _elapsed;
    private ulong _instructions;

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
