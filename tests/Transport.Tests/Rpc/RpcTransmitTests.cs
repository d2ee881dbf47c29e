using RmStack.Protocol;
using RmStack.Protocol.Hypercalls;
using RmStack.Testing;
using RmStack.Transport.Rpc;

namespace RmStack.Transport.Tests.Rpc;

/// <summary>How a client sends: linux rsc_mgr.c, gunyah_rm_msgq_send.</summary>
public sealed class RpcTransmitTests
{
    private static readonly MessageId s_id = MessageId.MemLend;
    private readonly RecordingMsgQueue _port = new();

    [Fact]
    public void Push_is_set_on_the_last_packet_only()
    {
        var client = new RpcClient(_port);
        client.Open(s_id, new byte[500]);
        Assert.Equal([MsgQueueFlags.None, MsgQueueFlags.None, MsgQueueFlags.Push], _port.Sent.Select(packet => packet.Flags));
    }

    [Fact]
    public void Every_packet_repeats_the_header_and_the_first_alone_is_a_request()
    {
        var client = new RpcClient(_port);
        var payload = Packets.Pattern(500);
        client.Open(s_id, payload);
        Assert.Equal(Packets.Request(0, s_id, payload), _port.Sent.Select(packet => packet.Bytes));
    }

    [Fact]
    public void After_a_send_that_filled_the_queue_the_client_waits_for_the_interrupt()
    {
        _port.Room = 1;
        var client = new RpcClient(_port);
        client.Open(s_id, new byte[500]);
        Assert.Equal(1, _port.SendCalls);
        _port.MakeRoom(2);
        Assert.Equal(3, _port.SendCalls);
        Assert.Equal(0, client.Statistics.QueueFull);
    }

    [Fact]
    public void A_full_queue_is_waited_for_and_the_same_packet_is_sent_again()
    {
        _port.Room = 0;
        var client = new RpcClient(_port);
        var payload = Packets.Pattern(500);
        client.Open(s_id, payload);
        Assert.Equal(1, _port.SendCalls);
        _port.NotFull!();
        Assert.Equal(2, _port.SendCalls);
        _port.MakeRoom(3);
        Assert.Equal(Packets.Request(0, s_id, payload), _port.Sent.Select(packet => packet.Bytes));
        Assert.Equal(2, client.Statistics.QueueFull);
    }

    [Fact]
    public void A_spurious_interrupt_while_idle_sends_nothing()
    {
        var client = new RpcClient(_port);
        _port.NotFull!();
        Assert.Equal(0, _port.SendCalls);
        client.Open(s_id);
        Assert.Equal(1, _port.SendCalls);
    }

    [Fact]
    public void An_interrupt_during_the_hypercall_is_not_lost()
    {
        _port.Room = 1;
        var client = new RpcClient(_port);
        _port.DuringSend = () =>
        {
            _port.DuringSend = null;
            // The receiver empties the queue between our send and its return.
            _port.NotFull!();
        };
        client.Open(s_id, new byte[300]);
        // The answer said "full now", yet the interrupt had come: the client tries, finds it full, and waits.
        Assert.Equal(2, _port.SendCalls);
        _port.MakeRoom(1);
        Assert.Equal(2, _port.Sent.Count);
    }

    [Fact]
    public void Packets_of_two_requests_never_interleave()
    {
        _port.Room = 1;
        var client = new RpcClient(_port);
        client.Open(s_id, new byte[500]);
        client.Open(MessageId.VmStart, new byte[300]);
        while (_port.Sent.Count < 5)
            _port.MakeRoom(1);
        Assert.Equal(
            [(0, RpcMessageType.Request), (0, RpcMessageType.Continuation), (0, RpcMessageType.Continuation), (1, RpcMessageType.Request), (1, RpcMessageType.Continuation)],
            _port.Sent.Select(packet => (Packets.Header(packet.Bytes).SequenceId, Packets.Header(packet.Bytes).Type)).Select(pair => ((int)pair.SequenceId, pair.Type)));
    }

    [Fact]
    public void Linux_v5_sends_one_packet_too_many_after_an_exact_multiple()
    {
        var client = new RpcClient(_port, RpcClientOptions.LinuxV5);
        client.Open(s_id, new byte[464]);
        Assert.Equal(3, _port.Sent.Count);
        Assert.Equal(MsgQueueFlags.Push, _port.Sent[2].Flags);
    }

    [Fact]
    public void Ends_are_what_a_linux_caller_gets()
    {
        var client = new RpcClient(_port, new RpcClientOptions { LastSequenceId = 0 });
        Assert.Equal(-7, client.Open(s_id, new byte[20000]).Result.ToErrno());
        Assert.Equal(-22, client.Open(default).Result.ToErrno());
        var call = client.Open(s_id);
        Assert.Equal(-16, client.Open(s_id).Result.ToErrno());
        _port.Deliver(Packets.Reply(0, s_id, RmError.VmState));
        Assert.Equal(-74, call.Result.ToErrno());
        _port.FailSends(GunyahError.Denied);
        Assert.Equal(-13, client.Open(s_id).Result.ToErrno());
    }

    [Fact]
    public void A_send_error_ends_the_call_and_the_next_call_goes_on()
    {
        var client = new RpcClient(_port);
        _port.FailSends(GunyahError.CspaceCapRevoked);
        var failed = client.Open(s_id).Result;
        Assert.Equal(RpcCallStatus.SendFailed, failed.Status);
        Assert.Equal(GunyahError.CspaceCapRevoked, failed.SendError);
        client.Open(s_id);
        Assert.Equal(1, Packets.Header(Assert.Single(_port.Sent).Bytes).SequenceId);
        Assert.Equal(0, client.ReservedIds);
    }

    [Fact]
    public void A_send_error_in_the_middle_stops_the_request_there()
    {
        var client = new RpcClient(_port);
        _port.DuringSend = () =>
        {
            if (_port.SendCalls == 2)
                _port.FailSends(GunyahError.Denied);
        };
        Assert.Equal(RpcCallStatus.SendFailed, client.Open(s_id, new byte[700]).Result.Status);
        Assert.Single(_port.Sent);
    }

    [Fact]
    public void A_reply_that_comes_before_the_request_is_sent_is_given_when_the_request_is_sent()
    {
        _port.Room = 1;
        var client = new RpcClient(_port);
        var call = client.Open(s_id, new byte[300]);
        _port.Deliver(Packets.Reply(0, s_id, RmError.Ok, 7));
        Assert.False(call.HasEnded);
        _port.MakeRoom(1);
        Assert.Equal(2, _port.Sent.Count);
        Assert.Equal([7], call.Payload);
    }
}
