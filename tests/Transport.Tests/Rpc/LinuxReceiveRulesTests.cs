using RmStack.Protocol;
using RmStack.Protocol.Hypercalls;
using RmStack.Testing;
using RmStack.Transport.Rpc;

namespace RmStack.Transport.Tests.Rpc;

/// <summary>What a client does with bad packets: one test per row of the comparison of Linux versions, for v12 and v17.</summary>
public sealed class LinuxReceiveRulesTests
{
    private static readonly MessageId s_id = MessageId.VmGetHypResources;
    private static readonly MessageId s_status = MessageId.VmStatus;
    private readonly RecordingMsgQueue _port = new();
    private readonly List<(uint Id, int Length)> _notified = [];

    public static TheoryData<string> Profiles => ["v12", "v17"];

    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_packet_shorter_than_a_header_is_dropped_and_the_loop_goes_on(string profile)
    {
        var client = Client(profile);
        _port.Deliver([1, 2, 3], [.. new byte[7]], Packets.Notification(0, s_status, 5)[0]);
        Assert.Equal([(s_status.Value, 1)], _notified);
        Assert.Equal(2, client.Statistics.Dropped(DropReason.TooShort));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void An_empty_notification_of_8_bytes_is_delivered(string profile)
    {
        Client(profile);
        _port.Deliver(Packets.Notification(0, s_status));
        Assert.Equal([(s_status.Value, 0)], _notified);
    }

    [Theory]
    [InlineData("v12", 1, 0)]
    [InlineData("v17", 0, 1)]
    public void A_bad_api_byte_is_dropped_and_v17_leaves_what_is_behind_it_in_the_queue(string profile, int delivered, int waiting)
    {
        Client(profile);
        var bad = Packets.Notification(0, s_status, 1)[0];
        bad[0] = 0x22;
        _port.Deliver(bad, Packets.Notification(0, s_status, 2)[0]);
        Assert.Equal(delivered, _notified.Count);
        Assert.Equal(waiting, _port.Waiting);
        _port.NotEmpty!();
        Assert.Single(_notified);
        Assert.Equal(0, _port.Waiting);
    }

    [Theory]
    [InlineData("v12", 1, 0)]
    [InlineData("v17", 0, 1)]
    public void A_request_from_the_rm_is_dropped_and_v17_leaves_what_is_behind_it_in_the_queue(string profile, int delivered, int waiting)
    {
        Client(profile);
        _port.Deliver(Packets.Request(0, s_id)[0], Packets.Notification(0, s_status, 2)[0]);
        Assert.Equal(delivered, _notified.Count);
        Assert.Equal(waiting, _port.Waiting);
        _port.NotEmpty!();
        Assert.Single(_notified);
    }

    [Fact]
    public void An_interrupt_that_comes_while_v17_handles_a_bad_packet_starts_the_loop_again()
    {
        var client = Client("v17");
        client.Notification = notification =>
        {
            _notified.Add((notification.Id.Value, notification.Payload.Length));
            _port.NotEmpty!();
        };
        _port.Deliver(Packets.Notification(0, s_status, 1)[0], [0x22, 0, 0, 0, 0, 0, 0, 0], Packets.Notification(0, s_status, 2)[0]);
        Assert.Equal(2, _notified.Count);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_notification_of_63_fragments_is_refused(string profile)
    {
        Client(profile);
        _port.Deliver(Packets.Raw(RpcMessageType.Notification, 63, 0, s_status, 1));
        _port.Deliver(Packets.Raw(RpcMessageType.Continuation, 63, 0, s_status, 1));
        Assert.Empty(_notified);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_reply_of_63_fragments_ends_its_call_without_memory(string profile)
    {
        var call = Client(profile).Open(s_id);
        _port.Deliver(Packets.Raw(RpcMessageType.Reply, 63, 0, s_id, 0, 0, 0, 0));
        Assert.Equal(RpcCallStatus.NoMemory, call.Result.Status);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_reply_without_a_whole_error_word_ends_its_call_without_memory(string profile)
    {
        var call = Client(profile).Open(s_id);
        _port.Deliver(Packets.Raw(RpcMessageType.Reply, 0, 0, s_id, 0, 0, 0));
        Assert.Equal(RpcCallStatus.NoMemory, call.Result.Status);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_reply_with_an_unknown_sequence_id_is_ignored_and_the_active_message_untouched(string profile)
    {
        var client = Client(profile);
        var call = client.Open(s_id);
        var reply = Packets.Reply(0, s_id, RmError.Ok, Packets.Pattern(300));
        _port.Deliver(reply[0], Packets.Reply(77, s_id, RmError.Ok)[0], reply[1]);
        Assert.Equal(Packets.Pattern(300), call.Payload);
        Assert.Equal(1, client.Statistics.Dropped(DropReason.UnknownReply));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_reply_with_another_message_id_is_ignored_and_the_active_message_untouched(string profile)
    {
        var call = Client(profile).Open(s_id);
        var reply = Packets.Reply(0, s_id, RmError.Ok, Packets.Pattern(300));
        _port.Deliver(reply[0], Packets.Reply(0, s_status, RmError.Ok)[0], reply[1]);
        Assert.Equal(Packets.Pattern(300), call.Payload);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_second_reply_after_the_call_ended_has_an_unknown_sequence_id(string profile)
    {
        var client = Client(profile);
        var call = client.Open(s_id);
        _port.Deliver(Packets.Reply(0, s_id, RmError.Ok, 1)[0], Packets.Reply(0, s_id, RmError.Ok, 2)[0]);
        Assert.Equal([1], call.Payload);
        Assert.Equal(1, client.Statistics.Dropped(DropReason.UnknownReply));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_new_reply_aborts_the_one_under_reassembly(string profile)
    {
        var client = Client(profile);
        var first = client.Open(s_id);
        var second = client.Open(s_id);
        _port.Deliver(Packets.Reply(0, s_id, RmError.Ok, Packets.Pattern(300))[0]);
        Assert.False(first.HasEnded);
        _port.Deliver(Packets.Reply(1, s_id, RmError.Ok, 9));
        Assert.Equal(RpcCallStatus.Aborted, first.Result.Status);
        Assert.Equal([9], second.Payload);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_new_notification_aborts_the_reply_under_reassembly(string profile)
    {
        var call = Client(profile).Open(s_id);
        _port.Deliver(Packets.Reply(0, s_id, RmError.Ok, Packets.Pattern(300))[0], Packets.Notification(0, s_status, 1)[0]);
        Assert.Equal(RpcCallStatus.Aborted, call.Result.Status);
        Assert.Single(_notified);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_new_reply_frees_the_notification_under_reassembly(string profile)
    {
        var call = Client(profile).Open(s_id);
        _port.Deliver(Packets.Notification(0, s_status, Packets.Pattern(300))[0], Packets.Reply(0, s_id, RmError.Ok)[0]);
        Assert.Equal(RpcCallStatus.Ok, call.Result.Status);
        Assert.Empty(_notified);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_continuation_with_nothing_under_reassembly_is_ignored(string profile)
    {
        var client = Client(profile);
        var call = client.Open(s_id);
        _port.Deliver(Packets.Raw(RpcMessageType.Continuation, 1, 0, s_id, 1), Packets.Reply(0, s_id, RmError.Ok)[0]);
        Assert.Equal(RpcCallStatus.Ok, call.Result.Status);
        Assert.Equal(1, client.Statistics.Dropped(DropReason.StrayContinuation));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_continuation_with_another_message_id_aborts(string profile)
    {
        var call = Client(profile).Open(s_id);
        _port.Deliver(Packets.Reply(0, s_id, RmError.Ok, Packets.Pattern(300))[0], Packets.Raw(RpcMessageType.Continuation, 1, 0, s_status, 1));
        Assert.Equal(RpcCallStatus.Aborted, call.Result.Status);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_continuation_with_another_fragment_count_aborts(string profile)
    {
        var call = Client(profile).Open(s_id);
        _port.Deliver(Packets.Reply(0, s_id, RmError.Ok, Packets.Pattern(300))[0], Packets.Raw(RpcMessageType.Continuation, 2, 0, s_id, 1));
        Assert.Equal(RpcCallStatus.Aborted, call.Result.Status);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void The_sequence_id_of_a_continuation_is_not_checked(string profile)
    {
        var call = Client(profile).Open(s_id);
        var reply = Packets.Reply(0, s_id, RmError.Ok, Packets.Pattern(300));
        reply[1][2] ^= 0xFF;
        _port.Deliver(reply);
        Assert.Equal(Packets.Pattern(300), call.Payload);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Short_packets_in_the_middle_are_joined(string profile)
    {
        var call = Client(profile).Open(s_id);
        _port.Deliver(
            Packets.Raw(RpcMessageType.Reply, 2, 0, s_id, 0, 0, 0, 0, 1, 2),
            Packets.Raw(RpcMessageType.Continuation, 2, 0, s_id),
            Packets.Raw(RpcMessageType.Continuation, 2, 0, s_id, 3));
        Assert.Equal([1, 2, 3], call.Payload);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_notification_may_begin_with_an_empty_packet(string profile)
    {
        Client(profile);
        _port.Deliver(Packets.Raw(RpcMessageType.Notification, 1, 0, s_status), Packets.Raw(RpcMessageType.Continuation, 1, 0, s_status, 1, 2));
        Assert.Equal([(s_status.Value, 2)], _notified);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Notifications_are_handled_before_the_next_packet_is_read(string profile)
    {
        var client = Client(profile);
        var waiting = new List<int>();
        client.Notification = _ => waiting.Add(_port.Waiting);
        _port.Deliver(Packets.Notification(0, s_status, 1)[0], Packets.Notification(1, s_status, 2)[0]);
        Assert.Equal([1, 0], waiting);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_receive_error_ends_the_loop_and_is_counted(string profile)
    {
        var client = Client(profile);
        _port.AnswerReceives(new MsgQueueReceiveResult(GunyahError.AddrOverflow, 0, NotEmpty: false));
        _port.Deliver(Packets.Notification(0, s_status, 1));
        Assert.Equal(1, client.Statistics.ReceiveErrors);
        Assert.Equal(1, _port.Waiting);
    }

    [Fact]
    public void A_message_that_the_hypervisor_cannot_hand_over_does_not_hang_the_loop()
    {
        // Hypervisor 23.12 answers Ok, 0 bytes, not empty, for ever.
        var client = Client("v17");
        _port.AnswerReceives([.. Enumerable.Repeat(new MsgQueueReceiveResult(GunyahError.Ok, 0, NotEmpty: true), 100)]);
        var before = _port.ReceiveCalls;
        _port.NotEmpty!();
        Assert.Equal(before + 1, _port.ReceiveCalls);
        Assert.Equal(1, client.Statistics.ReceiveErrors);
    }

    [Fact]
    public void Linux_v10_never_tells_the_caller_whose_reply_was_overwritten()
    {
        var client = new RpcClient(_port, new RpcClientOptions { Rules = ReassemblyRules.LinuxV10 });
        var call = client.Open(s_id);
        _port.Deliver(Packets.Reply(0, s_id, RmError.Ok, Packets.Pattern(300))[0], Packets.Notification(0, s_status, 1)[0]);
        Assert.False(call.HasEnded);
    }

    private RpcClient Client(string profile)
    {
        var client = new RpcClient(_port, new RpcClientOptions { Rules = profile == "v12" ? ReassemblyRules.LinuxV12 : ReassemblyRules.LinuxV17 });
        client.Notification += notification => _notified.Add((notification.Id.Value, notification.Payload.Length));
        return client;
    }
}
