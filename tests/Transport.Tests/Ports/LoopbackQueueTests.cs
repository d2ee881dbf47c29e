using RmStack.Protocol.Hypercalls;
using RmStack.Testing;
using RmStack.Transport.Ports;

namespace RmStack.Transport.Tests.Ports;

public sealed class LoopbackQueueTests
{
    private static readonly byte[] s_message = [1, 2, 3];
    private readonly byte[] _buffer = new byte[240];

    [Fact]
    public void Send_reports_not_full_until_the_last_place_is_taken()
    {
        var queue = new LoopbackQueue(new LoopbackQueueOptions { Depth = 2 });
        Assert.Equal(new MsgQueueSendResult(GunyahError.Ok, true), queue.Send(s_message, MsgQueueFlags.None));
        Assert.Equal(new MsgQueueSendResult(GunyahError.Ok, false), queue.Send(s_message, MsgQueueFlags.None));
        Assert.Equal(new MsgQueueSendResult(GunyahError.MsgQueueFull, false), queue.Send(s_message, MsgQueueFlags.None));
    }

    [Fact]
    public void Full_is_checked_before_the_message()
    {
        var queue = new LoopbackQueue(new LoopbackQueueOptions { Depth = 1 });
        queue.Send(s_message, MsgQueueFlags.None);
        Assert.Equal(GunyahError.MsgQueueFull, queue.Send(new byte[5000], MsgQueueFlags.None).Error);
    }

    [Fact]
    public void Messages_keep_their_boundaries_and_their_order_around_the_ring()
    {
        var queue = new LoopbackQueue(new LoopbackQueueOptions { Depth = 3 });
        var next = (byte)0;
        for (var round = 0; round < 10; round++)
        {
            queue.Send(new byte[] { next, 1 }, MsgQueueFlags.None);
            queue.Send(new byte[] { (byte)(next + 1) }, MsgQueueFlags.None);
            Assert.Equal(new MsgQueueReceiveResult(GunyahError.Ok, 2, true), queue.Receive(_buffer));
            Assert.Equal(next, _buffer[0]);
            Assert.Equal(new MsgQueueReceiveResult(GunyahError.Ok, 1, false), queue.Receive(_buffer));
            Assert.Equal(next + 1, _buffer[0]);
            next += 2;
        }

        Assert.Equal(new MsgQueueReceiveResult(GunyahError.MsgQueueEmpty, 0, false), queue.Receive(_buffer));
    }

    [Theory]
    [InlineData(0, true, GunyahError.ArgumentSize, false)]
    [InlineData(241, true, GunyahError.ArgumentSize, false)]
    [InlineData(0, false, GunyahError.Ok, true)]
    [InlineData(241, false, GunyahError.Ok, true)]
    public void A_message_of_a_bad_size_is_never_queued(int size, bool strict, GunyahError error, bool notFull)
    {
        var queue = new LoopbackQueue(new LoopbackQueueOptions { StrictErrors = strict });
        Assert.Equal(new MsgQueueSendResult(error, notFull), queue.Send(new byte[size], MsgQueueFlags.Push));
        Assert.Equal(0, queue.Count);
        Assert.Equal(0, queue.ReceiveVirq.Raised);
    }

    [Theory]
    [InlineData(true, GunyahError.AddrOverflow, false)]
    [InlineData(false, GunyahError.Ok, true)]
    public void A_message_larger_than_the_buffer_stays(bool strict, GunyahError error, bool notEmpty)
    {
        var queue = new LoopbackQueue(new LoopbackQueueOptions { StrictErrors = strict });
        queue.Send(s_message, MsgQueueFlags.None);
        Assert.Equal(new MsgQueueReceiveResult(error, 0, notEmpty), queue.Receive(_buffer.AsSpan(0, 2)));
        Assert.Equal(1, queue.Count);
    }

    [Fact]
    public void The_receiver_is_interrupted_only_when_the_count_becomes_one_or_by_push()
    {
        var queue = new LoopbackQueue();
        queue.Send(s_message, MsgQueueFlags.None);
        Assert.Equal(1, queue.ReceiveVirq.Raised);
        queue.Send(s_message, MsgQueueFlags.None);
        Assert.Equal(1, queue.ReceiveVirq.Raised);
        queue.Send(s_message, MsgQueueFlags.Push);
        Assert.Equal(2, queue.ReceiveVirq.Raised);
    }

    [Fact]
    public void A_receive_threshold_fires_only_at_exactly_that_count()
    {
        var queue = new LoopbackQueue();
        Assert.Equal(GunyahError.Ok, queue.ConfigureReceive(3));
        queue.Send(s_message, MsgQueueFlags.None);
        queue.Send(s_message, MsgQueueFlags.None);
        Assert.Equal(0, queue.ReceiveVirq.Raised);
        queue.Send(s_message, MsgQueueFlags.None);
        Assert.Equal(1, queue.ReceiveVirq.Raised);
        queue.Send(s_message, MsgQueueFlags.None);
        Assert.Equal(1, queue.ReceiveVirq.Raised);
    }

    [Fact]
    public void The_sender_is_interrupted_when_a_full_queue_gives_one_message_and_not_again()
    {
        var queue = new LoopbackQueue(new LoopbackQueueOptions { Depth = 3 });
        for (var i = 0; i < 3; i++)
            queue.Send(s_message, MsgQueueFlags.None);
        queue.Receive(_buffer);
        Assert.Equal(1, queue.SendVirq.Raised);
        queue.Receive(_buffer);
        queue.Receive(_buffer);
        Assert.Equal(1, queue.SendVirq.Raised);
    }

    [Fact]
    public void Flush_empties_the_queue_and_tells_the_sender()
    {
        var queue = new LoopbackQueue();
        queue.Flush();
        Assert.Equal(0, queue.SendVirq.Raised);
        queue.Send(s_message, MsgQueueFlags.None);
        queue.Flush();
        Assert.Equal(1, queue.SendVirq.Raised);
        Assert.Equal(0, queue.Count);
    }

    [Theory]
    [InlineData(7u, GunyahError.Ok)]
    [InlineData(8u, GunyahError.ArgumentInvalid)]
    [InlineData(LoopbackQueue.ThresholdUnchanged, GunyahError.Ok)]
    public void Send_thresholds_are_below_the_depth(uint threshold, GunyahError expected) =>
        Assert.Equal(expected, new LoopbackQueue().ConfigureSend(threshold));

    [Theory]
    [InlineData(0u, GunyahError.ArgumentInvalid)]
    [InlineData(8u, GunyahError.Ok)]
    [InlineData(9u, GunyahError.ArgumentInvalid)]
    [InlineData(LoopbackQueue.ThresholdDepth, GunyahError.Ok)]
    [InlineData(LoopbackQueue.ThresholdUnchanged, GunyahError.Ok)]
    public void Receive_thresholds_are_one_to_the_depth(uint threshold, GunyahError expected) =>
        Assert.Equal(expected, new LoopbackQueue().ConfigureReceive(threshold));

    [Fact]
    public void A_hold_off_delay_is_not_implemented_and_is_refused_first()
    {
        Assert.Equal(GunyahError.Unimplemented, new LoopbackQueue().ConfigureSend(99, 1));
        Assert.Equal(GunyahError.Unimplemented, new LoopbackQueue().ConfigureReceive(0, 1));
    }

    [Fact]
    public void An_edge_that_comes_without_a_handler_is_kept_for_it_and_edges_merge()
    {
        var context = new SingleThreadContext();
        var (client, server) = LoopbackPort.CreatePair(null, context, context);
        client.Send(s_message, MsgQueueFlags.Push);
        client.Send(s_message, MsgQueueFlags.Push);
        context.RunUntilIdle();
        var calls = 0;
        server.NotEmpty = () => calls++;
        Assert.Equal(0, calls);
        context.RunUntilIdle();
        Assert.Equal(1, calls);
    }
}
