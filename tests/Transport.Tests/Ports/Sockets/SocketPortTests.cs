using System.Net.Sockets;
using RmStack.Protocol.Hypercalls;
using RmStack.Transport.Ports.Sockets;

namespace RmStack.Transport.Tests.Ports.Sockets;

/// <summary>The hypercalls' meaning over a socket.</summary>
public sealed class SocketPortTests
{
    [Fact]
    public async Task A_datagram_is_a_packet_in_either_direction()
    {
        using var bench = new SocketBench();
        var (raw, port) = await bench.RawPair();
        var edges = new Edges();
        port.NotEmpty = edges.Raise;
        raw.Send([1, 2, 3]);
        await edges.Next();
        Assert.Equal([1, 2, 3], port.Take());
        Assert.Equal(new MsgQueueSendResult(GunyahError.Ok, NotFull: true), port.Send(4, 5));
        Assert.Equal(new MsgQueueSendResult(GunyahError.Ok, NotFull: true), port.Send(6));
        var buffer = new byte[240];
        Assert.Equal(2, raw.Receive(buffer));
        Assert.Equal(4, buffer[0]);
        Assert.Equal(1, raw.Receive(buffer));
        Assert.Equal(GunyahError.MsgQueueEmpty, port.ReceiveError());
        var statistics = port.Statistics;
        Assert.Equal((2, 3, 1, 3, 0), (statistics.PacketsSent, statistics.BytesSent, statistics.PacketsReceived, statistics.BytesReceived, statistics.Dropped));
    }

    [Theory]
    [InlineData(240, 240, GunyahError.Ok)]
    [InlineData(240, 241, GunyahError.ArgumentSize)]
    [InlineData(240, 0, GunyahError.ArgumentSize)]
    [InlineData(1, 1, GunyahError.Ok)]
    [InlineData(1, 2, GunyahError.ArgumentSize)]
    [InlineData(1023, 1023, GunyahError.Ok)]
    [InlineData(1023, 1024, GunyahError.ArgumentSize)]
    public async Task Only_sizes_that_a_queue_carries_are_sent(int largest, int size, GunyahError expected)
    {
        using var bench = new SocketBench(new SocketPortOptions { MaxMessageSize = largest });
        var (raw, port) = await bench.RawPair();
        Assert.Equal(expected, port.Send(new byte[size]).Error);
        Assert.Equal(expected == GunyahError.Ok ? size : 0, raw.Available);
        Assert.Equal(expected == GunyahError.Ok ? 0 : 1, port.Statistics.SendErrors);
    }

    [Fact]
    public async Task A_packet_larger_than_the_buffer_stays()
    {
        using var bench = new SocketBench();
        var (client, server) = await bench.Pair();
        var edges = new Edges();
        server.NotEmpty = edges.Raise;
        client.Send(1, 2, 3);
        await edges.Next();
        Assert.Equal(new MsgQueueReceiveResult(GunyahError.AddrOverflow, 0, NotEmpty: false), server.Receive(new byte[2]));
        Assert.Equal([1, 2, 3], server.Take());
    }

    [Fact]
    public async Task The_receiver_is_interrupted_only_when_a_packet_comes_into_an_empty_queue()
    {
        using var bench = new SocketBench();
        var (client, server) = await bench.Pair();
        var edges = new Edges();
        server.NotEmpty = edges.Raise;
        for (byte i = 1; i <= 3; i++)
            client.Send(i);
        await SocketBench.Until(() => server.Statistics.PacketsReceived == 3);
        await edges.Next();
        Assert.True(server.Receive(new byte[240]).NotEmpty);
        client.Send(4);
        await SocketBench.Until(() => server.Statistics.PacketsReceived == 4);
        Assert.Equal(1, edges.Count);
        for (byte i = 2; i <= 4; i++)
            Assert.Equal([i], server.Take());
        client.Send(5);
        await edges.Next();
        Assert.Equal(new MsgQueueReceiveResult(GunyahError.Ok, 1, NotEmpty: false), server.Receive(new byte[240]));
        Assert.Equal(2, edges.Count);
    }

    [Fact]
    public async Task An_edge_that_comes_without_a_handler_is_kept_for_it_and_edges_merge()
    {
        using var bench = new SocketBench();
        var (client, server) = await bench.Pair();
        for (byte i = 1; i <= 2; i++)
        {
            client.Send(i);
            await SocketBench.Until(() => server.Statistics.PacketsReceived == i);
            server.Take();
        }

        client.Send(3);
        await SocketBench.Until(() => server.Statistics.PacketsReceived == 3);
        var edges = new Edges();
        server.NotEmpty = edges.Raise;
        await edges.Next();
        // Behind everything that is posted.
        await server.Loop.RunAsync(() => Task.CompletedTask);
        Assert.Equal(1, edges.Count);
    }

    [Fact]
    public async Task Interrupts_come_on_the_loop_and_never_inside_a_call()
    {
        using var bench = new SocketBench();
        var (client, server) = await bench.Pair();
        var elsewhere = 0;
        var edges = new Edges();
        server.NotEmpty = () =>
        {
            if (!server.Loop.IsCurrent)
                elsewhere++;
            Assert.Same(server.Loop, SynchronizationContext.Current);
            server.Take();
            edges.Raise();
        };
        for (var i = 0; i < 100; i++)
        {
            client.Send(1);
            await edges.Next();
        }

        Assert.Equal(0, elsewhere);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(64)]
    public async Task A_full_queue_refuses_and_tells_when_there_is_room(int depth)
    {
        using var bench = new SocketBench(new SocketPortOptions { Depth = depth });
        var (raw, port) = await bench.RawPair();
        var edges = new Edges();
        port.NotFull = edges.Raise;
        var packet = new byte[240];
        for (var round = 0; round < 5; round++)
        {
            var sent = 0;
            while (true)
            {
                packet[0] = (byte)sent;
                var result = port.Send(packet);
                if (result.Error != GunyahError.Ok)
                {
                    Assert.Equal(new MsgQueueSendResult(GunyahError.MsgQueueFull, NotFull: false), result);
                    break;
                }

                sent++;
            }

            Assert.InRange(sent, 1, (2 * depth) + 8);
            Assert.Equal(round, edges.Count);
            var buffer = new byte[240];
            for (var i = 0; i < sent; i++)
            {
                Assert.Equal(240, raw.Receive(buffer));
                Assert.Equal((byte)i, buffer[0]);
            }

            // What was refused was not queued.
            Assert.Equal(0, raw.Available);
            await edges.Next();
        }

        Assert.Equal(5, port.Statistics.SendsFull);
    }

    [Fact]
    public async Task A_port_that_nobody_receives_from_reads_no_more_than_it_holds()
    {
        using var bench = new SocketBench(new SocketPortOptions { Depth = 3 });
        var (raw, port) = await bench.RawPair();
        var sent = SocketBench.Fill(raw, new byte[100]);
        await SocketBench.Until(() => port.Statistics.PacketsReceived == 3);
        sent += SocketBench.Fill(raw, new byte[100]);
        Assert.Equal(3, port.Statistics.PacketsReceived);
        // Room reaches the peer packet by packet, and nothing is lost on the way.
        var edges = new Edges();
        var taken = 0;
        var done = new TaskCompletionSource();
        var all = sent + 100;
        port.NotEmpty = () =>
        {
            while (port.Receive(new byte[240]).Error == GunyahError.Ok)
            {
                if (Interlocked.Increment(ref taken) == all)
                    done.SetResult();
            }
        };
        raw.Blocking = true;
        for (var i = 0; i < 100; i++)
            raw.Send(new byte[100]);
        await done.Task.WaitAsync(SocketBench.Patience);
        Assert.Equal(all, port.Statistics.PacketsReceived);
    }

    [Fact]
    public async Task Packets_keep_their_order_through_full_queues_in_both_directions()
    {
        using var bench = new SocketBench(new SocketPortOptions { Depth = 4 });
        var (client, server) = await bench.Pair(new SocketPortOptions { Depth = 2, DedicatedThread = true });
        await Task.WhenAll(Stream(client, server), Stream(server, client)).WaitAsync(SocketBench.Patience);
        return;

        static Task Stream(SocketPort from, SocketPort to)
        {
            const int Count = 5000;
            var next = 0;
            var expected = 0;
            var gate = new Lock();
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            to.NotEmpty = () =>
            {
                var buffer = new byte[240];
                while (to.Receive(buffer).Error == GunyahError.Ok)
                {
                    Assert.Equal(expected, BitConverter.ToInt32(buffer));
                    if (++expected == Count)
                        done.SetResult();
                }
            };
            from.NotFull = Send;
            Send();
            return done.Task;

            void Send()
            {
                lock (gate)
                {
                    while (next < Count && from.Send(BitConverter.GetBytes(next)).Error == GunyahError.Ok)
                        next++;
                }
            }
        }
    }

    [Fact]
    public async Task What_a_peer_sent_before_it_closed_is_received_before_the_end_is()
    {
        using var bench = new SocketBench();
        var (raw, port) = await bench.RawPair();
        raw.Send([1]);
        raw.Send([2]);
        raw.Dispose();
        var end = await port.Closed.WaitAsync(SocketBench.Patience);
        Assert.Equal(SocketPortEndReason.PeerClosed, end.Reason);
        Assert.Equal([1], port.Take());
        Assert.Equal([2], port.Take());
        Assert.Equal(GunyahError.CspaceCapRevoked, port.ReceiveError());
        Assert.Equal(GunyahError.CspaceCapRevoked, port.Send(3).Error);
        Assert.Equal("the peer closed", end.ToString());
    }

    [Fact]
    public async Task A_peer_that_closes_without_reading_has_reset_the_link_and_what_it_sent_is_there()
    {
        using var bench = new SocketBench();
        var (raw, port) = await bench.RawPair();
        port.Send(9);
        raw.Send([1]);
        raw.Dispose();
        Assert.Equal(SocketPortEndReason.PeerReset, (await port.Closed.WaitAsync(SocketBench.Patience)).Reason);
        Assert.Equal([1], port.Take());
    }

    [Fact]
    public async Task Both_interrupts_tell_that_the_peer_is_gone()
    {
        using var bench = new SocketBench();
        var (raw, port) = await bench.RawPair();
        var (full, empty) = (new Edges(), new Edges());
        port.NotFull = full.Raise;
        port.NotEmpty = empty.Raise;
        raw.Dispose();
        await full.Next();
        await empty.Next();
        Assert.Equal(GunyahError.CspaceCapRevoked, port.Send(1).Error);
    }

    [Fact]
    public async Task A_sender_that_waits_for_room_learns_that_the_peer_is_gone_although_it_does_not_receive()
    {
        using var bench = new SocketBench(new SocketPortOptions { Depth = 2 });
        var (raw, port) = await bench.RawPair();
        SocketBench.Fill(raw, [1]);
        while (port.Send(new byte[240]).Error == GunyahError.Ok)
        {
            // Until it is full.
        }

        var full = new Edges();
        port.NotFull = full.Raise;
        raw.Dispose();
        await full.Next();
        Assert.Equal(GunyahError.CspaceCapRevoked, port.Send(1).Error);
    }

    [Fact]
    public async Task A_peer_that_closes_only_its_sending_half_is_gone()
    {
        using var bench = new SocketBench();
        var (raw, port) = await bench.RawPair();
        raw.Shutdown(SocketShutdown.Send);
        Assert.Equal(SocketPortEndReason.PeerClosed, (await port.Closed.WaitAsync(SocketBench.Patience)).Reason);
    }

    [Fact]
    public async Task Disposing_is_final_for_this_end_and_told_to_the_other()
    {
        using var bench = new SocketBench();
        var (client, server) = await bench.Pair();
        server.Send(1);
        await SocketBench.Until(() => client.Statistics.PacketsReceived == 1);
        client.Dispose();
        client.Dispose();
        Assert.Equal(SocketPortEndReason.Disposed, (await client.Closed).Reason);
        Assert.Equal(GunyahError.CspaceCapNull, client.Send(1).Error);
        Assert.Equal(GunyahError.CspaceCapNull, client.ReceiveError());
        Assert.Equal(SocketPortEndReason.PeerClosed, (await server.Closed.WaitAsync(SocketBench.Patience)).Reason);
    }

    [Fact]
    public async Task A_peer_that_shuts_down_under_a_sender_ends_no_process()
    {
        using var bench = new SocketBench();
        for (var round = 0; round < 20; round++)
        {
            var (raw, port) = await bench.RawPair();
            raw.Dispose();
            // The first of these find a broken pipe, the later ones a closed port.
            for (var i = 0; i < 100; i++)
                Assert.Equal(GunyahError.CspaceCapRevoked, port.Send(1).Error);
            await port.Closed.WaitAsync(SocketBench.Patience);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Disposing_races_with_everything(bool dedicated)
    {
        var options = new SocketPortOptions { Depth = 4, DedicatedThread = dedicated, Spins = 2 };
        using var bench = new SocketBench(options);
        for (var round = 0; round < 40; round++)
        {
            var (client, server) = await bench.Pair();
            client.NotEmpty = () => client.Receive(new byte[240]);
            server.NotEmpty = () => server.Receive(new byte[240]);
            var workers = new[] { client, server, client, server }.Select(port => SocketBench.OnThread(() =>
            {
                while (port.Send(1, 2).Error is GunyahError.Ok or GunyahError.MsgQueueFull)
                    port.Receive(new byte[240]);
            })).ToArray();
            var first = round % 2 == 0 ? client : server;
            await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => SocketBench.OnThread(first.Dispose)));
            await Task.WhenAll(workers).WaitAsync(SocketBench.Patience);
            await Task.WhenAll(client.Closed, server.Closed).WaitAsync(SocketBench.Patience);
            client.Dispose();
            server.Dispose();
            if (dedicated)
                await Task.WhenAll(client.Loop.Ended, server.Loop.Ended).WaitAsync(SocketBench.Patience);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(256)]
    public void Depths_that_no_queue_has_are_refused(int depth) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SocketPortOptions { Depth = depth });

    [Theory]
    [InlineData(0)]
    [InlineData(1024)]
    public void Packet_sizes_that_no_queue_has_are_refused(int size) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SocketPortOptions { MaxMessageSize = size });

    [Theory]
    [InlineData(SocketPortEndReason.Failed, "the socket failed: Bad file descriptor")]
    [InlineData(SocketPortEndReason.LoopEnded, "its loop ended")]
    [InlineData(SocketPortEndReason.Disposed, "closed by its owner")]
    [InlineData(SocketPortEndReason.PeerReset, "the peer closed without reading everything")]
    public void Ends_have_words(SocketPortEndReason reason, string text) => Assert.Equal(text, new SocketPortEnd(reason, 9).ToString());
}
