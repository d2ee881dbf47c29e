using RmStack.Protocol;
using RmStack.Protocol.Hypercalls;
using RmStack.Testing;
using RmStack.Transport.Ports;
using RmStack.Transport.Rpc;

namespace RmStack.Transport.Tests.Rpc;

/// <summary>A client and a server over loopback queues, on one thread.</summary>
public sealed class RpcCallTests
{
    private static readonly MessageId s_id = MessageId.VmGetState;

    public static TheoryData<int> Sizes => [0, 1, 4, 227, 228, 229, 232, 233, 460, 464, 465, 2000, 14380, 14384];

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_request_of_any_size_is_answered_with_the_same_bytes(int size)
    {
        var pair = new RpcPair(DelegateHandler.Echo);
        var payload = Packets.Pattern(size);
        pair.Run(async () =>
        {
            using var result = await pair.Client.CallAsync(s_id, payload);
            Assert.Equal(RpcCallStatus.Ok, result.Status);
            Assert.Equal(payload, result.Payload.ToArray());
        });
        Assert.Equal(RpcLimits.PacketsFor(size), pair.Client.Statistics.PacketsSent);
        Assert.Equal(RpcLimits.PacketsFor(size + 4), pair.Client.Statistics.PacketsReceived);
        Assert.Equal(0, pair.Context.ForeignPosts);
    }

    [Fact]
    public void The_longest_message_of_the_wire_fills_63_packets_each_way()
    {
        var pair = new RpcPair(
            new DelegateHandler((in request, responder) => responder.Reply(RmError.Ok, request.Payload[..RpcLimits.MaxReplyPayload])),
            new RpcClientOptions { MaxRequestContent = RpcLimits.MaxContent });
        var payload = Packets.Pattern(RpcLimits.MaxContent);
        pair.Run(async () =>
        {
            using var result = await pair.Client.CallAsync(s_id, payload);
            Assert.Equal(payload[..RpcLimits.MaxReplyPayload], result.Payload.ToArray());
        });
        Assert.Equal(63, pair.Client.Statistics.PacketsSent);
        Assert.Equal(63, pair.Client.Statistics.PacketsReceived);
        Assert.True(pair.Client.Statistics.QueueFull == 0, "the client asks before it sends");
    }

    [Fact]
    public void An_rm_error_is_a_value_and_its_payload_is_discarded()
    {
        var pair = new RpcPair(new DelegateHandler((in _, responder) => responder.Reply(RmError.VmState, [1, 2, 3, 4])));
        pair.Run(async () =>
        {
            using var result = await pair.Client.CallAsync(s_id, default);
            Assert.Equal(RpcCallStatus.RmError, result.Status);
            Assert.Equal(RmError.VmState, result.Error);
            Assert.True(result.Payload.IsEmpty);
        });
    }

    [Fact]
    public void An_unknown_message_is_unimplemented_by_default()
    {
        var pair = new RpcPair(UnimplementedHandler.Instance);
        pair.Run(async () => Assert.Equal(RmError.Unimplemented, (await pair.Client.CallAsync(new MessageId(0x1234), default)).Error));
    }

    [Fact]
    public void Many_calls_are_in_flight_at_once_and_each_gets_its_own_reply()
    {
        var pair = new RpcPair(DelegateHandler.Echo);
        pair.Run(async () =>
        {
            var calls = new List<OpenCall>();
            for (var i = 0; i < 100; i++)
                calls.Add(pair.Client.Open(s_id, Packets.Pattern(10 + (i * 9), i)));
            Assert.Equal(100, pair.Client.OpenCalls);
            await Idle(pair);
            for (var i = 0; i < 100; i++)
            {
                // A flooded link may lose replies, as the RM's does; what arrives is right.
                if (calls[i].HasEnded)
                    Assert.Equal(Packets.Pattern(10 + (i * 9), i), calls[i].Payload);
            }

            Assert.Equal(100, calls.Count(call => call.HasEnded) + pair.Link.Statistics.RepliesDropped);
        });
    }

    [Fact]
    public void Replies_out_of_order_reach_their_callers()
    {
        var responders = new List<RpcResponder>();
        var pair = new RpcPair(new DelegateHandler((in _, responder) => responders.Add(responder)));
        pair.Run(async () =>
        {
            var first = pair.Client.Open(s_id);
            var second = pair.Client.Open(MessageId.VmStart);
            var third = pair.Client.Open(s_id);
            await Idle(pair);
            Assert.Equal(3, responders.Count);
            responders[2].Reply(RmError.Ok, [3]);
            responders[0].Reply(RmError.Ok, [1]);
            responders[1].Reply(RmError.Denied);
            Assert.Equal([1], (await first.Wait()).Payload.ToArray());
            Assert.Equal(RmError.Denied, (await second.Wait()).Error);
            Assert.Equal([3], (await third.Wait()).Payload.ToArray());
        });
    }

    [Fact]
    public void A_notification_sent_before_the_reply_is_handled_before_the_caller_wakes()
    {
        RpcPair? pair = null;
        pair = new RpcPair(new DelegateHandler((in request, responder) =>
        {
            pair!.Server.Notify(request.Vmid, MessageId.VmStatus, Packets.Pattern(500));
            responder.Reply(RmError.Ok);
        }));
        var order = new List<string>();
        pair.Client.Notification += notification => order.Add($"{notification.Id.Value:X} {notification.Payload.Length}");
        pair.Run(async () =>
        {
            await pair.Client.CallAsync(s_id, default);
            order.Add("reply");
        });
        Assert.Equal([$"{MessageId.VmStatus.Value:X} 500", "reply"], order);
    }

    [Fact]
    public void Sequence_ids_count_up_and_wrap_over_the_ids_in_use()
    {
        var seen = new List<ushort>();
        RpcResponder held = default;
        var pair = new RpcPair(
            new DelegateHandler((in request, responder) =>
            {
                seen.Add(request.SequenceId);
                if (request.SequenceId == 1 && seen.Count < 4)
                    held = responder;
                else
                    responder.Reply(RmError.Ok);
            }),
            new RpcClientOptions { LastSequenceId = 3 });
        pair.Run(async () =>
        {
            await pair.Client.CallAsync(s_id, default);
            var open = pair.Client.Open(s_id);
            for (var i = 0; i < 4; i++)
                await pair.Client.CallAsync(s_id, default);
            held.Reply(RmError.Ok);
            await open.Wait();
        });
        Assert.Equal([0, 1, 2, 3, 0, 2], seen);
    }

    [Fact]
    public void When_every_sequence_id_is_in_use_a_call_fails_before_anything_is_sent()
    {
        var port = new RecordingMsgQueue();
        var client = new RpcClient(port, new RpcClientOptions { LastSequenceId = 0 });
        client.Open(s_id);
        Assert.Equal(RpcCallStatus.NoSequenceId, client.Open(s_id).Result.Status);
        Assert.Single(port.Sent);
    }

    [Fact]
    public void A_request_over_62_fragments_worth_is_too_big_and_nothing_is_sent()
    {
        var port = new RecordingMsgQueue();
        var client = new RpcClient(port);
        Assert.Equal(RpcCallStatus.TooBig, client.Open(s_id, new byte[14385]).Result.Status);
        Assert.Empty(port.Sent);
        Assert.False(client.Open(s_id, new byte[14384]).HasEnded);
        Assert.Equal(62, port.Sent.Count);
    }

    [Fact]
    public void The_downstream_driver_cannot_send_an_empty_request()
    {
        var port = new RecordingMsgQueue();
        var client = new RpcClient(port, RpcClientOptions.Downstream);
        var refused = client.Open(s_id).Result;
        Assert.Equal((RpcCallStatus.TooBig, -7L), (refused.Status, (long)refused.ToErrno()));
        Assert.Empty(port.Sent);
        Assert.False(client.Open(s_id, new byte[1]).HasEnded);
    }

    [Fact]
    public void Message_id_zero_is_an_invalid_argument()
    {
        var port = new RecordingMsgQueue();
        Assert.Equal(RpcCallStatus.InvalidArgument, new RpcClient(port).Open(default).Result.Status);
        Assert.Empty(port.Sent);
    }

    [Fact]
    public void The_payload_of_a_disposed_result_cannot_be_read_and_disposing_twice_is_harmless()
    {
        var pair = new RpcPair(DelegateHandler.Echo);
        pair.Run(async () =>
        {
            var first = await pair.Client.CallAsync(s_id, Packets.Pattern(100));
            first.Dispose();
            using var second = await pair.Client.CallAsync(s_id, Packets.Pattern(100, 9));
            first.Dispose();
            Assert.Throws<ObjectDisposedException>(() => first.Payload);
            Assert.Equal(Packets.Pattern(100, 9), second.Payload.ToArray());
        });
    }

    [Fact]
    public void Both_ends_work_with_a_queue_of_depth_one()
    {
        var pair = new RpcPair(DelegateHandler.Echo, queue: new LoopbackQueueOptions { Depth = 1 });
        var payload = Packets.Pattern(14000);
        pair.Run(async () =>
        {
            for (var i = 0; i < 3; i++)
            {
                using var result = await pair.Client.CallAsync(s_id, payload);
                Assert.Equal(payload, result.Payload.ToArray());
            }
        });
    }

    [Fact]
    public void Packets_that_were_there_before_the_client_do_not_keep_replies_from_being_seen()
    {
        var context = new SingleThreadContext();
        var (clientPort, serverPort) = LoopbackPort.CreatePair(null, context, context);
        // An interrupt controller that was reset: the packets are there, the edge is gone.
        clientPort.NotEmpty = () => { };
        serverPort.Send(Packets.Notification(0, MessageId.VmStatus, 1)[0], MsgQueueFlags.None);
        context.RunUntilIdle();
        context.Run(async () =>
        {
            using var server = new RpcServer(DelegateHandler.Echo);
            server.AddLink(3, serverPort);
            await using var client = new RpcClient(clientPort);
            using var result = await client.CallAsync(s_id, new byte[] { 5 });
            Assert.Equal([5], result.Payload.ToArray());
            Assert.Equal(1, client.Statistics.Notifications);
        });
    }

    private static async Task Idle(RpcPair pair)
    {
        // Everything that is posted now and follows from it runs before this continues: a message takes fewer turns than that.
        for (var i = 0; i < 5000 && pair.Context.HasWork; i++)
            await Task.Yield();
    }
}
