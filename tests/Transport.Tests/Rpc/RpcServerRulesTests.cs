using System.Buffers.Binary;
using RmStack.Protocol;
using RmStack.Protocol.Hypercalls;
using RmStack.Testing;
using RmStack.Transport.Rpc;

namespace RmStack.Transport.Tests.Rpc;

/// <summary>The RM's rules for receiving and for a full queue: rm-rpc.c, rm-rpc-fifo.c. The port is the test's; deferred events run when the test says.</summary>
public sealed class RpcServerRulesTests
{
    private const ushort Vmid = 45;
    private static readonly MessageId s_id = MessageId.VmGetState;
    private static readonly MessageId s_status = MessageId.VmStatus;
    private readonly SingleThreadContext _context = new();
    private readonly RecordingMsgQueue _port = new();
    private readonly List<(ushort Seq, byte[] Payload)> _requests = [];
    private readonly List<RpcResponder> _responders = [];
    private readonly RpcServer _server;
    private readonly RpcServerLink _link;

    public RpcServerRulesTests()
    {
        RpcServer? server = null;
        RpcServerLink? link = null;
        _context.Run(() =>
        {
            server = new RpcServer(new DelegateHandler((in request, responder) =>
            {
                _requests.Add((request.SequenceId, request.Payload.ToArray()));
                _responders.Add(responder);
            }));
            link = server.AddLink(Vmid, _port);
        });
        (_server, _link) = (server!, link!);
    }

    /// <summary>What went out: "R seq first-payload-byte" and "N seq first-payload-byte" for first packets, "c" for others.</summary>
    private string Wire => string.Join(' ', _port.Sent.Select(packet => Packets.Header(packet.Bytes) switch
    {
        { Type: RpcMessageType.Reply } header => $"R{header.SequenceId}",
        { Type: RpcMessageType.Notification } header => $"N{header.SequenceId}:{packet.Bytes[8]}",
        _ => "c",
    }));

    [Fact]
    public void The_push_flag_is_never_set()
    {
        Request(0);
        Reply(0, Packets.Pattern(1000));
        Notify(1);
        Assert.All(_port.Sent, packet => Assert.Equal(MsgQueueFlags.None, packet.Flags));
    }

    [Fact]
    public void A_reply_echoes_sequence_and_message_id_and_has_the_error_word_in_its_first_packet_only()
    {
        Request(0x1234);
        Reply(0, Packets.Pattern(300));
        Assert.Equal(Packets.Reply(0x1234, s_id, RmError.Ok, Packets.Pattern(300)), _port.Sent.Select(packet => packet.Bytes));
        Assert.Equal(0u, BinaryPrimitives.ReadUInt32LittleEndian(_port.Sent[0].Bytes.AsSpan(8)));
    }

    [Fact]
    public void A_message_of_many_packets_survives_a_full_queue_at_every_packet()
    {
        _port.Room = 0;
        Request(0);
        Reply(0, Packets.Pattern(1500));
        while (_link.IsBusy)
            Room(1);
        Assert.Equal(Packets.Reply(0, s_id, RmError.Ok, Packets.Pattern(1500)), _port.Sent.Select(packet => packet.Bytes));
    }

    [Fact]
    public void The_rm_ignores_not_full_and_sends_until_the_queue_refuses()
    {
        _port.Room = 1;
        Notify(1);
        Assert.False(_link.IsBusy);
        Notify(2);
        Assert.True(_link.IsBusy);
        Assert.Equal(2, _port.SendCalls);
    }

    [Fact]
    public void One_reply_waits_and_a_newer_one_displaces_it()
    {
        _port.Room = 0;
        Request(0, 1, 2);
        Reply(0);
        Assert.False(_link.HasPendingReply);
        Reply(1);
        Assert.True(_link.HasPendingReply);
        Reply(2);
        Assert.Equal(1, _link.Statistics.RepliesDropped);
        Room(100);
        Assert.Equal("R0 R2", Wire);
    }

    [Fact]
    public void A_pending_reply_goes_before_older_notifications()
    {
        _port.Room = 0;
        Request(7);
        Notify(1);
        Notify(2);
        Notify(3);
        Reply(0);
        Room(100);
        Assert.StartsWith("N0:1 R7 N", Wire, StringComparison.Ordinal);
        Assert.Equal([1, 2, 3], Notified);
    }

    [Fact]
    public void The_pending_reply_is_sent_from_a_deferred_event_and_a_notification_made_meanwhile_goes_first()
    {
        _port.Room = 0;
        Request(7);
        Notify(1);
        Reply(0);
        RoomWithoutEvents(100);
        Assert.Equal("N0:1", Wire);
        Assert.True(_link.HasPendingReply);
        NotifyWithoutEvents(2);
        Assert.Equal("N0:1 N1:2", Wire);
        _context.RunUntilIdle();
        Assert.Equal("N0:1 N1:2 R7", Wire);
    }

    [Fact]
    public void A_reply_made_before_the_deferred_event_sends_the_pending_one_first_and_none_is_lost()
    {
        _port.Room = 0;
        Request(7, 8);
        Notify(1);
        Reply(0);
        RoomWithoutEvents(100);
        _responders[1].Reply(RmError.Ok);
        Assert.Equal("N0:1 R7 R8", Wire);
        Assert.Equal(0, _link.Statistics.RepliesDropped);
    }

    [Fact]
    public void A_notification_made_before_the_deferred_event_does_not_overtake_older_ones()
    {
        _port.Room = 0;
        Notify(1);
        Notify(2);
        RoomWithoutEvents(100);
        NotifyWithoutEvents(3);
        Assert.Equal([1, 2, 3], Notified);
    }

    [Fact]
    public void At_most_256_notifications_wait_and_the_oldest_is_dropped()
    {
        _port.Room = 0;
        for (var i = 0; i < 1 + 256 + 10; i++)
            Notify((byte)i);
        Assert.Equal(256, _link.PendingNotifications);
        Assert.Equal(10, _link.Statistics.NotificationsDropped);
        Room(1000);
        Assert.Equal([0, .. Enumerable.Range(11, 256).Select(i => i & 0xFF)], Notified);
    }

    [Fact]
    public void Notification_numbers_come_from_one_counter_of_all_links_and_count_busy_attempts()
    {
        var other = new RecordingMsgQueue();
        _context.Run(() => _server.AddLink(46, other));
        Notify(1);
        _context.Run(() => _server.Notify(46, s_status, [2]));
        Assert.Equal(1, Packets.Header(other.Sent[0].Bytes).SequenceId);
        // Busy with number 2; the next attempt burns 3, the one after it 4 (for the one that waits) and 5 (for itself).
        _port.Room = 0;
        Notify(3);
        Notify(4);
        Notify(5);
        Room(100);
        Assert.Equal("N0:1 N2:3 N6:4 N7:5", Wire);
    }

    [Fact]
    public void Another_links_full_queue_does_not_hold_this_one_up()
    {
        var other = new RecordingMsgQueue { Room = 0 };
        _context.Run(() => _server.AddLink(46, other));
        _context.Run(() => _server.Notify(46, s_status, [1]));
        Notify(2);
        Assert.Single(_port.Sent);
        Assert.Empty(other.Sent);
    }

    [Fact]
    public void A_notification_to_a_vm_without_a_link_is_dropped_and_counted()
    {
        Assert.False(_server.Notify(99, s_status, [1]));
        Assert.Equal(1, _server.NotificationsWithoutLink);
    }

    [Fact]
    public void All_waiting_packets_are_read_in_one_interrupt_until_the_queue_says_empty()
    {
        Request(0, 1, 2);
        Assert.Equal([0, 1, 2], _requests.Select(request => (int)request.Seq));
        // One receive when the link was made, three packets, and the one that found the queue empty: the RM does not look at not-empty.
        Assert.Equal(5, _port.ReceiveCalls);
    }

    [Fact]
    public void Packets_that_wait_when_the_link_is_made_are_read()
    {
        var other = new RecordingMsgQueue();
        other.Put(Packets.Request(5, s_id)[0]);
        _context.Run(() => _server.AddLink(46, other));
        Assert.Equal(5, Assert.Single(_requests).Seq);
    }

    [Fact]
    public void Malformed_packets_are_dropped_silently_and_counted()
    {
        var noVersion = Packets.Request(1, s_id)[0];
        noVersion[0] = 0x22;
        var noWords = Packets.Request(1, s_id)[0];
        noWords[0] = 0x31;
        Deliver([1, 2, 3], noVersion, noWords, Packets.Raw(RpcMessageType.Request, 63, 1, s_id), Packets.Raw(RpcMessageType.Continuation, 1, 1, s_id));
        Assert.Empty(_requests);
        Assert.Empty(_port.Sent);
        Assert.Equal(5, Enum.GetValues<DropReason>().Sum(_link.Statistics.Dropped));
    }

    [Fact]
    public void A_malformed_packet_leaves_the_partial_request_alone()
    {
        var request = Packets.Request(1, s_id, Packets.Pattern(300));
        Deliver(request[0], [1, 2], Packets.Raw(RpcMessageType.Continuation, 1, 2, s_id, 9), Packets.Raw(RpcMessageType.Request, 63, 1, s_id), request[1]);
        Assert.Equal(Packets.Pattern(300), Assert.Single(_requests).Payload);
    }

    [Fact]
    public void A_new_first_packet_discards_the_partial_request_without_an_answer()
    {
        Deliver(Packets.Request(1, s_id, Packets.Pattern(300))[0], Packets.Request(2, s_id, 5)[0]);
        Assert.Equal(2, Assert.Single(_requests).Seq);
        Assert.Empty(_port.Sent);
    }

    [Fact]
    public void Replies_and_notifications_from_the_vm_are_ignored_but_displace_a_partial_request()
    {
        var request = Packets.Request(1, s_id, Packets.Pattern(300));
        Deliver(request[0], Packets.Reply(1, s_id, RmError.Ok)[0], request[1], Packets.Notification(0, s_status, 1)[0]);
        Assert.Empty(_requests);
        Assert.Empty(_port.Sent);
        Assert.Equal(2, _link.Statistics.Ignored);
    }

    [Fact]
    public void Duplicate_sequence_ids_are_separate_requests()
    {
        Request(4, 4);
        Assert.Equal(2, _requests.Count);
    }

    [Fact]
    public void A_receive_error_ends_the_loop_until_the_next_interrupt()
    {
        _port.AnswerReceives(new MsgQueueReceiveResult(GunyahError.Denied, 0, NotEmpty: true));
        Deliver(Packets.Request(1, s_id)[0]);
        Assert.Empty(_requests);
        Deliver();
        Assert.Single(_requests);
    }

    [Fact]
    public void A_refused_send_silences_the_link_and_tells_the_owner()
    {
        var failures = new List<(ushort, GunyahError)>();
        _server.SendFailed += (link, error) => failures.Add((link.Vmid, error));
        Request(0);
        _port.FailSends(GunyahError.ArgumentSize);
        Reply(0);
        Notify(1);
        Assert.Equal([(Vmid, GunyahError.ArgumentSize)], failures);
        Assert.Empty(_port.Sent);
        Assert.Equal(0, _link.PendingNotifications);
    }

    [Fact]
    public void Removing_a_link_forgets_everything_that_waited_on_it()
    {
        _port.Room = 0;
        Request(7);
        Notify(1);
        Notify(2);
        Reply(0);
        var first = Packets.Request(8, s_id, Packets.Pattern(300));
        Deliver(first[0]);
        Assert.True(_server.RemoveLink(Vmid));
        Assert.False(_server.RemoveLink(Vmid));
        _port.Room = 100;
        _context.RunUntilIdle();
        _responders[0].Reply(RmError.Ok);
        Assert.Empty(_port.Sent);
        RpcServerLink? again = null;
        _context.Run(() => again = _server.AddLink(Vmid, _port));
        Deliver(first[1]);
        Assert.Single(_requests);
        Assert.Equal(1, again!.Statistics.Dropped(DropReason.StrayContinuation));
    }

    [Fact]
    public void A_handler_may_remove_the_link_it_is_called_for()
    {
        RpcServer? server = null;
        var port = new RecordingMsgQueue();
        _context.Run(() =>
        {
            server = new RpcServer(new DelegateHandler((in request, responder) =>
            {
                server!.RemoveLink(request.Vmid);
                responder.Reply(RmError.Ok);
            }));
            server.AddLink(1, port);
            port.Deliver(Packets.Request(0, s_id)[0], Packets.Request(1, s_id)[0]);
        });
        Assert.Empty(port.Sent);
        Assert.Equal(1, port.Waiting);
    }

    [Fact]
    public void Requests_of_another_link_that_arrive_during_a_handler_are_handled_after_it()
    {
        var order = new List<string>();
        var ports = new[] { new RecordingMsgQueue(), new RecordingMsgQueue() };
        _context.Run(() =>
        {
            using var server = new RpcServer(new DelegateHandler((in request, responder) =>
            {
                var name = $"{request.Vmid}:{request.SequenceId}";
                order.Add("begin " + name);
                if (request is { Vmid: 1, SequenceId: 0 })
                    ports[1].Deliver(Packets.Request(0, s_id));
                order.Add("end " + name);
                responder.Reply(RmError.Ok);
            }));
            server.AddLink(1, ports[0]);
            server.AddLink(2, ports[1]);
            ports[0].Deliver(Packets.Request(0, s_id)[0], Packets.Request(1, s_id)[0]);
        });
        Assert.Equal("begin 1:0, end 1:0, begin 1:1, end 1:1, begin 2:0, end 2:0", string.Join(", ", order));
    }

    [Fact]
    public void A_handler_that_throws_fails_its_interrupt_after_the_other_requests_were_handled()
    {
        var port = new RecordingMsgQueue();
        _context.Run(() =>
        {
            using var server = new RpcServer(new DelegateHandler((in request, responder) =>
            {
                if (request.SequenceId == 0)
                    throw new InvalidOperationException("the handler's own mistake");
                responder.Reply(RmError.Ok);
            }));
            server.AddLink(1, port);
            Assert.Throws<InvalidOperationException>(() => port.Deliver(Packets.Request(0, s_id)[0], Packets.Request(1, s_id)[0]));
            Assert.Equal(1, Packets.Header(Assert.Single(port.Sent).Bytes).SequenceId);
            port.Deliver(Packets.Request(2, s_id));
            Assert.Equal(2, port.Sent.Count);
        });
    }

    private IEnumerable<int> Notified => _port.Sent.Where(packet => Packets.Header(packet.Bytes).Type == RpcMessageType.Notification).Select(packet => (int)packet.Bytes[8]);

    private void Request(params ushort[] seqs) => Deliver([.. seqs.Select(seq => Packets.Request(seq, s_id)[0])]);

    private void Deliver(params byte[][] packets) => _context.Run(() => _port.Deliver(packets));

    private void Reply(int request, params byte[] payload) => _context.Run(() => _responders[request].Reply(RmError.Ok, payload));

    private void Notify(byte mark) => _context.Run(() => NotifyWithoutEvents(mark));

    private void NotifyWithoutEvents(byte mark) => _server.Notify(Vmid, s_status, [mark]);

    private void Room(int count) => _context.Run(() => _port.MakeRoom(count));

    private void RoomWithoutEvents(int count)
    {
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(_context);
        _port.MakeRoom(count);
        SynchronizationContext.SetSynchronizationContext(before);
    }
}
