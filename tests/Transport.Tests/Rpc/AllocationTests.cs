using RmStack.Protocol;
using RmStack.Testing;
using RmStack.Transport.Ports;
using RmStack.Transport.Rpc;

namespace RmStack.Transport.Tests.Rpc;

/// <summary>The pools are shared by the process, so nothing else may draw on them while allocations are counted.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}

[Collection(AloneCollection.Name)]
public sealed class AllocationTests
{
    private const int Rounds = 20;
    private static readonly MessageId s_id = MessageId.VmGetState;

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(3000)]
    public void A_call_and_its_reply_allocate_nothing_once_the_pools_are_warm(int size)
    {
        const int Calls = 200;
        var context = new SingleThreadContext();
        var (clientPort, serverPort) = LoopbackPort.CreatePair(null, context, context);
        RpcClient? client = null;
        context.Run(() =>
        {
            var server = new RpcServer(DelegateHandler.Echo);
            server.AddLink(3, serverPort);
            client = new RpcClient(clientPort);
        });
        var payload = Packets.Pattern(size);
        for (var i = 0; i < Calls; i++)
            Call(client!, context, payload);

        // A pool with a cache per core allocates once more when the thread moves to another core; what a call allocates
        // shows in every round.
        var least = long.MaxValue;
        for (var round = 0; round < Rounds && least > 0; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < Calls; i++)
                Call(client!, context, payload);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    [Fact]
    public void Awaiting_calls_one_after_the_other_allocates_nothing()
    {
        var pairContext = new SingleThreadContext();
        var (clientPort, serverPort) = LoopbackPort.CreatePair(null, pairContext, pairContext);
        var least = long.MaxValue;
        pairContext.Run(async () =>
        {
            using var server = new RpcServer(DelegateHandler.Echo);
            server.AddLink(3, serverPort);
            await using var client = new RpcClient(clientPort);
            var payload = Packets.Pattern(500);
            for (var round = 0; round < Rounds && least > 0; round++)
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                for (var i = 0; i < 200; i++)
                {
                    using var result = await client.CallAsync(s_id, payload);
                }

                least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            }
        });
        Assert.Equal(0, least);
    }

    [Fact]
    public void Notifications_allocate_nothing_even_when_they_wait_for_room()
    {
        var context = new SingleThreadContext();
        var (clientPort, serverPort) = LoopbackPort.CreatePair(null, context, context);
        RpcServer? server = null;
        var seen = 0;
        context.Run(() =>
        {
            server = new RpcServer(DelegateHandler.Echo);
            server.AddLink(3, serverPort);
            var client = new RpcClient(clientPort) { Notification = _ => seen++ };
        });
        var payload = Packets.Pattern(300);
        for (var i = 0; i < 20; i++)
            Burst();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 20; i++)
            Burst();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(40 * 50, seen);
        return;

        void Burst()
        {
            for (var i = 0; i < 50; i++)
                server!.Notify(3, MessageId.VmStatus, payload);
            context.RunUntilIdle();
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    [InlineData(3000)]
    public void Reading_notifications_allocates_nothing_if_they_are_given_back(int size)
    {
        const int Burst = 20;
        var context = new SingleThreadContext();
        var (clientPort, serverPort) = LoopbackPort.CreatePair(null, context, context);
        var payload = Packets.Pattern(size);
        var least = long.MaxValue;
        var (seen, bytes) = (0, 0);
        context.Run(async () =>
        {
            using var server = new RpcServer(DelegateHandler.Echo);
            server.AddLink(3, serverPort);
            await using var client = new RpcClient(clientPort);
            var before = 0L;
            Notify(server);
            await foreach (var message in client.Notifications())
            {
                using (message)
                    bytes += message.Payload.Length;
                if (++seen % Burst != 0)
                    continue;
                least = Math.Min(least, seen > 5 * Burst ? GC.GetAllocatedBytesForCurrentThread() - before : long.MaxValue);
                if (least == 0 || seen == 50 * Burst)
                    return;
                before = GC.GetAllocatedBytesForCurrentThread();
                Notify(server);
            }
        });
        Assert.Equal(0, least);
        Assert.Equal(size * seen, bytes);
        return;

        void Notify(RpcServer server)
        {
            for (var i = 0; i < Burst; i++)
                server.Notify(3, MessageId.VmStatus, payload);
        }
    }

    [Fact]
    public void A_notification_that_was_given_back_cannot_be_read()
    {
        var pair = new RpcPair(UnimplementedHandler.Instance);
        pair.Run(async () =>
        {
            var reader = pair.Client.Notifications().GetAsyncEnumerator();
            var next = reader.MoveNextAsync();
            pair.Server.Notify(RpcPair.Vmid, MessageId.VmStatus, [1, 2]);
            Assert.True(await next);
            var message = reader.Current;
            message.Dispose();
            message.Dispose();
            Assert.Throws<ObjectDisposedException>(() => message.Payload);
            await reader.DisposeAsync();
        });
    }

    private static void Call(RpcClient client, SingleThreadContext context, ReadOnlyMemory<byte> payload)
    {
#pragma warning disable CA2012 // Looked at step by step on purpose: an async method would allocate.
        var awaiter = client.CallAsync(s_id, payload).GetAwaiter();
#pragma warning restore CA2012
        context.RunUntilIdle();
        if (!awaiter.IsCompleted)
            throw new InvalidOperationException("no reply");
        awaiter.GetResult().Dispose();
    }
}
