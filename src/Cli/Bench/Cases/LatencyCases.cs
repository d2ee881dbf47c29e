using RmStack.Cli.Bench.Model;
using RmStack.Cli.Bench.Peer;
using RmStack.Cli.Bench.Workloads;

namespace RmStack.Cli.Bench.Cases;

/// <summary>How long one call takes, of one packet each way, nothing else being under way.</summary>
internal static class LatencyCases
{
    private static readonly RpcShape s_shape = RpcShape.OnePacket;

    /// <summary>All of them; sockets where there are any.</summary>
    public static IEnumerable<BenchCase> All(bool sockets)
    {
        yield return Rpc("one-context/inline", "one context, inline", session => RpcLink.Loopback(session.OneContext, s_shape, 1, inline: true));
        yield return Rpc("one-context/posted", "one context, posted", session => RpcLink.Loopback(session.OneContext, s_shape, 1, inline: false));
        yield return Rpc("two-threads/inline", "a thread each, inline", session => RpcLink.Loopback(session.TwoThreads, s_shape, 1, inline: true));
        yield return Rpc("thread-pool/inline", "thread pool, inline", session => RpcLink.Loopback(session.ThreadPool, s_shape, 1, inline: true));
        yield return Rpc("thread-pool/posted", "thread pool, posted", session => RpcLink.Loopback(session.ThreadPool, s_shape, 1, inline: false));
        yield return Rpc("model", "hypercalls, two VMs", static _ => OpenModel());
        if (!sockets)
            yield break;
        foreach (var (own, id, what) in new[] { (false, "one-process", "socket, one process"), (true, "two-processes", "socket, two processes") })
        {
            var raw = new BenchFloor("raw socket", $"latency/raw/{id}");
            yield return Rpc($"{id}/looking", $"{what}, looking", session => SocketWorkloads.Link(session, own, PeerEndpoint.Rpc), raw);
            yield return Rpc($"{id}/sleeping", $"{what}, sleeping", session => SocketWorkloads.Link(session, own, PeerEndpoint.SleepingRpc), raw);
        }

        yield return Raw("one-process", "blocking socket, one process", ownProcess: false);
        yield return Raw("two-processes", "blocking socket, two processes", ownProcess: true);
    }

    private static BenchCase Rpc(string id, string what, Func<BenchSession, RpcLink> link, params BenchFloor[] floors)
    {
        var latencies = new LatencyHistogram();
        return Row(id, what, latencies, session => new RpcLoad(link(session), s_shape, session.Clock, latencies)) with { Floors = floors };
    }

    private static BenchCase Raw(string id, string what, bool ownProcess)
    {
        var latencies = new LatencyHistogram();
        return Row("raw/" + id, what, latencies, session => new RawExchange(RawSockets.Connect(PeerEndpoint.Raw.In(session.Server(ownProcess))), s_shape, session.Clock, latencies)) with { IsFloor = true };
    }

    private static BenchCase Row(string id, string what, LatencyHistogram latencies, Func<BenchSession, IWorkload> open) =>
        new("latency/" + id, what, BenchUnit.RoundTrips)
        {
            Message = s_shape.Name,
            Bytes = s_shape.WireBytes,
            Open = open,
            Latencies = latencies,
        };

    private static RpcLink OpenModel()
    {
        var link = new ModelLink(s_shape.ReplyDepth(1));
        RpcLink.Serve(link.Stage, link.Server);
        return new RpcLink(link.Stage, link.Client, inline: true, link.Dispose);
    }
}
