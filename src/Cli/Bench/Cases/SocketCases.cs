using System.Globalization;
using RmStack.Cli.Bench.Peer;
using RmStack.Cli.Bench.Workloads;

namespace RmStack.Cli.Bench.Cases;

/// <summary>Round trips over a Unix SEQPACKET socket, in one process and between two.</summary>
internal static class SocketCases
{
    private static readonly RpcShape[] s_shapes = [RpcShape.OnePacket, RpcShape.LongRequest, RpcShape.LongReply];
    private static readonly (bool Own, string Id, string What)[] s_places = [(false, "one-process", "one process"), (true, "two-processes", "two processes")];

    /// <summary>All of them.</summary>
    public static IEnumerable<BenchCase> All()
    {
        foreach (var place in s_places)
        {
            yield return Rpc(place, RpcShape.OnePacket, 1, PeerEndpoint.Rpc);
            yield return Rpc(place, RpcShape.OnePacket, 4, PeerEndpoint.Rpc);
            yield return Rpc(place, RpcShape.OnePacket, 64, PeerEndpoint.DeepRpc);
            yield return Rpc(place, RpcShape.OnePacket, 1, PeerEndpoint.SleepingRpc);
            yield return Rpc(place, RpcShape.LongRequest, 1, PeerEndpoint.Rpc);
            yield return Rpc(place, RpcShape.LongReply, 1, PeerEndpoint.Rpc);
        }

        foreach (var shape in s_shapes)
        {
            foreach (var (own, id, what) in s_places)
                yield return Row($"raw/{id}/{shape.Name}", $"blocking calls, {what}", shape, 1, session => new RawExchange(RawSockets.Connect(PeerEndpoint.Raw.In(session.Server(own))), shape)) with { IsFloor = true };
            yield return Row($"raw/system-calls/{shape.Name}", "system calls alone", shape, 1, session => new RawExchange(RawSockets.CreatePair(session.PairPath), shape)) with { IsFloor = true };
        }
    }

    private static BenchCase Rpc((bool Own, string Id, string What) place, RpcShape shape, int inFlight, PeerEndpoint endpoint)
    {
        var spins = endpoint.Spins > 0;
        BenchFloor calls = new("system calls", $"socket/raw/system-calls/{shape.Name}"), raw = new("raw socket", $"socket/raw/{place.Id}/{shape.Name}");
        return Row(
            string.Create(CultureInfo.InvariantCulture, $"{place.Id}/{(spins ? "looking" : "sleeping")}/{shape.Name}/{inFlight}"),
            $"{place.What}, {(spins ? "looking" : "sleeping")}",
            shape,
            inFlight,
            session => new RpcLoad(SocketWorkloads.Link(session, place.Own, endpoint), shape, inFlight),
            inFlight == 1 ? [calls, raw] : [calls]);
    }

    private static BenchCase Row(string id, string what, RpcShape shape, int inFlight, Func<BenchSession, IWorkload> open, params BenchFloor[] floors) =>
        new("socket/" + id, what, BenchUnit.RoundTrips)
        {
            Message = shape.Name,
            Bytes = shape.WireBytes,
            InFlight = inFlight,
            Open = open,
            Floors = floors,
        };
}
