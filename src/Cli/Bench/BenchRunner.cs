using System.Runtime;

namespace RmStack.Cli.Bench;

/// <summary>
/// Runs all rows again and again, a little each time: a disturbance hits a round of many rows instead of all rounds of one, and what is best or in the
/// middle of several rounds means something.
/// </summary>
internal sealed class BenchRunner(BenchSession session, BenchPlan plan, Action<string> progress)
{
    private const int MaxItems = 50_000_000;

    /// <summary>How much longer than planned to warm up at most, seconds.</summary>
    private const double MostPatience = 5;

    // Longer than the runtime waits, after the last call of something new, before it compiles again.
    private static readonly TimeSpan s_settled = TimeSpan.FromMilliseconds(300);

    /// <summary>Measures.</summary>
    /// <exception cref="BenchFailedException">A workload did not do what it measures; the message names it.</exception>
    /// <exception cref="OperationCanceledException">It was interrupted before there was a round.</exception>
    public BenchReport Run(IReadOnlyList<BenchCase> cases, MachineFacts facts)
    {
        var rows = cases.Select(@case => new RunningRow(@case)).ToList();
        var (passes, rounds) = (0, 0);
        try
        {
            Pass(rows, "setting up", row => row.Workload = row.Row.Case.Open(session));
            passes = WarmUp(rows);
            foreach (var row in rows)
                row.Row.Latencies?.Clear();
            for (; rounds < plan.Rounds; rounds++)
                Pass(rows, $"round {rounds + 1} of {plan.Rounds}", row => Measure(row, row.ItemsFor(plan.Round)));
        }
        catch (OperationCanceledException) when (rounds > 0)
        {
            foreach (var row in rows)
                row.Row.Keep(rounds);
        }
        finally
        {
            foreach (var row in rows)
                row.Workload?.Dispose();
        }

        return new BenchReport(facts, plan, [.. rows.Select(row => row.Row)], passes, rounds);
    }

    private void Pass(List<RunningRow> rows, string what, Action<RunningRow> action)
    {
        progress(what);
        foreach (var row in rows)
        {
            session.Stop.ThrowIfCancellationRequested();
            try
            {
                action(row);
            }
            catch (BenchFailedException failure)
            {
                // A server process that an interrupt has ended before it could say that it does not mind.
                session.Stop.ThrowIfCancellationRequested();
                throw new BenchFailedException($"{row.Row.Case.Id}: {failure.Message}", failure);
            }
        }
    }

    /// <summary>
    /// The runtime compiles what is called often again, and better, some time after it was called: passes go on until nothing has been compiled for a
    /// while. Returns how many there were.
    /// </summary>
    private int WarmUp(List<RunningRow> rows)
    {
        var start = session.Clock.GetTimestamp();
        var (quietSince, passes, compiled) = (start, 0, JitInfo.GetCompiledMethodCount());
        bool settled;
        do
        {
            Pass(rows, $"warming up, {++passes}", row => WarmUp(row));
            var now = JitInfo.GetCompiledMethodCount();
            if (now != compiled)
                (quietSince, compiled) = (session.Clock.GetTimestamp(), now);
            settled = session.Clock.GetElapsedTime(quietSince) >= s_settled
                || session.Clock.GetElapsedTime(start).TotalSeconds >= (plan.WarmUpPasses * plan.WarmUp * rows.Count) + MostPatience;
        }
        while (passes < plan.WarmUpPasses || !settled);
        return passes;
    }

    private void WarmUp(RunningRow row)
    {
        var left = plan.WarmUp;
        var items = row.ItemsFor(left);
        while (true)
        {
            var (seconds, _) = Time(row, items);
            left -= seconds;
            if (left <= 0)
                return;
            items = Math.Min(items * 2, row.ItemsFor(left));
        }
    }

    private void Measure(RunningRow row, int items)
    {
        var (seconds, allocated) = Time(row, items);
        row.Row.Add(items, seconds, allocated);
    }

    private (double Seconds, long Allocated) Time(RunningRow row, int items)
    {
        var before = GC.GetTotalAllocatedBytes();
        var start = session.Clock.GetTimestamp();
        row.Workload!.Run(items);
        var seconds = Math.Max(session.Clock.GetElapsedTime(start).TotalSeconds, 1e-9);
        var allocated = GC.GetTotalAllocatedBytes() - before;
        row.SecondsPerItem = seconds / items;
        return (seconds, allocated);
    }

    private sealed class RunningRow(BenchCase @case)
    {
        public BenchRow Row { get; } = new(@case);

        public IWorkload? Workload { get; set; }

        /// <summary>As of the last time; 0 before the first.</summary>
        public double SecondsPerItem { get; set; }

        public int ItemsFor(double seconds) => SecondsPerItem == 0 ? 1 : (int)Math.Clamp(seconds / SecondsPerItem, 1, MaxItems);
    }
}
