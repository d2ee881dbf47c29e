using System.Collections.Concurrent;
using System.Globalization;
using Xunit.Abstractions;

namespace RmStack.Simulation.Tests;

/// <summary>
/// Seeded swarms of clients around one server. The gate runs seeds 0 to 19999. More, or others:
/// <code>
/// RMSTACK_SEEDS=1000000 dotnet test tests/Simulation.Tests -c Release                      seeds 0 to 999999
/// RMSTACK_SEED=70000 RMSTACK_SEEDS=5000 dotnet test tests/Simulation.Tests -c Release      seeds 70000 to 74999
/// RMSTACK_SEED=4711 dotnet test tests/Simulation.Tests -c Release                          one seed, with a line per packet in a file
/// </code>
/// </summary>
public sealed class SwarmTests(ITestOutputHelper output)
{
    private const int GateSeeds = 20_000;
    private const int RunTwice = 25;
    private const int MostFailures = 5;

    [Fact]
    public void Everything_holds_for_every_seed()
    {
        var one = Number("RMSTACK_SEED");
        var count = Number("RMSTACK_SEEDS");
        if (one is { } seed && count is null)
        {
            RunOne(seed);
            return;
        }

        var first = one ?? 0;
        var seeds = count ?? GateSeeds;
        var failures = new ConcurrentBag<SwarmFailure>();
        var (packets, calls, faults, answered) = (0L, 0L, 0L, 0L);
        using var watchdog = new Watchdog();
        Parallel.For(0L, (long)seeds, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, (index, loop) =>
        {
            if (failures.Count >= MostFailures)
            {
                loop.Stop();
                return;
            }

            try
            {
                using var watched = watchdog.Watch(first + (ulong)index);
                var outcome = Swarm.Run(first + (ulong)index);
                Interlocked.Add(ref packets, outcome.Packets);
                Interlocked.Add(ref calls, outcome.Calls);
                Interlocked.Add(ref faults, outcome.Faults);
                Interlocked.Add(ref answered, outcome.Answered);
                if (index % RunTwice == 0 && Swarm.Run(first + (ulong)index) != outcome)
                    throw new InvalidOperationException(FormattableString.Invariant($"seed {first + (ulong)index} does not do the same twice"));
            }
            catch (SwarmFailure failure)
            {
                failures.Add(failure);
            }
        });
        output.WriteLine(FormattableString.Invariant($"{seeds} seeds from {first}: {packets} packets, {calls} calls, {answered} answered, {faults} faults"));
        Assert.True(failures.IsEmpty, string.Join("\n\n", failures.OrderBy(failure => failure.Seed).Select(failure => failure.Message)));
        // A swarm in which nothing happens proves nothing.
        Assert.True(answered > calls / 3 && faults > (long)seeds, "the swarm is too tame");
    }

    [Fact]
    public void Different_seeds_do_different_things()
    {
        var traces = Enumerable.Range(0, 50).Select(seed => Swarm.Run((ulong)seed).Trace).ToHashSet();
        Assert.Equal(50, traces.Count);
    }

    private static ulong? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? ulong.Parse(text, CultureInfo.InvariantCulture) : null;

    private void RunOne(ulong seed)
    {
        var path = Path.Combine(Path.GetTempPath(), FormattableString.Invariant($"rmstack-seed-{seed}.txt"));
        using (var lines = new StreamWriter(path))
        {
            output.WriteLine(FormattableString.Invariant($"seed {seed}: every packet is in {path}\n{Plan.Draw(seed)}"));
            Swarm.Run(seed, lines);
        }
    }
}
