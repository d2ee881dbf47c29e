using System.Globalization;
using RmStack.Cli.Bench.Contexts;
using RmStack.Cli.Bench.Model;
using RmStack.Cli.Bench.Peer;
using RmStack.Cli.Bench.Workloads;
using RmStack.Transport.Ports;

namespace RmStack.Cli.Bench.Cases;

/// <summary>Packets through a queue of eight.</summary>
internal static class QueueCases
{
    private static readonly int[] s_sizes = [8, 64, 240];

    /// <summary>All of them; sockets where there are any.</summary>
    public static IEnumerable<BenchCase> All(bool sockets)
    {
        foreach (var size in s_sizes)
        {
            var copies = new BenchFloor("copies", Id("copies", size));
            var oneThread = new BenchFloor("channel", Id("channel/one-thread", size));
            var twoThreads = new BenchFloor("channel", Id("channel/two-threads", size));
            yield return Row("loopback/one-thread", "loopback queue, one thread", size, _ => new QueueBatches(size), copies, oneThread);
            yield return Row("loopback/two-threads", "loopback queue, a thread each", size, session => Loopback(session.TwoThreads, size), copies, twoThreads);
            yield return Row("hypercalls/one-vm", "hypercalls, one VM", size, _ => new HypercallBatches(size), copies, oneThread);
            yield return Row("hypercalls/two-vms", "hypercalls, two VMs", size, _ => Hypercalls(size), copies, twoThreads);
            if (sockets)
            {
                yield return Row("socket/one-process", "socket port, one process", size, session => SocketWorkloads.Packets(session, ownProcess: false, size), Raw("one-process", size));
                yield return Row("socket/two-processes", "socket port, two processes", size, session => SocketWorkloads.Packets(session, ownProcess: true, size), Raw("two-processes", size));
            }
        }

        foreach (var size in s_sizes)
        {
            yield return Floor("copies", "copies in and out", size, _ => new PacketCopies(size));
            yield return Floor("channel/one-thread", "bounded channel, one thread", size, _ => new ChannelBatches(size));
            yield return Floor("channel/two-threads", "bounded channel, a thread each", size, session => new ChannelStream(session.TwoThreads, size));
            if (sockets)
            {
                yield return Floor("raw-socket/one-process", "blocking socket, one process", size, session => RawPackets(session, ownProcess: false, size));
                yield return Floor("raw-socket/two-processes", "blocking socket, two processes", size, session => RawPackets(session, ownProcess: true, size));
            }
        }
    }

    private static string Id(string subject, int size) => string.Create(CultureInfo.InvariantCulture, $"queue/{subject}/{size}");

    private static BenchFloor Raw(string where, int size) => new("raw socket", Id("raw-socket/" + where, size));

    private static BenchCase Row(string subject, string what, int size, Func<BenchSession, IWorkload> open, params BenchFloor[] floors) =>
        new(Id(subject, size), what, BenchUnit.Packets)
        {
            Message = string.Create(CultureInfo.InvariantCulture, $"{size} bytes"),
            Bytes = size,
            Open = open,
            Floors = floors,
        };

    private static BenchCase Floor(string subject, string what, int size, Func<BenchSession, IWorkload> open) => Row(subject, what, size, open) with { IsFloor = true };

    private static PacketStream Loopback(Stage stage, int size)
    {
        var (client, server) = LoopbackPort.CreatePair(clientContext: stage.ClientContext, serverContext: stage.ServerContext);
        return Stream(stage, client, server, size, static () => { });
    }

    private static PacketStream Hypercalls(int size)
    {
        var link = new ModelLink(Protocol.RpcLimits.QueueDepth);
        return Stream(link.Stage, link.Client, link.Server, size, link.Dispose);
    }

    private static PacketStream Stream(Stage stage, Transport.IMsgQueuePort client, Transport.IMsgQueuePort server, int size, Action dispose)
    {
        PacketSink? sink = null;
        PacketStream? stream = null;
        stage.OnServer(() => sink = new PacketSink(server));
        stage.OnClient(() => stream = new PacketStream(stage, client, size, () =>
        {
            sink!.Dispose();
            dispose();
        }));
        return stream!;
    }

    private static RawStream RawPackets(BenchSession session, bool ownProcess, int size) =>
        new(RawSockets.Connect(PeerEndpoint.Raw.In(session.Server(ownProcess))), size);
}
