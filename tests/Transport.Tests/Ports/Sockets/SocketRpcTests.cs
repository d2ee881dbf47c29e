using RmStack.Protocol;
using RmStack.Testing;
using RmStack.Transport.Ports.Sockets;
using RmStack.Transport.Rpc;
using RmStack.Transport.Tests.Rpc;

namespace RmStack.Transport.Tests.Ports.Sockets;

/// <summary>The RPC client and server over sockets.</summary>
public sealed class SocketRpcTests
{
    private static readonly MessageId s_id = MessageId.VmGetState;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Many_threads_share_a_client_and_every_answer_is_the_right_one(bool dedicated)
    {
        // No more in flight than the queue holds, so that the RM's rule of one pending reply drops nothing.
        var options = new SocketPortOptions { Depth = 64, DedicatedThread = dedicated };
        using var bench = new SocketBench(options);
        using var server = new RpcServer(DelegateHandler.Echo);
        var (clientPort, serverPort) = await bench.Pair();
        var link = server.AddLink(3, serverPort);
        await using var client = new RpcClient(clientPort);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            for (var i = 0; i < 300; i++)
            {
                var payload = Packets.Pattern(1 + (i % 900), worker);
                using var result = await client.CallAsync(s_id, payload);
                Assert.Equal(RpcCallStatus.Ok, result.Status);
                Assert.Equal(payload, result.Payload.ToArray());
            }
        }))).WaitAsync(SocketBench.Patience);
        Assert.Equal(0, client.OpenCalls);
        Assert.Equal(2400, link.Statistics.Requests);
        Assert.Equal(0, link.Statistics.RepliesDropped);
        Assert.Equal(clientPort.Statistics.PacketsSent, serverPort.Statistics.PacketsReceived);
    }

    [Fact]
    public async Task Messages_of_63_packets_pass_queues_of_one()
    {
        using var bench = new SocketBench(new SocketPortOptions { Depth = 1 });
        using var server = new RpcServer(DelegateHandler.Echo);
        var (clientPort, serverPort) = await bench.Pair();
        server.AddLink(3, serverPort);
        await using var client = new RpcClient(clientPort, new RpcClientOptions { MaxRequestContent = RpcLimits.MaxContent });
        for (var i = 0; i < 10; i++)
        {
            var payload = Packets.Pattern(RpcLimits.MaxReplyPayload, i);
            using var result = await client.CallAsync(s_id, payload).AsTask().WaitAsync(SocketBench.Patience);
            Assert.Equal(payload, result.Payload.ToArray());
        }
    }

    [Fact]
    public async Task Everything_can_happen_on_one_thread()
    {
        using var bench = new SocketBench();
        var loop = bench.Loop(spins: 3);
        var accept = bench.Listener.AcceptAsync(new SocketPortOptions { Loop = loop });
        var clientPort = bench.Own(SocketPort.Connect(bench.Listener.Path, new SocketPortOptions { Loop = loop }));
        var serverPort = bench.Own(await accept);
        await loop.RunAsync(async () =>
        {
            using var server = new RpcServer(new DelegateHandler((in request, responder) =>
            {
                Assert.True(loop.IsCurrent);
                responder.Reply(RmError.Ok, request.Payload);
            }));
            server.AddLink(3, serverPort);
            await using var client = new RpcClient(clientPort);
            for (var i = 0; i < 500; i++)
            {
                using var result = await client.CallAsync(s_id, Packets.Pattern(i));
                Assert.True(loop.IsCurrent);
                Assert.Equal(Packets.Pattern(i), result.Payload.ToArray());
            }
        }).WaitAsync(SocketBench.Patience);
    }

    [Fact]
    public async Task Two_hundred_clients_at_once_are_served_by_one_thread()
    {
        const int Clients = 200;
        const int Calls = 10;
        using var bench = new SocketBench();
        var serverLoop = bench.Loop();
        var clientLoop = bench.Loop();
        using var server = new RpcServer(DelegateHandler.Echo);
        var accepting = Task.Run(async () =>
        {
            for (ushort vmid = 1; vmid <= Clients; vmid++)
            {
                var port = bench.Own(await bench.Listener.AcceptAsync(new SocketPortOptions { Loop = serverLoop }));
                server.AddLink(vmid, port);
                var id = vmid;
                _ = port.Closed.ContinueWith(_ => server.RemoveLink(id), TaskScheduler.Default);
            }
        });
        var ready = 0;
        var everybody = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(number => Task.Run(async () =>
        {
            var port = bench.Own(SocketPort.Connect(bench.Listener.Path, new SocketPortOptions { Loop = clientLoop }));
            await using (var client = new RpcClient(port))
            {
                for (var i = 0; i < Calls; i++)
                {
                    using var result = await client.CallAsync(s_id, Packets.Pattern(100 + i, number));
                    Assert.Equal(Packets.Pattern(100 + i, number), result.Payload.ToArray());
                    if (i > 0)
                        continue;
                    // All of them are connected before anybody goes on.
                    if (Interlocked.Increment(ref ready) == Clients)
                        everybody.SetResult();
                    await everybody.Task;
                }
            }

            port.Dispose();
        }))).WaitAsync(SocketBench.Patience);
        await accepting;
        await SocketBench.Until(() => serverLoop.Ports == 0 && server.FindLink(Clients) is null);
        Assert.Equal(0, clientLoop.Ports);
    }

    [Fact]
    public async Task An_owner_ends_the_calls_of_a_link_whose_peer_is_gone()
    {
        using var bench = new SocketBench();
        var (clientPort, serverPort) = await bench.Pair();
        await using var client = new RpcClient(clientPort);
        var call = client.Open(s_id);
        _ = clientPort.Closed.ContinueWith(_ => client.DisposeAsync().AsTask(), TaskScheduler.Default);
        await SocketBench.Until(() => serverPort.Statistics.PacketsReceived == 1);
        serverPort.Dispose();
        using var result = await call.Wait().WaitAsync(SocketBench.Patience);
        Assert.Equal(RpcCallStatus.Closed, result.Status);
    }

    [Fact]
    public async Task A_call_on_a_link_whose_peer_is_gone_fails_to_be_sent()
    {
        using var bench = new SocketBench();
        var (clientPort, serverPort) = await bench.Pair();
        await using var client = new RpcClient(clientPort);
        serverPort.Dispose();
        await clientPort.Closed.WaitAsync(SocketBench.Patience);
        using var result = await client.CallAsync(s_id, default).AsTask().WaitAsync(SocketBench.Patience);
        Assert.Equal(RpcCallStatus.SendFailed, result.Status);
        Assert.Equal(Protocol.Hypercalls.GunyahError.CspaceCapRevoked, result.SendError);
    }

    [Fact]
    public async Task Calls_cancelled_from_other_threads_end_once_and_never_take_anothers_reply()
    {
        using var bench = new SocketBench();
        using var server = new RpcServer(DelegateHandler.Echo);
        var (clientPort, serverPort) = await bench.Pair();
        server.AddLink(3, serverPort);
        await using var client = new RpcClient(clientPort, CancelledCalls.Options);
        await CancelledCalls.RunAsync(client, 100).WaitAsync(SocketBench.Patience);
        Assert.Equal(0, client.OpenCalls);
    }
}
