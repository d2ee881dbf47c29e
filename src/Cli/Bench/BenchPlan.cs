namespace RmStack.Cli.Bench;

/// <summary>How long what is done.</summary>
/// <param name="WarmUpPasses">Passes over all rows that are not counted, at least.</param>
/// <param name="WarmUp">Time of each row in each of these, seconds.</param>
/// <param name="Rounds">Rounds over all rows.</param>
/// <param name="Round">Time of each row in each round, seconds.</param>
internal sealed record BenchPlan(int WarmUpPasses, double WarmUp, int Rounds, double Round)
{
    private const double WarmUpShare = 0.25;
    // All rows together, and each row, in seconds.
    private const double LeastWarmUp = 0.6;
    private const double MostWarmUp = 0.6;
    private const int LeastPasses = 3;
    private const int FewestRounds = 3;
    private const int UsualRounds = 5;
    private const double ShortRound = 0.01;
    private const double LongestRound = 0.1;

    /// <summary>Divides the time among so many rows.</summary>
    public static BenchPlan For(double seconds, int rows)
    {
        var each = seconds / Math.Max(rows, 1);
        var warmUp = Math.Min(each * WarmUpShare, MostWarmUp);
        // A few rows alone: better code still takes a while to come.
        var passes = LeastPasses;
        if (warmUp * rows < LeastWarmUp)
            warmUp = Math.Min(LeastWarmUp, seconds / 2) / rows;
        if (warmUp / passes > LongestRound)
            passes = (int)Math.Ceiling(warmUp / LongestRound);
        var measured = each - warmUp;
        var rounds = measured / UsualRounds < ShortRound ? FewestRounds : UsualRounds;
        if (measured / rounds > LongestRound)
            rounds = (int)Math.Ceiling(measured / LongestRound);
        return new BenchPlan(passes, warmUp / passes, rounds, measured / rounds);
    }
}
