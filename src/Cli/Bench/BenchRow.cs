namespace RmStack.Cli.Bench;

/// <summary>What was measured of a case.</summary>
internal sealed class BenchRow(BenchCase @case)
{
    private readonly List<double> _secondsPerItem = [];
    private long _items;
    private long _allocated;

    /// <summary>The case.</summary>
    public BenchCase Case { get; } = @case;

    /// <summary>Seconds per item of each round, in their order.</summary>
    public IReadOnlyList<double> Rounds => _secondsPerItem;

    /// <summary>Seconds per item of the fastest round.</summary>
    public double Best => _secondsPerItem.Min();

    /// <summary>Seconds per item of the round in the middle; of two, of the slower one.</summary>
    public double Median => _secondsPerItem.Order().ElementAt(_secondsPerItem.Count / 2);

    /// <summary>Managed bytes allocated per item, in this process.</summary>
    public double Allocated => _items == 0 ? 0 : (double)_allocated / _items;

    /// <summary>Percentiles in ticks of the clock; of rows about latency.</summary>
    public LatencyHistogram? Latencies => Case.Latencies;

    /// <summary>Adds a round.</summary>
    public void Add(int items, double seconds, long allocated)
    {
        _secondsPerItem.Add(seconds / items);
        _items += items;
        _allocated += allocated;
    }

    /// <summary>Forgets the rounds behind the first so many.</summary>
    public void Keep(int rounds)
    {
        if (_secondsPerItem.Count > rounds)
            _secondsPerItem.RemoveRange(rounds, _secondsPerItem.Count - rounds);
    }
}
