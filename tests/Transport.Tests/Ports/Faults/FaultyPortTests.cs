using System.Buffers.Binary;
using System.Numerics;
using RmStack.Protocol;
using RmStack.Protocol.Hypercalls;
using RmStack.Testing;
using RmStack.Transport.Ports;
using RmStack.Transport.Ports.Faults;
using RmStack.Transport.Rpc;
using RmStack.Transport.Tests.Ports.Sockets;

namespace RmStack.Transport.Tests.Ports.Faults;

/// <summary>Each fault by itself, on a loopback link whose other end is bare.</summary>
public sealed class FaultyPortTests
{
    private const int Many = 2000;
    private readonly SingleThreadContext _context = new();
    private readonly ManualTimeProvider _clock = new();

    [Fact]
    public void Without_faults_nothing_changes()
    {
        var (port, peer) = Link(new FaultOptions(), depth: 2);
        var (full, empty) = (0, 0);
        port.NotFull = () => full++;
        port.NotEmpty = () => empty++;
        Assert.Equal(new MsgQueueSendResult(GunyahError.Ok, NotFull: true), port.Send(1));
        Assert.Equal(new MsgQueueSendResult(GunyahError.Ok, NotFull: false), port.Send(2));
        Assert.Equal(new MsgQueueSendResult(GunyahError.MsgQueueFull, NotFull: false), port.Send(3));
        Assert.Equal([1], peer.Take());
        _context.RunUntilIdle();
        Assert.Equal((1, 0), (full, empty));
        Assert.Equal(new MsgQueueSendResult(GunyahError.ArgumentSize, NotFull: false), port.Send());
        Assert.Equal(GunyahError.ArgumentSize, port.Send(new byte[241]).Error);
        peer.Send(4, 5);
        peer.Send(6);
        _context.RunUntilIdle();
        Assert.Equal((1, 1), (full, empty));
        var buffer = new byte[240];
        Assert.Equal(new MsgQueueReceiveResult(GunyahError.AddrOverflow, 0, NotEmpty: false), port.Receive(new byte[1]));
        Assert.Equal(new MsgQueueReceiveResult(GunyahError.Ok, 2, NotEmpty: true), port.Receive(buffer));
        Assert.Equal(new MsgQueueReceiveResult(GunyahError.Ok, 1, NotEmpty: false), port.Receive(buffer));
        Assert.Equal(GunyahError.MsgQueueEmpty, port.ReceiveError());
        Assert.Equal(0, port.Faults.Total);
        Assert.False(port.Settle());
    }

    [Theory]
    [InlineData(FaultDirection.Send)]
    [InlineData(FaultDirection.Receive)]
    public void Dropped_packets_are_gone_and_the_others_come_in_order(FaultDirection direction)
    {
        var port = Carry(direction, new FaultProfile { Drop = 0.3 }, out var came);
        var dropped = port.Faults.Records.Select(record => (int)record.Index).ToHashSet();
        Assert.InRange(dropped.Count, Many / 5, Many / 2);
        Assert.Equal(Enumerable.Range(0, Many).Where(i => !dropped.Contains(i)), came.Select(Number));
        Assert.All(port.Faults.Records, record => Assert.Equal((direction, FaultKind.Drop), (record.Direction, record.Kind)));
        Assert.False(port.Faults.KeptPackets(direction));
        Assert.True(port.Faults.KeptPackets(1 - direction));
    }

    [Theory]
    [InlineData(FaultDirection.Send, false)]
    [InlineData(FaultDirection.Receive, false)]
    [InlineData(FaultDirection.Send, true)]
    [InlineData(FaultDirection.Receive, true)]
    public void Delayed_and_stalled_packets_all_come_and_in_order(FaultDirection direction, bool clock)
    {
        var port = Carry(direction, new FaultProfile { Delay = 0.2, Stall = 0.1, SpuriousSignal = 0.1 }, out var came, clock);
        Assert.Equal(Enumerable.Range(0, Many), came.Select(Number));
        Assert.InRange(port.Faults.Count(direction, FaultKind.Delay), Many / 10, Many / 3);
        Assert.True(port.Faults.Count(direction, FaultKind.Stall) > 10);
        Assert.True(port.Faults.Count(direction, FaultKind.SpuriousSignal) > 10);
        Assert.True(port.Faults.KeptPackets(direction));
    }

    [Theory]
    [InlineData(FaultDirection.Send)]
    [InlineData(FaultDirection.Receive)]
    public void Duplicated_packets_come_twice(FaultDirection direction)
    {
        var port = Carry(direction, new FaultProfile { Duplicate = 0.2 }, out var came);
        var twice = port.Faults.Records.Select(record => (int)record.Index).ToHashSet();
        Assert.InRange(twice.Count, Many / 10, Many / 3);
        foreach (var group in came.Select(Number).GroupBy(number => number))
            Assert.Equal(twice.Contains(group.Key) ? 2 : 1, group.Count());
        Assert.Equal(Enumerable.Range(0, Many), came.Select(Number).Distinct());
    }

    [Theory]
    [InlineData(FaultDirection.Send, 1)]
    [InlineData(FaultDirection.Receive, 1)]
    [InlineData(FaultDirection.Send, 5)]
    [InlineData(FaultDirection.Receive, 5)]
    public void Reordered_packets_come_once_and_are_overtaken_by_no_more_than_the_window(FaultDirection direction, int window)
    {
        // So long that only the window ends the wait.
        var port = Carry(direction, new FaultProfile { Reorder = 0.2, ReorderWindow = window }, out var came, holdOperations: 1_000_000);
        Assert.Equal(Enumerable.Range(0, Many), came.Select(Number).Order());
        var reordered = port.Faults.Records.ToDictionary(record => (int)record.Index, record => record.Amount);
        Assert.InRange(reordered.Count, Many / 10, Many / 3);
        var order = came.Select(Number).ToList();
        var moved = 0;
        for (var at = 0; at < order.Count; at++)
        {
            var overtakers = order.Take(at).Count(number => number > order[at]);
            Assert.True(overtakers <= reordered.GetValueOrDefault(order[at], 0) + reordered.Count, "a packet was overtaken that was not held");
            if (!reordered.ContainsKey(order[at]))
                Assert.Equal(0, order.Take(at).Count(number => number > order[at] && !reordered.ContainsKey(number)));
            else
                moved += overtakers > 0 ? 1 : 0;
        }

        Assert.True(moved > reordered.Count / 2);
    }

    [Theory]
    [InlineData(FaultDirection.Send)]
    [InlineData(FaultDirection.Receive)]
    public void Truncated_packets_are_a_beginning_with_a_byte_at_least(FaultDirection direction)
    {
        var port = Carry(direction, new FaultProfile { Truncate = 0.5 }, out var came, size: 20);
        var cut = port.Faults.Records.ToDictionary(record => (int)record.Index, record => (int)record.Amount);
        for (var i = 0; i < Many; i++)
            Assert.Equal(Packet(i, 20)[..cut.GetValueOrDefault(i, 20)], came[i]);
        Assert.Equal(Enumerable.Range(1, 19), cut.Values.Distinct().Order());
    }

    [Theory]
    [InlineData(FaultDirection.Send, true)]
    [InlineData(FaultDirection.Receive, false)]
    public void Corrupted_packets_differ_in_a_few_bits(FaultDirection direction, bool headerOnly)
    {
        var port = Carry(direction, new FaultProfile { Corrupt = 0.5, CorruptBits = 3, CorruptsHeaderOnly = headerOnly }, out var came, size: 40);
        var hit = port.Faults.Records.ToDictionary(record => (int)record.Index, record => (int)record.Amount);
        var bytes = new HashSet<int>();
        for (var i = 0; i < Many; i++)
        {
            var sent = Packet(i, 40);
            Assert.Equal(40, came[i].Length);
            var differences = sent.Zip(came[i], (a, b) => BitOperations.PopCount((uint)(a ^ b))).ToList();
            Assert.InRange(differences.Sum(), 0, hit.GetValueOrDefault(i, 0));
            bytes.UnionWith(Enumerable.Range(0, 40).Where(at => differences[at] > 0));
        }

        Assert.Equal(Enumerable.Range(0, headerOnly ? 8 : 40), bytes.Order());
        Assert.Equal([1, 2, 3], hit.Values.Distinct().Order());
    }

    [Fact]
    public void A_delay_lasts_as_long_as_the_clock_says_and_ends_with_a_signal()
    {
        var (port, peer) = Link(new FaultOptions { TimeProvider = _clock, HoldTime = TimeSpan.FromMilliseconds(50), Receive = new FaultProfile { Delay = 1 } });
        var edges = 0;
        port.NotEmpty = () => edges++;
        peer.Send(1);
        _context.RunUntilIdle();
        Assert.Equal(1, edges);
        Assert.Equal(GunyahError.MsgQueueEmpty, port.ReceiveError());
        Assert.Equal(1, port.Held);
        var delay = Assert.Single(port.Faults.Records).Amount;
        _clock.Advance(TimeSpan.FromTicks(delay - 1));
        Assert.Equal(GunyahError.MsgQueueEmpty, port.ReceiveError());
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        _context.RunUntilIdle();
        Assert.Equal(2, edges);
        Assert.Equal([1], port.Take());
        port.Dispose();
        Assert.Equal(0, _clock.ActiveTimers);
    }

    /// <summary>Time goes on during a call: what falls due in it must not be forgotten.</summary>
    [Fact]
    public void A_delay_that_ends_within_the_call_that_began_it_ends()
    {
        var clock = new HastyClock(_clock);
        var (port, peer) = Link(new FaultOptions { TimeProvider = clock, HoldTime = TimeSpan.FromTicks(20), Send = new FaultProfile { Delay = 1 } }, depth: 255);
        for (var i = 0; i < 200; i++)
            port.Send(1);
        _clock.Advance(TimeSpan.FromMilliseconds(2));
        _clock.Advance(TimeSpan.FromMilliseconds(2));
        Assert.Equal(0, port.Held);
        for (var i = 0; i < 200; i++)
            peer.Take();
    }

    /// <summary>The signal of the second packet came while the first one was held: the receive that takes the first has to say that there is more.</summary>
    [Fact]
    public void What_came_behind_a_held_packet_is_told_with_it()
    {
        var (port, peer) = Link(new FaultOptions { TimeProvider = _clock, Seed = 2, Receive = new FaultProfile { Delay = 0.5 } });
        port.NotEmpty = () => { };
        // A packet that is held and then one that is not.
        while (true)
        {
            peer.Send(1);
            if (port.Receive(new byte[240]).Error == GunyahError.MsgQueueEmpty)
                break;
        }

        peer.Send(2);
        _context.RunUntilIdle();
        _clock.Advance(TimeSpan.FromMilliseconds(11));
        var buffer = new byte[240];
        Assert.Equal(new MsgQueueReceiveResult(GunyahError.Ok, 1, NotEmpty: true), port.Receive(buffer));
        Assert.Equal(1, buffer[0]);
    }

    [Fact]
    public void What_was_sent_late_is_sent_by_the_clock_without_a_call()
    {
        var (port, peer) = Link(new FaultOptions { TimeProvider = _clock, Send = new FaultProfile { Delay = 1 } });
        Assert.Equal(GunyahError.Ok, port.Send(1).Error);
        Assert.Equal(GunyahError.MsgQueueEmpty, peer.ReceiveError());
        _clock.Advance(TimeSpan.FromMilliseconds(11));
        Assert.Equal([1], peer.Take());
    }

    [Fact]
    public void A_stalled_queue_is_full_and_then_says_that_it_is_not()
    {
        var (port, _) = Link(new FaultOptions { TimeProvider = _clock, Seed = 5, Send = new FaultProfile { Stall = 0.5 } });
        var edges = 0;
        port.NotFull = () => edges++;
        while (port.Send(1).Error == GunyahError.Ok)
        {
            // Until it stalls.
        }

        Assert.Equal(GunyahError.MsgQueueFull, port.Send(1).Error);
        Assert.Equal(0, edges);
        _clock.Advance(TimeSpan.FromMilliseconds(11));
        _context.RunUntilIdle();
        Assert.Equal(1, edges);
    }

    [Fact]
    public void A_stalled_receiver_sees_nothing_and_is_told_when_it_does()
    {
        var (port, peer) = Link(new FaultOptions { TimeProvider = _clock, Receive = new FaultProfile { Stall = 1 } });
        var edges = 0;
        port.NotEmpty = () => edges++;
        Assert.Equal(GunyahError.MsgQueueEmpty, port.ReceiveError());
        peer.Send(1);
        _context.RunUntilIdle();
        Assert.Equal(0, edges);
        _clock.Advance(TimeSpan.FromMilliseconds(11));
        _context.RunUntilIdle();
        Assert.Equal(1, edges);
    }

    [Fact]
    public void A_lost_signal_is_a_hang_until_the_next_one_makes_it_good()
    {
        var (port, peer) = Link(new FaultOptions { Seed = 1, Receive = new FaultProfile { LoseSignal = 0.5 } });
        var edges = 0;
        port.NotEmpty = () => edges++;
        var lost = 0;
        for (var i = 0; i < 200; i++)
        {
            var before = edges;
            peer.Send(new byte[] { 1 }, MsgQueueFlags.Push);
            _context.RunUntilIdle();
            if (edges == before)
            {
                lost++;
                Assert.Equal((FaultDirection.Receive, FaultKind.LoseSignal), (port.Hang!.Value.Direction, port.Hang.Value.Kind));
                // Only a push raises the interrupt of a queue that is not empty.
                if (peer.Send(new byte[] { 2 }, MsgQueueFlags.Push).Error == GunyahError.Ok)
                    _context.RunUntilIdle();
                if (edges > before)
                    Assert.Null(port.Hang);
            }

            while (port.Receive(new byte[240]).Error == GunyahError.Ok)
            {
                // Drained: whoever looks needs no signal.
            }

            Assert.Null(port.Hang);
        }

        Assert.InRange(lost, 50, 150);
        Assert.True(port.Faults.Count(FaultDirection.Receive, FaultKind.LoseSignal) >= lost);
    }

    [Fact]
    public void A_watchdog_raises_what_was_lost()
    {
        var (port, peer) = Link(new FaultOptions { Receive = new FaultProfile { LoseSignal = 1 }, Send = new FaultProfile { LoseSignal = 1 } }, depth: 1);
        var (full, empty) = (0, 0);
        port.NotFull = () => full++;
        port.NotEmpty = () => empty++;
        port.Send(1);
        peer.Take();
        peer.Send(2);
        _context.RunUntilIdle();
        Assert.Equal((0, 0), (full, empty));
        Assert.NotNull(port.Hang);
        Assert.True(port.Settle());
        _context.RunUntilIdle();
        Assert.Equal((1, 1), (full, empty));
        Assert.Null(port.Hang);
        Assert.False(port.Settle());
    }

    [Fact]
    public void No_more_is_held_than_may_be()
    {
        var (port, peer) = Link(new FaultOptions { MaxHeld = 4, HoldOperations = int.MaxValue, Send = new FaultProfile { Delay = 1 }, Receive = new FaultProfile { Delay = 1, Duplicate = 1 } });
        for (var i = 0; i < 4; i++)
            Assert.Equal(new MsgQueueSendResult(GunyahError.Ok, NotFull: i < 3), port.Send(Packet(i)));
        var edges = 0;
        port.NotFull = () => edges++;
        Assert.Equal(GunyahError.MsgQueueFull, port.Send(9).Error);
        for (var i = 0; i < 8; i++)
            Assert.Equal(GunyahError.Ok, peer.Send(Packet(i)).Error);
        Assert.Equal(GunyahError.MsgQueueEmpty, port.ReceiveError());
        Assert.InRange(port.Held, 5, 8);
        // What is not held waits in the queue and keeps its sender back.
        var more = 0;
        while (peer.Send(1).Error == GunyahError.Ok)
            more++;
        Assert.InRange(more, 1, 4);
        Assert.True(port.Settle());
        _context.RunUntilIdle();
        Assert.True(edges > 0);
        for (var i = 0; i < 4; i++)
            Assert.Equal(i, Number(peer.Take()));
    }

    [Fact]
    public void Held_packets_wait_for_room_and_lose_nothing()
    {
        var (port, peer) = Link(new FaultOptions { Send = new FaultProfile { Delay = 0.5, Duplicate = 0.1 }, MaxHeld = 8 }, depth: 2);
        var sent = 0;
        var came = new List<int>();
        var buffer = new byte[240];
        for (var turn = 0; turn < 10_000 && came.Count < 550; turn++)
        {
            while (sent < 500 && port.Send(Packet(sent)).Error == GunyahError.Ok)
                sent++;
            var before = came.Count;
            while (peer.Receive(buffer) is { Error: GunyahError.Ok } result)
                came.Add(Number(buffer[..result.Size]));
            _context.RunUntilIdle();
            if (came.Count == before && !port.Settle() && sent == 500)
                break;
        }

        Assert.Equal(Enumerable.Range(0, 500), came.Distinct());
        Assert.Equal(port.Faults.Count(FaultKind.Duplicate), came.Count - 500);
    }

    [Fact]
    public void The_same_seed_does_the_same_and_faults_do_not_depend_on_each_other()
    {
        var profile = new FaultProfile { Drop = 0.1, Duplicate = 0.1, Reorder = 0.1, Truncate = 0.1, Corrupt = 0.1, Delay = 0.1, Stall = 0.05, SpuriousSignal = 0.05 };
        var first = Carry(FaultDirection.Send, profile, out var came, seed: 7);
        var second = Carry(FaultDirection.Send, profile, out var cameAgain, seed: 7);
        Assert.Equal(came, cameAgain);
        Assert.Equal(first.Faults.ToString(), second.Faults.ToString());
        Assert.NotEqual(first.Faults.ToString(), Carry(FaultDirection.Send, profile, out _, seed: 8).Faults.ToString());
        var alone = Carry(FaultDirection.Send, new FaultProfile { Drop = 0.1 }, out _, seed: 7);
        Assert.Equal(alone.Faults.Records, first.Faults.Records.Where(record => record.Kind == FaultKind.Drop));
        var other = Carry(FaultDirection.Receive, new FaultProfile { Drop = 0.1 }, out _, seed: 7);
        Assert.NotEqual(alone.Faults.Records.Select(record => record.Index), other.Faults.Records.Select(record => record.Index));
    }

    [Fact]
    public void Faults_are_counted_beyond_those_that_are_kept_and_have_words()
    {
        var port = Carry(FaultDirection.Send, new FaultProfile { Drop = 0.5 }, out _, kept: 3);
        Assert.Equal(3, port.Faults.Records.Count);
        Assert.True(port.Faults.Total > 500);
        Assert.Equal(port.Faults.Total, port.Faults.Count(FaultKind.Drop));
        var lines = port.Faults.ToString().Split('\n');
        Assert.Matches("^Send [0-9]+: Drop$", lines[0]);
        Assert.Equal(FormattableString.Invariant($"and {port.Faults.Total - 3} more"), lines[3]);
        Assert.Equal("Receive 7: Truncate 12", new FaultRecord(FaultDirection.Receive, FaultKind.Truncate, 7, 12).ToString());
    }

    [Fact]
    public void A_port_that_was_disposed_of_answers_as_one_without_a_capability()
    {
        var (port, peer) = Link(new FaultOptions { Send = new FaultProfile { Delay = 1 } });
        port.Send(1);
        port.Dispose();
        port.Dispose();
        Assert.Equal(GunyahError.CspaceCapNull, port.Send(1).Error);
        Assert.Equal(GunyahError.CspaceCapNull, port.ReceiveError());
        Assert.False(port.Settle());
        Assert.Equal(GunyahError.MsgQueueEmpty, peer.ReceiveError());
    }

    [Fact]
    public async Task On_threads_a_link_that_is_only_slow_answers_every_call()
    {
        await Task.Run(async () =>
        {
            var slow = new FaultProfile { Delay = 0.05, Stall = 0.02, SpuriousSignal = 0.05 };
            var (clientPort, serverPort) = LoopbackPort.CreatePair(new LoopbackQueueOptions { Depth = 64 });
            using var port = new FaultyPort(clientPort, new FaultOptions { Send = slow, Receive = slow, TimeProvider = TimeProvider.System, HoldTime = TimeSpan.FromMilliseconds(1) });
            using var server = new RpcServer(DelegateHandler.Echo);
            server.AddLink(3, serverPort);
            await using var client = new RpcClient(port);
            await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(async () =>
            {
                for (var i = 0; i < 50; i++)
                {
                    var payload = Packets.Pattern(1 + (i * 17), worker);
                    using var result = await client.CallAsync(MessageId.VmGetState, payload);
                    Assert.Equal(payload, result.Payload.ToArray());
                }
            }))).WaitAsync(SocketBench.Patience);
            Assert.True(port.Faults.Total > 10);
        });
    }

    private static byte[] Packet(int number, int size = 4)
    {
        var packet = new byte[size];
        BinaryPrimitives.WriteInt32LittleEndian(packet, number);
        return packet;
    }

    private static int Number(byte[] packet) => BinaryPrimitives.ReadInt32LittleEndian(packet);

    private (FaultyPort Port, LoopbackPort Peer) Link(FaultOptions options, int depth = 8)
    {
        var (inner, peer) = LoopbackPort.CreatePair(new LoopbackQueueOptions { Depth = depth }, _context, _context);
        return (new FaultyPort(inner, options with { Context = _context }), peer);
    }

    /// <summary>Sends many packets through one direction, in bursts, until nothing comes any more.</summary>
    private FaultyPort Carry(
        FaultDirection direction, FaultProfile profile, out List<byte[]> came, bool clock = false, int size = 4, ulong seed = 3, int holdOperations = 8, int kept = int.MaxValue)
    {
        var options = new FaultOptions { Seed = seed, HoldOperations = holdOperations, KeptRecords = kept, TimeProvider = clock ? _clock : null };
        var (port, peer) = Link(direction == FaultDirection.Send ? options with { Send = profile } : options with { Receive = profile });
        IMsgQueuePort from = direction == FaultDirection.Send ? port : peer, to = direction == FaultDirection.Send ? peer : port;
        came = [];
        var buffer = new byte[240];
        var sent = 0;
        for (var idle = 0; idle < 100;)
        {
            idle++;
            while (sent < Many && from.Send(Packet(sent, size)).Error == GunyahError.Ok)
            {
                sent++;
                idle = 0;
            }

            _context.RunUntilIdle();
            while (to.Receive(buffer) is { Error: GunyahError.Ok } result)
            {
                came.Add(buffer[..result.Size]);
                idle = 0;
            }

            if (clock)
                _clock.Advance(TimeSpan.FromMilliseconds(1));
            if (idle > 2 && port.Settle())
                idle = 0;
            if (clock && port.Held > 0)
                idle = 0;
        }

        Assert.Equal(Many, sent);
        Assert.Equal(0, port.Held);
        return port;
    }

    /// <summary>Whoever looks at it finds it further on.</summary>
    private sealed class HastyClock(ManualTimeProvider clock) : TimeProvider
    {
        public override long TimestampFrequency => clock.TimestampFrequency;

        public override long GetTimestamp()
        {
            clock.Advance(TimeSpan.FromTicks(5));
            return clock.GetTimestamp();
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => clock.CreateTimer(callback, state, dueTime, period);
    }
}
