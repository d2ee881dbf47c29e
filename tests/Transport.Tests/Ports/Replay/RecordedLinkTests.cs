using System.Buffers;
using RmStack.Protocol;
using RmStack.Testing;
using RmStack.Transport.Capture;
using RmStack.Transport.Ports;
using RmStack.Transport.Ports.Replay;
using RmStack.Transport.Rpc;

namespace RmStack.Transport.Tests.Ports.Replay;

/// <summary>From a capture to a link, and from a session to a capture and back.</summary>
public sealed class RecordedLinkTests
{
    [Fact]
    public async Task Links_are_told_apart_and_packets_numbered_as_in_the_file()
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new PcapngWriter(output);
        var (first, second) = (writer.AddLink(3, "HLOS"), writer.AddLink(0x80, "guest"));
        writer.Write(first, CaptureDirection.ToRm, 5, [1], "push"u8);
        writer.Write(second, CaptureDirection.ToRm, 6, [2], "push, queue full"u8);
        writer.Write(first, CaptureDirection.FromRm, 7, [3], "queue full"u8);
        var links = await Read(output.WrittenSpan.ToArray());
        Assert.Equal(CaptureStatus.End, links.End.Status);
        Assert.Equal(2, links.Links.Count);
        Assert.Null(links.Find(4));
        var packets = links.Find(3)!.Packets;
        Assert.Equal([1, 3], packets.Select(packet => packet.Number));
        Assert.Equal([5UL, 7UL], packets.Select(packet => packet.TimestampNs!.Value));
        Assert.Equal([(true, false), (false, true)], packets.Select(packet => (packet.Pushed, packet.FilledQueue)));
        Assert.Equal((true, true), (links.Find(0x80)!.Packets[0].Pushed, links.Find(0x80)!.Packets[0].FilledQueue));
        Assert.Null(links.Find(3)!.Defect);
    }

    [Fact]
    public async Task A_file_that_breaks_off_gives_what_came_before_and_the_reason()
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new PcapngWriter(output);
        var link = writer.AddLink(3, "HLOS");
        writer.Write(link, CaptureDirection.ToRm, 5, [1]);
        writer.Write(link, CaptureDirection.ToRm, 5, [2]);
        var links = await Read(output.WrittenSpan[..^4].ToArray());
        Assert.Equal(CaptureStatus.Truncated, links.End.Status);
        Assert.Equal([1], Assert.Single(Assert.Single(links.Links).Packets).Bytes.ToArray());
    }

    /// <summary>A session of random calls and notifications with full queues, replayed to a client of the same kind.</summary>
    [Theory]
    [InlineData(1, 8)]
    [InlineData(2, 1)]
    [InlineData(3, 3)]
    public async Task A_captured_session_is_replayed_to_a_client_without_a_difference(ulong seed, int depth)
    {
        var link = (await Read(Session(seed, depth))).Links[0];
        Assert.Contains(link.Packets, packet => packet.FilledQueue);
        var context = new SingleThreadContext();
        using var port = new ReplayPort(link, LinkEnd.Vm, new ReplayOptions { Context = context });
        var statuses = new List<RpcCallStatus>();
        var seen = new List<byte[]>();
        context.Run(async () =>
        {
            await using var client = new RpcClient(port) { Notification = notification => seen.Add(notification.Payload.ToArray()) };
            await Calls(client, seed, statuses);
        });
        Assert.Empty(port.Mismatches);
        Assert.True(port.Progress.IsFaithful, port.Progress.ToString());
        Assert.All(statuses, status => Assert.Equal(RpcCallStatus.Ok, status));
        Assert.Equal(Expected(seed), seen);
    }

    /// <summary>What a server keeps back when its queue is full is sent in an order that depends on moments; with room it does not.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_captured_session_is_replayed_to_a_server_without_a_difference(ulong seed)
    {
        var link = (await Read(Session(seed, 64))).Links[1];
        var context = new SingleThreadContext();
        using var port = new ReplayPort(link, LinkEnd.ResourceManager, new ReplayOptions { Context = context });
        context.Run(() =>
        {
            var server = Server(seed);
            server.AddLink(3, port);
        });
        Assert.Empty(port.Mismatches);
        Assert.True(port.Progress.IsFaithful, port.Progress.ToString());
    }

    [Fact]
    public async Task A_client_that_does_something_else_is_caught()
    {
        var link = (await Read(Session(1, 8))).Links[0];
        var context = new SingleThreadContext();
        using var port = new ReplayPort(link, LinkEnd.Vm, new ReplayOptions { Context = context, OnMismatch = MismatchPolicy.Refuse });
        context.Run(async () =>
        {
            await using var client = new RpcClient(port);
            using var result = await client.CallAsync(MessageId.VmStop, new byte[] { 1 });
            Assert.Equal((RpcCallStatus.SendFailed, Protocol.Hypercalls.GunyahError.Denied), (result.Status, result.SendError));
        });
        Assert.Contains("VM_STOP", Assert.Single(port.Mismatches).ToString());
    }

    private static async Task<RecordedLinks> Read(byte[] file)
    {
        await using var reader = new PcapngReader(new MemoryStream(file));
        return await RecordedLinks.ReadAsync(reader);
    }

    private static byte[] Session(ulong seed, int depth)
    {
        var file = new MemoryStream();
        var context = new SingleThreadContext();
        var (clientPort, serverPort) = LoopbackPort.CreatePair(new LoopbackQueueOptions { Depth = depth }, context, context);
        using (var log = new CaptureLog(file, new ManualTimeProvider()))
        {
            var (client, server) = (log.Attach(clientPort, 3, "HLOS"), log.Attach(serverPort, 3, "HLOS", LinkEnd.ResourceManager));
            context.Run(async () =>
            {
                using var rm = Server(seed);
                rm.AddLink(3, server);
                await using var vm = new RpcClient(client);
                await Calls(vm, seed, []);
            });
        }

        return file.ToArray();
    }

    private static async Task Calls(RpcClient client, ulong seed, List<RpcCallStatus> statuses)
    {
        var random = new SeededRandom(seed);
        for (var i = 0; i < 40; i++)
        {
            var payload = random.Bytes(random.Next(3000));
            using var result = await client.CallAsync(MessageId.VmGetState, payload);
            statuses.Add(result.Status);
            Assert.Equal(payload, result.Payload.ToArray());
        }
    }

    private static RpcServer Server(ulong seed)
    {
        var random = new SeededRandom(~seed);
        RpcServer? server = null;
        server = new RpcServer(new DelegateHandler((in request, responder) =>
        {
            for (var i = random.Next(3); i > 0; i--)
                server!.Notify(request.Vmid, MessageId.VmStatus, random.Bytes(random.Next(600)));
            responder.Reply(RmError.Ok, request.Payload);
        }));
        return server;
    }

    private static List<byte[]> Expected(ulong seed)
    {
        var random = new SeededRandom(~seed);
        var notifications = new List<byte[]>();
        for (var call = 0; call < 40; call++)
        {
            for (var i = random.Next(3); i > 0; i--)
                notifications.Add(random.Bytes(random.Next(600)));
        }

        return notifications;
    }
}
