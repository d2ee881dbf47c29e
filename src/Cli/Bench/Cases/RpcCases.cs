using System.Globalization;
using RmStack.Cli.Bench.Contexts;
using RmStack.Cli.Bench.Model;
using RmStack.Cli.Bench.Workloads;

namespace RmStack.Cli.Bench.Cases;

/// <summary>Round trips inside one process.</summary>
internal static class RpcCases
{
    private static readonly int[] s_inFlight = [1, 4, 64];
    private static readonly RpcShape[] s_shapes = [RpcShape.OnePacket, RpcShape.FullPacket, RpcShape.LongRequest, RpcShape.LongReply];

    private static readonly (string Id, string What, Func<BenchSession, Stage> Of)[] s_stages =
    [
        ("one-context", "one context", static session => session.OneContext),
        ("two-threads", "a thread each", static session => session.TwoThreads),
        ("thread-pool", "thread pool", static session => session.ThreadPool),
    ];

    /// <summary>All of them.</summary>
    public static IEnumerable<BenchCase> All()
    {
        foreach (var shape in s_shapes)
            yield return Row($"pure/{shape.Name}", "state machines alone", shape, 1, _ => new PureLink(shape), new BenchFloor("copies", $"rpc/copies/{shape.Name}"));
        foreach (var stage in s_stages)
        {
            foreach (var inFlight in s_inFlight)
                yield return Async(stage, RpcShape.OnePacket, inFlight, inline: true);
            foreach (var inFlight in s_inFlight)
                yield return Async(stage, RpcShape.OnePacket, inFlight, inline: false);
            foreach (var inFlight in s_inFlight)
                yield return Async(stage, RpcShape.LongRequest, inFlight, inline: true);
            yield return Async(stage, RpcShape.LongReply, 1, inline: true);
        }

        foreach (var inFlight in s_inFlight)
            yield return Model(RpcShape.OnePacket, inFlight);
        yield return Model(RpcShape.LongRequest, 1);
        yield return Model(RpcShape.LongReply, 1);
        foreach (var floor in Floors())
            yield return floor with { IsFloor = true };
    }

    private static IEnumerable<BenchCase> Floors()
    {
        foreach (var shape in s_shapes)
            yield return Row($"copies/{shape.Name}", "copies in and out", shape, 1, _ => new RingCopies(shape));
        foreach (var stage in s_stages)
        {
            foreach (var inFlight in s_inFlight)
                yield return Echo(stage, RpcShape.OnePacket, inFlight);
            foreach (var inFlight in s_inFlight)
                yield return Echo(stage, RpcShape.LongRequest, inFlight);
            yield return Echo(stage, RpcShape.LongReply, 1);
        }
    }

    private static BenchCase Async((string Id, string What, Func<BenchSession, Stage> Of) stage, RpcShape shape, int inFlight, bool inline) => Row(
        $"{stage.Id}/{(inline ? "inline" : "posted")}/{shape.Name}/{Number(inFlight)}",
        $"{stage.What}, {(inline ? "inline" : "posted")}",
        shape,
        inFlight,
        session => new RpcLoad(RpcLink.Loopback(stage.Of(session), shape, inFlight, inline), shape, inFlight),
        new BenchFloor("copies", $"rpc/copies/{shape.Name}"),
        new BenchFloor("channel", $"rpc/channel/{stage.Id}/{shape.Name}/{Number(inFlight)}"));

    private static BenchCase Echo((string Id, string What, Func<BenchSession, Stage> Of) stage, RpcShape shape, int inFlight) => Row(
        $"channel/{stage.Id}/{shape.Name}/{Number(inFlight)}",
        $"channels, {stage.What}",
        shape,
        inFlight,
        session => new ChannelEcho(stage.Of(session), shape, inFlight));

    private static BenchCase Model(RpcShape shape, int inFlight) => Row(
        $"model/{shape.Name}/{Number(inFlight)}",
        "hypercalls, two VMs",
        shape,
        inFlight,
        _ => OpenModel(shape, inFlight),
        new BenchFloor("copies", $"rpc/copies/{shape.Name}"));

    private static RpcLoad OpenModel(RpcShape shape, int inFlight)
    {
        var link = new ModelLink(shape.ReplyDepth(inFlight));
        RpcLink.Serve(link.Stage, link.Server);
        return new RpcLoad(new RpcLink(link.Stage, link.Client, inline: true, link.Dispose), shape, inFlight);
    }

    private static string Number(int inFlight) => inFlight.ToString(CultureInfo.InvariantCulture);

    private static BenchCase Row(string id, string what, RpcShape shape, int inFlight, Func<BenchSession, IWorkload> open, params BenchFloor[] floors) =>
        new("rpc/" + id, what, BenchUnit.RoundTrips)
        {
            Message = shape.Name,
            Bytes = shape.WireBytes,
            InFlight = inFlight,
            Open = open,
            Floors = floors,
        };
}
