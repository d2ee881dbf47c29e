using RmStack.Protocol;
using RmStack.Protocol.Hypercalls;
using RmStack.Testing;
using RmStack.Transport.Capture;
using RmStack.Transport.Ports.Replay;
using RmStack.Transport.Tests.Ports.Sockets;

namespace RmStack.Transport.Tests.Ports.Replay;

/// <summary>What comes when, and what is compared how.</summary>
public sealed class ReplayPortTests
{
    private static readonly MessageId s_id = MessageId.VmGetState;

    [Fact]
    public void What_was_received_comes_once_everything_that_was_sent_before_it_has_been_sent()
    {
        var context = new SingleThreadContext();
        var port = Port(new Recorded().Down([1]).Up([2]).Up([3]).Down([4]).Down([5]).Up([6]).Down([7]), context: context);
        var edges = 0;
        port.NotEmpty = () => edges++;
        context.RunUntilIdle();
        Assert.Equal(1, edges);
        Assert.Equal([1], port.Take());
        Assert.Equal(GunyahError.MsgQueueEmpty, port.ReceiveError());
        Assert.Equal(new MsgQueueSendResult(GunyahError.Ok, NotFull: true), port.Send(2));
        Assert.Equal(GunyahError.MsgQueueEmpty, port.ReceiveError());
        port.Send(3);
        context.RunUntilIdle();
        Assert.Equal(2, edges);
        var buffer = new byte[8];
        Assert.Equal(new MsgQueueReceiveResult(GunyahError.Ok, 1, NotEmpty: true), port.Receive(buffer));
        Assert.Equal(new MsgQueueReceiveResult(GunyahError.Ok, 1, NotEmpty: false), port.Receive(buffer));
        Assert.Equal(5, buffer[0]);
        Assert.Equal("2 sent, 3 received, 0 differ; 1 left to send, next packet 6 (VM > RM): bad packet: bad at byte 1: shorter than its fixed part, packet=06", port.Progress.ToString());
        Assert.False(port.Completed.IsCompleted);
        port.Send(6);
        Assert.Equal("3 sent, 3 received, 0 differ; 1 left to receive", port.Progress.ToString());
        port.Take();
        Assert.True(port.Completed.IsCompletedSuccessfully);
        Assert.True(port.Progress.IsFaithful);
        Assert.Equal("3 sent, 4 received, 0 differ; nothing left", port.Progress.ToString());
    }

    [Fact]
    public void A_sender_that_is_faster_than_the_recorded_one_is_not_kept_back()
    {
        var port = Port(new Recorded().Up([1]).Down([2]).Up([3]).Down([4]));
        port.Send(1);
        port.Send(3);
        Assert.Empty(port.Mismatches);
        Assert.Equal([2], port.Take());
        Assert.Equal([4], port.Take());
        Assert.True(port.Progress.IsFaithful);
    }

    [Fact]
    public void The_same_capture_is_replayed_from_the_other_end()
    {
        var port = Port(new Recorded().Up([1]).Down([2]).Up([3]), LinkEnd.ResourceManager);
        Assert.Equal([1], port.Take());
        Assert.Equal(GunyahError.MsgQueueEmpty, port.ReceiveError());
        port.Send(2);
        Assert.Equal([3], port.Take());
        Assert.True(port.Completed.IsCompleted);
    }

    [Fact]
    public void A_packet_that_differs_is_recorded_and_stands_for_the_expected_one()
    {
        var recorded = Packets.Request(4, MessageId.VmStart, 0x80, 0, 0, 0)[0];
        var sent = Packets.Request(4, MessageId.VmStart, 0x81, 0, 0, 0)[0];
        var port = Port(new Recorded().Up(recorded).Down([9]));
        ReplayMismatch? told = null;
        port.Differs = mismatch => told = mismatch;
        Assert.Equal(GunyahError.Ok, port.Send(sent).Error);
        Assert.Equal([9], port.Take());
        var mismatch = Assert.Single(port.Mismatches);
        Assert.Same(mismatch, told);
        Assert.Equal((1, 8), (mismatch.PacketNumber, mismatch.Offset));
        Assert.Equal(recorded, mismatch.ExpectedBytes.ToArray());
        Assert.Equal(sent, mismatch.ActualBytes.ToArray());
        Assert.Equal(
            "packet 1 differs at byte 8:\n  capture  #4 VM_START vmid=0x80\n           210104000400005680000000\n  sent     #4 VM_START vmid=0x81\n           210104000400005681000000",
            mismatch.ToString());
        Assert.Equal((1, 1, 0, 0, 1, false), (port.Progress.Sent, port.Progress.Received, port.Progress.SendsLeft, port.Progress.ReceivesLeft, port.Progress.Mismatches, port.Progress.IsFaithful));
    }

    [Fact]
    public void A_packet_that_differs_can_be_refused_and_the_right_one_is_still_expected()
    {
        var port = Port(new Recorded().Up([1, 2]).Down([9]), options: new ReplayOptions { OnMismatch = MismatchPolicy.Refuse });
        Assert.Equal(GunyahError.Denied, port.Send(1).Error);
        Assert.Equal(GunyahError.Denied, port.Send(1, 2, 3).Error);
        Assert.Equal(GunyahError.MsgQueueEmpty, port.ReceiveError());
        Assert.Equal([1, 2], port.Mismatches.Select(mismatch => mismatch.Offset));
        Assert.Equal(GunyahError.Ok, port.Send(1, 2).Error);
        Assert.Equal([9], port.Take());
    }

    [Theory]
    [InlineData(MismatchPolicy.GoOn, GunyahError.Ok)]
    [InlineData(MismatchPolicy.Refuse, GunyahError.Denied)]
    public void What_is_sent_after_the_end_is_a_mismatch_without_a_packet(MismatchPolicy policy, GunyahError error)
    {
        var port = Port(new Recorded().Up([1]), options: new ReplayOptions { OnMismatch = policy, KeptMismatches = 2 });
        port.Send(1);
        for (var i = 0; i < 5; i++)
            Assert.Equal(error, port.Send(7).Error);
        Assert.Equal(5, port.Progress.Mismatches);
        Assert.Equal(2, port.Mismatches.Count);
        Assert.Null(port.Mismatches[0].PacketNumber);
        Assert.StartsWith("sent after the last packet of the capture:\n  sent ", port.Mismatches[0].ToString());
    }

    [Fact]
    public void Sizes_that_no_queue_carries_and_buffers_that_are_too_small_are_refused_as_by_a_queue()
    {
        var port = Port(new Recorded().Down([1, 2, 3]).Up([1]));
        Assert.Equal(GunyahError.ArgumentSize, port.Send().Error);
        Assert.Equal(GunyahError.ArgumentSize, port.Send(new byte[241]).Error);
        Assert.Equal(new MsgQueueReceiveResult(GunyahError.AddrOverflow, 0, NotEmpty: false), port.Receive(new byte[2]));
        Assert.Equal([1, 2, 3], port.Take());
        Assert.Empty(port.Mismatches);
    }

    [Fact]
    public void Ids_of_requests_may_differ_when_they_are_mapped_and_replies_come_with_the_senders()
    {
        var big = Packets.Pattern(500);
        var link = new Recorded()
            .Up(Packets.Request(10, s_id, 1)).Up(Packets.Request(11, MessageId.VmStart, big))
            .Down(Packets.Notification(10, MessageId.VmStatus, big))
            .Down(Packets.Reply(11, MessageId.VmStart, RmError.Ok, big)).Down(Packets.Reply(10, s_id, RmError.Ok, 2));
        var port = Port(link, options: new ReplayOptions { SequenceIds = SequencePolicy.Mapped });
        foreach (var packet in (byte[][])[.. Packets.Request(0, s_id, 1), .. Packets.Request(1, MessageId.VmStart, big)])
            Assert.Equal(GunyahError.Ok, port.Send(packet).Error);
        Assert.Empty(port.Mismatches);
        // A notification's number is nobody's request.
        foreach (var packet in Packets.Notification(10, MessageId.VmStatus, big).Concat(Packets.Reply(1, MessageId.VmStart, RmError.Ok, big)).Concat(Packets.Reply(0, s_id, RmError.Ok, 2)))
            Assert.Equal(packet, port.Take());
        Assert.True(port.Progress.IsFaithful);
    }

    [Fact]
    public void Exactly_compared_ids_are_like_every_other_byte()
    {
        var port = Port(new Recorded().Up(Packets.Request(10, s_id, 1)).Down(Packets.Reply(10, s_id, RmError.Ok)));
        port.Send(Packets.Request(0, s_id, 1)[0]);
        Assert.Equal(2, Assert.Single(port.Mismatches).Offset);
        Assert.Equal(Packets.Reply(10, s_id, RmError.Ok)[0], port.Take());
    }

    [Fact]
    public void A_continuation_has_the_id_of_its_message_when_ids_are_mapped()
    {
        var packets = Packets.Request(10, s_id, Packets.Pattern(300));
        var own = Packets.Request(3, s_id, Packets.Pattern(300));
        var port = Port(new Recorded().Up(packets), options: new ReplayOptions { SequenceIds = SequencePolicy.Mapped, OnMismatch = MismatchPolicy.Refuse });
        Assert.Equal(GunyahError.Ok, port.Send(own[0]).Error);
        // The capture's id is the wrong one here, and so is anybody else's.
        Assert.Equal(GunyahError.Denied, port.Send(packets[1]).Error);
        Assert.Equal(own[1], port.Mismatches[0].ExpectedBytes.ToArray());
        Assert.Equal(GunyahError.Ok, port.Send(own[1]).Error);
    }

    [Fact]
    public void A_server_chooses_the_numbers_of_notifications_and_no_others()
    {
        var link = new Recorded().Up(Packets.Request(7, s_id)).Down(Packets.Notification(900, MessageId.VmStatus, Packets.Pattern(300))).Down(Packets.Reply(7, s_id, RmError.Ok));
        var port = Port(link, LinkEnd.ResourceManager, new ReplayOptions { SequenceIds = SequencePolicy.Mapped, OnMismatch = MismatchPolicy.Refuse });
        Assert.Equal(Packets.Request(7, s_id)[0], port.Take());
        foreach (var packet in Packets.Notification(0, MessageId.VmStatus, Packets.Pattern(300)))
            Assert.Equal(GunyahError.Ok, port.Send(packet).Error);
        Assert.Equal(GunyahError.Denied, port.Send(Packets.Reply(8, s_id, RmError.Ok)[0]).Error);
        Assert.Equal(GunyahError.Ok, port.Send(Packets.Reply(7, s_id, RmError.Ok)[0]).Error);
    }

    [Fact]
    public void A_queue_that_was_full_is_full_until_the_receives_of_then_have_happened()
    {
        var context = new SingleThreadContext();
        var link = new Recorded().Up([1]).Says("queue full").Up([2]).Says("push, queue full").Down([9]).Up([3]).Says("push");
        var port = Port(link, context: context);
        var edges = 0;
        port.NotFull = () => edges++;
        Assert.Equal(new MsgQueueSendResult(GunyahError.Ok, NotFull: false), port.Send(1));
        Assert.Equal(0, edges);
        context.RunUntilIdle();
        Assert.Equal(1, edges);
        Assert.False(port.Send(2).NotFull);
        Assert.Equal(new MsgQueueSendResult(GunyahError.MsgQueueFull, NotFull: false), port.Send(3));
        context.RunUntilIdle();
        Assert.Equal(1, edges);
        port.Take();
        context.RunUntilIdle();
        Assert.Equal(2, edges);
        Assert.True(port.Send(3).NotFull);
        Assert.True(port.Progress.IsFaithful);
        var roomy = Port(link, options: new ReplayOptions { ReplaysFullQueues = false });
        Assert.True(roomy.Send(1).NotFull);
    }

    [Fact]
    public void With_a_clock_packets_keep_their_distances()
    {
        var clock = new ManualTimeProvider();
        var context = new SingleThreadContext();
        var link = new Recorded().Up([1]).At(100).Down([2]).At(105).Down([3]).At(105).Up([4]).At(106).Down([5]).At(110).Down([6]).At(108);
        using var port = Port(link, options: new ReplayOptions { TimeProvider = clock, Context = context });
        var edges = 0;
        port.NotEmpty = () => edges++;
        clock.Advance(TimeSpan.FromSeconds(9));
        port.Send(1);
        Assert.Equal(GunyahError.MsgQueueEmpty, port.ReceiveError());
        clock.Advance(TimeSpan.FromMilliseconds(4));
        Assert.Equal(GunyahError.MsgQueueEmpty, port.ReceiveError());
        clock.Advance(TimeSpan.FromMilliseconds(1));
        context.RunUntilIdle();
        Assert.Equal(1, edges);
        Assert.Equal([2], port.Take());
        Assert.Equal([3], port.Take());
        clock.Advance(TimeSpan.FromMilliseconds(50));
        port.Send(4);
        // Four milliseconds after the packet before it, whenever that was.
        clock.Advance(TimeSpan.FromMilliseconds(3));
        Assert.Equal(GunyahError.MsgQueueEmpty, port.ReceiveError());
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal([5], port.Take());
        // Before the packet before it, says the file: at once, then.
        Assert.Equal([6], port.Take());
        Assert.True(port.Completed.IsCompleted);
        port.Dispose();
        Assert.Equal(0, clock.ActiveTimers);
    }

    [Fact]
    public void Delays_do_not_add_up_when_the_clock_is_looked_at_late()
    {
        var clock = new ManualTimeProvider();
        using var port = Port(new Recorded().Down([1]).At(0).Down([2]).At(10).Down([3]).At(20), options: new ReplayOptions { TimeProvider = clock });
        Assert.Equal([1], port.Take());
        clock.Advance(TimeSpan.FromMilliseconds(20));
        Assert.Equal([2], port.Take());
        Assert.Equal([3], port.Take());
    }

    [Fact]
    public void A_stopped_replay_lets_nothing_come_any_more()
    {
        var clock = new ManualTimeProvider();
        var port = Port(new Recorded().Up([1]).At(0).Down([2]).At(10), options: new ReplayOptions { TimeProvider = clock });
        port.Dispose();
        port.Send(1);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(GunyahError.MsgQueueEmpty, port.ReceiveError());
    }

    [Theory]
    [InlineData(CaptureDirection.Unknown, false)]
    [InlineData(CaptureDirection.ToRm, true)]
    public void A_link_that_is_not_there_in_full_cannot_be_replayed(CaptureDirection direction, bool cut)
    {
        var link = new Recorded().Up([1]).Change(packet => packet with { Direction = direction, IsCut = cut }).Link;
        Assert.Equal(1, link.Defect!.Number);
        Assert.Throws<ArgumentException>(() => new ReplayPort(link, LinkEnd.Vm));
    }

    [Fact]
    public void An_empty_link_is_replayed_at_once()
    {
        var port = Port(new Recorded());
        Assert.True(port.Completed.IsCompleted);
        Assert.True(port.Progress.IsFaithful);
    }

    private static ReplayPort Port(Recorded recorded, LinkEnd side = LinkEnd.Vm, ReplayOptions? options = null, SynchronizationContext? context = null) =>
        new(recorded.Link, side, (options ?? new ReplayOptions()) with { Context = options?.Context ?? context });
}
