namespace RmStack.Cli.Bench;

/// <summary>A run's result.</summary>
/// <param name="Facts">The machine.</param>
/// <param name="Plan">What was to be done.</param>
/// <param name="Rows">What was measured.</param>
/// <param name="WarmUpPasses">Passes that it took to warm up.</param>
/// <param name="Rounds">Rounds that all rows have.</param>
internal sealed record BenchReport(MachineFacts Facts, BenchPlan Plan, IReadOnlyList<BenchRow> Rows, int WarmUpPasses, int Rounds)
{
    /// <summary>Somebody interrupted it.</summary>
    public bool Interrupted => Rounds < Plan.Rounds;

    /// <summary>How many times as long as its floor a row takes, in the best round of each; null without that floor.</summary>
    public double? Ratio(BenchRow row, BenchFloor floor)
    {
        if (Rows.FirstOrDefault(other => other.Case.Id == floor.Id) is not { } beside)
            return null;
        return row.Latencies is { } own && beside.Latencies is { } least
            ? (double)own.Percentile(0.5) / Math.Max(least.Percentile(0.5), 1)
            : row.Best / beside.Best;
    }
}
