namespace RmStack.Cli.Bench;

/// <summary>What a row's numbers count.</summary>
internal enum BenchUnit
{
    /// <summary>Packets in one direction.</summary>
    Packets,

    /// <summary>Requests and their replies.</summary>
    RoundTrips,
}

/// <summary>A floor of a case: what the same would cost with less.</summary>
/// <param name="Label">What it is called beside a row.</param>
/// <param name="Id">The case that measures it.</param>
internal sealed record BenchFloor(string Label, string Id);

/// <summary>A row of the table.</summary>
/// <param name="Id">Its name for --filter, in parts from the general to the special.</param>
/// <param name="What">What it is, for people.</param>
/// <param name="Unit">What is counted.</param>
internal sealed record BenchCase(string Id, string What, BenchUnit Unit)
{
    /// <summary>The table that the row belongs to: the id's first part.</summary>
    public string Group => Id[..Id.IndexOf('/', StringComparison.Ordinal)];

    /// <summary>Size of packets, or what a call's messages are like.</summary>
    public required string Message { get; init; }

    /// <summary>Bytes of the packets of one item, headers included.</summary>
    public required int Bytes { get; init; }

    /// <summary>Calls at once.</summary>
    public int InFlight { get; init; } = 1;

    /// <summary>The row is a floor of others.</summary>
    public bool IsFloor { get; init; }

    /// <summary>Its floors, measured in the same run.</summary>
    public IReadOnlyList<BenchFloor> Floors { get; init; } = [];

    /// <summary>Makes what is measured.</summary>
    public required Func<BenchSession, IWorkload> Open { get; init; }

    /// <summary>Where each item's time goes, of rows that are about latency; null of all others.</summary>
    public LatencyHistogram? Latencies { get; init; }
}
