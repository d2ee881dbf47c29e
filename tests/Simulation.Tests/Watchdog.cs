using System.Collections.Concurrent;

namespace RmStack.Simulation.Tests;

/// <summary>A seed whose run does not end ends the test process, and is named: nothing else could say which it was.</summary>
internal sealed class Watchdog : IDisposable
{
    // A run takes a millisecond.
    private const int PatienceMs = 180_000;
    private const int PeriodMs = 5_000;

    private readonly ConcurrentDictionary<ulong, long> _running = new();
    private readonly Timer _timer;

    public Watchdog() => _timer = new Timer(_ => Look(), null, PeriodMs, PeriodMs);

    public IDisposable Watch(ulong seed)
    {
        _running[seed] = Environment.TickCount64;
        return new Watched(this, seed);
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        foreach (var (seed, since) in _running)
        {
            if (Environment.TickCount64 - since > PatienceMs)
                Environment.FailFast(FormattableString.Invariant($"seed {seed} does not end\nagain, with every packet: RMSTACK_SEED={seed} dotnet test tests/Simulation.Tests -c Release"));
        }
    }

    private sealed class Watched(Watchdog watchdog, ulong seed) : IDisposable
    {
        public void Dispose() => watchdog._running.TryRemove(seed, out _);
    }
}
