using RmStack.Protocol;
using RmStack.Protocol.Hypercalls;
using RmStack.Testing;
using RmStack.Transport.Ports.Sockets;
using RmStack.Transport.Rpc;
using RmStack.Transport.Tests.Rpc;

namespace RmStack.Transport.Tests.Ports.Sockets;

/// <summary>What a port costs: nothing else may run meanwhile.</summary>
[Collection(AloneCollection.Name)]
public sealed class SocketCostTests
{
    private const int Rounds = 20;

    [Fact]
    public async Task A_packet_allocates_nothing()
    {
        using var bench = new SocketBench();
        var loop = bench.Loop();
        var accept = bench.Listener.AcceptAsync(new SocketPortOptions { Loop = loop });
        var client = bench.Own(SocketPort.Connect(bench.Listener.Path, new SocketPortOptions { Loop = loop }));
        var server = bench.Own(await accept);
        var buffer = new byte[240];
        var left = 0;
        TaskCompletionSource? done = null;
        server.NotEmpty = () =>
        {
            while (server.Receive(buffer).Error == GunyahError.Ok)
                server.Send(buffer.AsMemory(0, 100), MsgQueueFlags.Push);
        };
        client.NotEmpty = () =>
        {
            while (client.Receive(buffer).Error == GunyahError.Ok)
            {
                if (--left == 0)
                    done!.SetResult();
                else
                    client.Send(buffer.AsMemory(0, 100), MsgQueueFlags.Push);
            }
        };
        // The ports raise interrupts, read and send on one thread, so that its count is everything.
        Assert.Equal(0, await Least(loop, async () =>
        {
            const int Packets = 1000;
            done = new TaskCompletionSource();
            left = Packets;
            // The body itself is put on the heap when it first waits.
            await Task.Yield();
            var before = GC.GetAllocatedBytesForCurrentThread();
            client.Send(buffer.AsMemory(0, 100), MsgQueueFlags.Push);
            while (!done.Task.IsCompleted)
                await Task.Yield();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }));
    }

    [Fact]
    public async Task Full_queues_and_room_allocate_nothing()
    {
        using var bench = new SocketBench(new SocketPortOptions { Depth = 2 });
        var loop = bench.Loop();
        var accept = bench.Listener.AcceptAsync(new SocketPortOptions { Loop = loop, Depth = 2 });
        var client = bench.Own(SocketPort.Connect(bench.Listener.Path, new SocketPortOptions { Loop = loop, Depth = 2 }));
        var server = bench.Own(await accept);
        var buffer = new byte[240];
        var (toSend, toTake) = (0, 0);
        TaskCompletionSource? done = null;
        client.NotFull = SendMore;
        server.NotEmpty = () =>
        {
            while (server.Receive(buffer).Error == GunyahError.Ok)
            {
                if (--toTake == 0)
                    done!.SetResult();
            }
        };
        Assert.Equal(0, await Least(loop, async () =>
        {
            done = new TaskCompletionSource();
            (toSend, toTake) = (500, 500);
            await Task.Yield();
            var before = GC.GetAllocatedBytesForCurrentThread();
            SendMore();
            while (!done.Task.IsCompleted)
                await Task.Yield();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }));
        Assert.True(client.Statistics.SendsFull > 10);
        return;

        void SendMore()
        {
            while (toSend > 0 && client.Send(buffer, MsgQueueFlags.Push).Error == GunyahError.Ok)
                toSend--;
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3000)]
    public async Task A_call_over_sockets_allocates_nothing(int size)
    {
        using var bench = new SocketBench();
        var loop = bench.Loop();
        var accept = bench.Listener.AcceptAsync(new SocketPortOptions { Loop = loop });
        var clientPort = bench.Own(SocketPort.Connect(bench.Listener.Path, new SocketPortOptions { Loop = loop }));
        var serverPort = bench.Own(await accept);
        var payload = Packets.Pattern(size);
        RpcClient? client = null;
        await loop.RunAsync(() =>
        {
            var server = new RpcServer(DelegateHandler.Echo);
            server.AddLink(3, serverPort);
            client = new RpcClient(clientPort);
            return Task.CompletedTask;
        });
        Assert.Equal(0, await Least(loop, async () =>
        {
            await Task.Yield();
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 200; i++)
            {
                using var result = await client!.CallAsync(MessageId.VmGetState, payload);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }));
    }

    [Fact]
    public async Task Ports_that_are_gone_leave_no_descriptor_and_no_thread()
    {
        var before = Descriptors();
        var loops = new List<SocketLoop>();
        using (var bench = new SocketBench(new SocketPortOptions { DedicatedThread = true }))
        {
            for (var i = 0; i < 50; i++)
            {
                var (client, server) = await bench.Pair(new SocketPortOptions { DedicatedThread = i % 2 == 0 });
                client.Send(1);
                (i % 3 == 0 ? client : server).Dispose();
                await Task.WhenAll(client.Closed, server.Closed).WaitAsync(SocketBench.Patience);
                loops.AddRange(new[] { client.Loop, server.Loop }.Where(loop => loop != SocketLoop.Shared));
            }
        }

        await Task.WhenAll(loops.Select(loop => loop.Ended)).WaitAsync(SocketBench.Patience);
        // The shared loop and the framework's own engine keep theirs.
        await SocketBench.Until(() => Descriptors() <= before + 8);
        return;

        static int Descriptors() => Directory.GetFileSystemEntries("/proc/self/fd").Length;
    }

    /// <summary>The least that a round allocates: pools fill up in the first ones.</summary>
    private static async Task<long> Least(SocketLoop loop, Func<Task<long>> round)
    {
        var least = long.MaxValue;
        await loop.RunAsync(async () =>
        {
            for (var i = 0; i < Rounds && least > 0; i++)
                least = Math.Min(least, await round());
        }).WaitAsync(SocketBench.Patience);
        return least;
    }
}
