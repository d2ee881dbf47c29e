using RmStack.Transport.Ports.Sockets;

namespace RmStack.Transport.Tests.Ports.Sockets;

/// <summary>The thread behind ports, as a synchronization context.</summary>
public sealed class SocketLoopTests
{
    [Fact]
    public async Task What_is_awaited_on_a_loop_stays_on_it()
    {
        using var loop = new SocketLoop();
        await loop.RunAsync(async () =>
        {
            for (var i = 0; i < 100; i++)
            {
                Assert.True(loop.IsCurrent);
                await Task.Yield();
                await Task.Run(() => Assert.False(loop.IsCurrent));
            }
        }).WaitAsync(SocketBench.Patience);
    }

    [Fact]
    public async Task Posts_from_many_threads_run_one_at_a_time_and_in_order()
    {
        using var loop = new SocketLoop();
        var last = new int[4];
        var inside = 0;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(() =>
        {
            for (var i = 1; i <= 2000; i++)
            {
                var number = i;
                loop.Post(
                    _ =>
                    {
                        Assert.Equal(1, ++inside);
                        Assert.Equal(number - 1, last[thread]);
                        last[thread] = number;
                        inside--;
                    },
                    null);
            }
        })));
        loop.Send(_ => Assert.Equal([2000, 2000, 2000, 2000], last), null);
    }

    [Fact]
    public async Task Exceptions_of_a_body_are_the_callers()
    {
        using var loop = new SocketLoop();
        await Assert.ThrowsAsync<TimeoutException>(() => loop.RunAsync(() => throw new TimeoutException()));
        Assert.Throws<TimeoutException>(() => loop.Send(_ => throw new TimeoutException(), null));
        await loop.RunAsync(() =>
        {
            loop.Send(_ => Assert.True(loop.IsCurrent), null);
            return Task.CompletedTask;
        });
    }

    [Fact]
    public async Task A_handlers_mistake_is_reported_and_the_loop_goes_on()
    {
        using var bench = new SocketBench(new SocketPortOptions { DedicatedThread = true });
        var (client, server) = await bench.Pair();
        var mistakes = new List<Exception>();
        server.Loop.CallbackFailed = mistakes.Add;
        var edges = new Edges();
        server.NotEmpty = () =>
        {
            server.Take();
            edges.Raise();
            throw new TimeoutException();
        };
        server.Loop.Post(_ => throw new InvalidTimeZoneException(), null);
        for (var i = 0; i < 3; i++)
        {
            client.Send(1);
            await edges.Next();
        }

        await server.Loop.RunAsync(() => Task.CompletedTask);
        Assert.Equal(
            [typeof(InvalidTimeZoneException), typeof(TimeoutException), typeof(TimeoutException), typeof(TimeoutException)],
            mistakes.Select(mistake => mistake.GetType()).Order(Comparer<Type>.Create((a, b) => string.CompareOrdinal(a.Name, b.Name))));
    }

    [Fact]
    public async Task A_loop_that_ends_closes_its_ports_and_what_is_posted_later_still_runs()
    {
        using var bench = new SocketBench();
        var loop = bench.Loop();
        var (client, server) = await bench.Pair(new SocketPortOptions { Loop = loop });
        Assert.Equal(1, loop.Ports);
        loop.Dispose();
        loop.Dispose();
        Assert.Equal(SocketPortEndReason.LoopEnded, (await client.Closed.WaitAsync(SocketBench.Patience)).Reason);
        Assert.Equal(SocketPortEndReason.PeerClosed, (await server.Closed.WaitAsync(SocketBench.Patience)).Reason);
        await loop.Ended.WaitAsync(SocketBench.Patience);
        Assert.Equal(0, loop.Ports);
        await loop.RunAsync(async () =>
        {
            Assert.False(loop.IsCurrent);
            await Task.Yield();
        }).WaitAsync(SocketBench.Patience);
        Assert.Throws<ObjectDisposedException>(() => SocketPort.Connect(bench.Listener.Path, new SocketPortOptions { Loop = loop }));
    }

    [Fact]
    public async Task A_loop_that_is_ended_by_its_own_callback_finishes_what_was_posted()
    {
        var loop = new SocketLoop();
        var done = new TaskCompletionSource();
        loop.Post(
            _ =>
            {
                loop.Dispose();
                loop.Post(_ => loop.Post(_ => done.SetResult(), null), null);
            },
            null);
        await done.Task.WaitAsync(SocketBench.Patience);
        await loop.Ended.WaitAsync(SocketBench.Patience);
    }

    [Fact]
    public void The_shared_loop_cannot_be_ended() => Assert.Throws<InvalidOperationException>(SocketLoop.Shared.Dispose);
}
