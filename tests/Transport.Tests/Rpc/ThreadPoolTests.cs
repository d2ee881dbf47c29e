using RmStack.Protocol;
using RmStack.Testing;
using RmStack.Transport.Ports;
using RmStack.Transport.Rpc;

namespace RmStack.Transport.Tests.Rpc;

/// <summary>Many threads, no context. Bounded by iterations, never by time.</summary>
public sealed class ThreadPoolTests
{
    private static readonly MessageId s_id = MessageId.VmGetState;

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public async Task One_call_at_a_time_per_link_loses_nothing(int depth)
    {
        await OffContext(async () =>
        {
            using var server = new RpcServer(DelegateHandler.Echo);
            await Task.WhenAll(Enumerable.Range(1, 4).Select(vmid => Work(server, (ushort)vmid, depth)));
        });
        return;

        static async Task Work(RpcServer server, ushort vmid, int depth)
        {
            var (clientPort, serverPort) = LoopbackPort.CreatePair(new LoopbackQueueOptions { Depth = depth });
            server.AddLink(vmid, serverPort);
            await using var client = new RpcClient(clientPort);
            for (var i = 0; i < 300; i++)
            {
                var payload = Packets.Pattern((i * 37) % 3000, i);
                using var result = await client.CallAsync(s_id, payload);
                Assert.Equal(RpcCallStatus.Ok, result.Status);
                Assert.Equal(payload, result.Payload.ToArray());
            }
        }
    }

    [Fact]
    public async Task Many_threads_share_a_client_and_every_answer_is_the_right_one()
    {
        await OffContext(async () =>
        {
            using var server = new RpcServer(new DelegateHandler((in request, responder) =>
            {
                responder.Reply(RmError.Ok, request.Payload);
            }));
            var (clientPort, serverPort) = LoopbackPort.CreatePair(new LoopbackQueueOptions { Depth = 64 });
            server.AddLink(3, serverPort);
            await using var client = new RpcClient(clientPort);
            var notified = 0;
            client.Notification += _ => Interlocked.Increment(ref notified);
            // No more in flight than the queue holds, so that the RM's rule of one pending reply drops nothing.
            await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
            {
                for (var i = 0; i < 500; i++)
                {
                    var payload = Packets.Pattern(1 + (i % 900), worker);
                    using var result = await client.CallAsync(s_id, payload);
                    Assert.Equal(payload, result.Payload.ToArray());
                    if (i % 50 == 0)
                        server.Notify(3, MessageId.VmStatus, [1]);
                }
            })));
            // Notifications of before this call are before its reply.
            await client.CallAsync(s_id, default);
            Assert.Equal(80, notified);
            Assert.Equal(0, client.OpenCalls);
        });
    }

    [Fact]
    public async Task Calls_cancelled_from_other_threads_end_once_and_never_take_anothers_reply()
    {
        await OffContext(async () =>
        {
            using var server = new RpcServer(DelegateHandler.Echo);
            var (clientPort, serverPort) = LoopbackPort.CreatePair();
            server.AddLink(3, serverPort);
            await using var client = new RpcClient(clientPort, CancelledCalls.Options);
            await CancelledCalls.RunAsync(client, 300);
            Assert.Equal(0, client.OpenCalls);
        });
    }

    [Fact]
    public async Task Closing_while_others_call_ends_every_call()
    {
        await OffContext(async () =>
        {
            for (var round = 0; round < 30; round++)
            {
                using var server = new RpcServer(DelegateHandler.Echo);
                var (clientPort, serverPort) = LoopbackPort.CreatePair();
                server.AddLink(3, serverPort);
                var client = new RpcClient(clientPort);
                var workers = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
                {
                    RpcCallStatus status;
                    do
                    {
                        using var result = await client.CallAsync(s_id, new byte[500]);
                        status = result.Status;
                    }
                    while (status == RpcCallStatus.Ok);
                    return status;
                })).ToArray();
                await client.CallAsync(s_id, default);
                await client.DisposeAsync();
                Assert.All(await Task.WhenAll(workers), status => Assert.Equal(RpcCallStatus.Closed, status));
            }
        });
    }

    [Fact]
    public async Task A_caller_that_polls_instead_of_awaiting_gets_its_own_results()
    {
        await OffContext(async () =>
        {
            using var server = new RpcServer(DelegateHandler.Echo);
            var (clientPort, serverPort) = LoopbackPort.CreatePair();
            server.AddLink(3, serverPort);
            await using var client = new RpcClient(clientPort);
            for (var i = 0; i < 1000; i++)
            {
                var payload = Packets.Pattern(1 + (i % 50), i);
                var call = client.Open(s_id, payload);
                // Every second call is awaited, so that a mark left behind by polling would be seen.
                for (var turn = 0; i % 2 == 0 && turn < 1_000_000 && !call.HasEnded; turn++)
                    Thread.Yield();
                using var result = await call.Wait();
                Assert.Equal(payload, result.Payload.ToArray());
            }
        });
    }

    private static Task OffContext(Func<Task> body) => Task.Run(body);
}
