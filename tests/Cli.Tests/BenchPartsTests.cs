using RmStack.Cli.Bench;
using RmStack.Cli.Bench.Cases;
using RmStack.Cli.Bench.Contexts;
using RmStack.Cli.Bench.Reports;
using RmStack.Cli.Bench.Workloads;
using RmStack.Testing;

namespace RmStack.Cli.Tests;

/// <summary>What the bench is made of: percentiles, plans, the catalogue, contexts.</summary>
public class BenchPartsTests
{
    [Fact]
    public void Percentiles_are_those_of_the_sorted_values_within_a_step()
    {
        for (var run = 0UL; run < 50; run++)
        {
            var random = new SeededRandom(run);
            var values = Enumerable.Range(0, 1 + random.Next(3000)).Select(_ => (long)(random.NextUInt64() >> (1 + random.Next(63)))).ToList();
            var histogram = new LatencyHistogram();
            values.ForEach(histogram.Add);
            values.Sort();
            Assert.Equal((values.Count, values[^1]), ((int)histogram.Count, histogram.Longest));
            foreach (var share in new[] { 0.0, 0.5, 0.9, 0.99, 0.999, 1.0 })
            {
                var exact = values[Math.Clamp((int)Math.Ceiling(share * values.Count), 1, values.Count) - 1];
                var told = histogram.Percentile(share);
                Assert.True(told >= exact && told - exact <= exact / 64, $"{share} of {values.Count} values: {told} for {exact}; seed {run}");
            }

            histogram.Clear();
            Assert.Equal((0L, 0L, 0L), (histogram.Count, histogram.Longest, histogram.Percentile(0.5)));
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-5, 0)]
    [InlineData(127, 127)]
    [InlineData(128, 128)]
    [InlineData(long.MaxValue, long.MaxValue)]
    public void A_single_value_is_told_as_it_is(long value, long told)
    {
        var histogram = new LatencyHistogram();
        histogram.Add(value);
        Assert.Equal(told, histogram.Percentile(0.5));
    }

    [Theory]
    [InlineData(25, 130)]
    [InlineData(6, 130)]
    [InlineData(1, 130)]
    [InlineData(0.001, 130)]
    [InlineData(2, 3)]
    [InlineData(3600, 1)]
    [InlineData(3600, 130)]
    public void A_plan_uses_the_time_it_has_in_rounds_that_an_interrupt_can_wait_for(double seconds, int rows)
    {
        var plan = BenchPlan.For(seconds, rows);
        Assert.Equal(seconds, rows * ((plan.WarmUpPasses * plan.WarmUp) + (plan.Rounds * plan.Round)), 6);
        Assert.True(plan is { WarmUpPasses: >= 3, Rounds: >= 3 });
        Assert.True(plan is { WarmUp: > 0 and <= 0.1, Round: > 0 and <= 0.1 });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_floor_is_a_row_and_every_id_is_one_row(bool sockets)
    {
        var all = BenchCatalogue.All(sockets);
        Assert.Equal(all.Count, all.Select(row => row.Id).Distinct().Count());
        foreach (var row in all)
        {
            Assert.All(row.Floors, floor => Assert.True(all.Single(other => other.Id == floor.Id).IsFloor, floor.Id));
            // Latency without a socket stands for itself.
            Assert.True(row.IsFloor == (row.Floors.Count == 0) || row.Group == "latency", row.Id);
            Assert.Equal(row.Group == "latency", row.Latencies is not null);
        }

        var used = all.SelectMany(row => row.Floors).Select(floor => floor.Id).ToHashSet();
        Assert.All(all.Where(row => row.IsFloor), row => Assert.Contains(row.Id, used));
    }

    [Theory]
    [InlineData(0.5, "0.50")]
    [InlineData(1, "1.00")]
    [InlineData(12.345, "12.3")]
    [InlineData(99.94, "99.9")]
    [InlineData(123.4, "123")]
    [InlineData(12345.6, "12346")]
    public void Numbers_have_three_figures(double value, string text) => Assert.Equal(text, BenchNumbers.Short(value));

    [Theory]
    [InlineData(2e-9, "2.00 ns")]
    [InlineData(3.5e-5, "35.0 us")]
    [InlineData(0.0123, "12.3 ms")]
    [InlineData(2, "2.00 s")]
    public void Times_have_a_unit(double seconds, string text) => Assert.Equal(text, BenchNumbers.Time(seconds));

    [Fact]
    public void A_call_that_is_never_answered_ends_a_run_on_one_context_at_once()
    {
        var context = new LocalContext();
        using var stage = new Stage(context, context, CancellationToken.None);
        var never = new TaskCompletionSource();
        Assert.Throws<BenchFailedException>(() => stage.Run(() => never.Task));
    }

    [Fact]
    public void What_fails_on_either_thread_reaches_whoever_waits()
    {
        using var client = new ThreadContext("client");
        using var server = new ThreadContext("server");
        using var stage = new Stage(client, server, CancellationToken.None);
        server.CallbackFailed = stage.Fail;
        var never = new TaskCompletionSource();
        var failure = Assert.Throws<BenchFailedException>(() => stage.Run(() =>
        {
            server.Post(_ => throw new InvalidOperationException("on the other side"), null);
            return never.Task;
        }));
        Assert.Equal("on the other side", failure.Message);
    }

    [Fact]
    public void A_workload_that_gets_a_wrong_reply_fails()
    {
        var context = new LocalContext();
        using var stage = new Stage(context, context, CancellationToken.None);
        using var load = new RpcLoad(RpcLink.Loopback(stage, RpcShape.OnePacket, 1, inline: true), RpcShape.OnePacket with { ReplyBytes = 0x3FFF }, 1);
        Assert.Throws<BenchFailedException>(() => load.Run(1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(65)]
    public void A_workload_makes_as_many_calls_as_it_is_asked_for(int calls)
    {
        foreach (var inFlight in new[] { 1, 4, 64 })
        {
            var context = new LocalContext();
            using var stage = new Stage(context, context, CancellationToken.None);
            var link = RpcLink.Loopback(stage, RpcShape.LongRequest, inFlight, inline: true);
            using var load = new RpcLoad(link, RpcShape.LongRequest, inFlight);
            load.Run(calls);
            Assert.Equal((calls, calls), (link.Client.Statistics.CallsStarted, link.Client.Statistics.CallsAnswered));
            Assert.Equal(calls * 63L, link.Client.Statistics.PacketsSent);
        }
    }

    [Theory]
    [InlineData(0, 4, 1, 1, 24)]
    [InlineData(232, 228, 1, 1, 480)]
    [InlineData(14616, 4, 63, 1, 15136)]
    [InlineData(0, 14612, 1, 63, 15128)]
    public void A_shape_knows_its_packets(int request, int reply, int requestPackets, int replyPackets, int bytes)
    {
        var shape = new RpcShape("", request, reply);
        Assert.Equal((requestPackets, replyPackets, bytes), (shape.RequestPackets, shape.ReplyPackets, shape.WireBytes));
        Assert.Equal((requestPackets, replyPackets, bytes), (shape.RequestPacketSizes.Count(), shape.ReplyPacketSizes.Count(), shape.PacketSizes.Sum()));
    }
}
