using FsCheck.Xunit;
using RmStack.Protocol;
using RmStack.Testing;
using RmStack.Transport.Rpc;

namespace RmStack.Transport.Tests.Rpc;

public sealed class RpcCancellationTests
{
    private static readonly MessageId s_id = MessageId.VmGetState;
    private readonly RecordingMsgQueue _port = new();
    private readonly ManualTimeProvider _clock = new();

    [Fact]
    public void A_token_that_is_cancelled_already_sends_nothing()
    {
        var client = new RpcClient(_port);
        Assert.Equal(RpcCallStatus.Cancelled, client.Open(s_id, ct: new CancellationToken(canceled: true)).Result.Status);
        Assert.Empty(_port.Sent);
    }

    [Fact]
    public void Cancelling_a_sent_call_ends_it_at_once_and_keeps_its_id_until_the_late_reply()
    {
        var client = new RpcClient(_port, new RpcClientOptions { LastSequenceId = 0 });
        using var stop = new CancellationTokenSource();
        var call = client.Open(s_id, ct: stop.Token);
        stop.Cancel();
        Assert.Equal(RpcCallStatus.Cancelled, call.Result.Status);
        Assert.Equal(1, client.ReservedIds);
        Assert.Equal(RpcCallStatus.NoSequenceId, client.Open(s_id).Result.Status);
        _port.Deliver(Packets.Reply(0, s_id, RmError.Ok, 1));
        Assert.Equal(1, client.Statistics.LateReplies);
        Assert.Equal(0, client.ReservedIds);
        var next = client.Open(s_id);
        Assert.False(next.HasEnded);
        _port.Deliver(Packets.Reply(0, s_id, RmError.Ok, 2));
        Assert.Equal([2], next.Payload);
    }

    [Fact]
    public void A_long_late_reply_is_swallowed_whole_before_its_id_is_free()
    {
        var client = new RpcClient(_port, new RpcClientOptions { LastSequenceId = 0 });
        using var stop = new CancellationTokenSource();
        client.Open(s_id, ct: stop.Token);
        var late = Packets.Reply(0, s_id, RmError.Ok, Packets.Pattern(500));
        _port.Deliver(late[0]);
        stop.Cancel();
        _port.Deliver(late[1]);
        Assert.Equal(RpcCallStatus.NoSequenceId, client.Open(s_id).Result.Status);
        _port.Deliver(late[2]);
        Assert.False(client.Open(s_id).HasEnded);
    }

    [Fact]
    public void Cancelling_a_queued_call_frees_its_id_and_it_is_never_sent()
    {
        _port.Room = 1;
        var client = new RpcClient(_port);
        client.Open(s_id);
        using var stop = new CancellationTokenSource();
        var queued = client.Open(s_id, ct: stop.Token);
        var behind = client.Open(s_id);
        stop.Cancel();
        Assert.Equal(RpcCallStatus.Cancelled, queued.Result.Status);
        Assert.Equal(0, client.ReservedIds);
        _port.MakeRoom(10);
        Assert.Equal([0, 2], _port.Sent.Select(packet => (int)Packets.Header(packet.Bytes).SequenceId));
        Assert.False(behind.HasEnded);
    }

    [Fact]
    public void Cancelling_in_the_middle_of_the_request_lets_the_next_one_displace_it()
    {
        _port.Room = 1;
        var client = new RpcClient(_port);
        using var stop = new CancellationTokenSource();
        var cut = client.Open(s_id, new byte[1000], stop.Token);
        var next = client.Open(s_id);
        stop.Cancel();
        Assert.Equal(RpcCallStatus.Cancelled, cut.Result.Status);
        Assert.Equal(0, client.ReservedIds);
        _port.MakeRoom(10);
        Assert.Equal(2, _port.Sent.Count);
        Assert.Equal(Packets.Request(1, s_id)[0], _port.Sent[1].Bytes);
        Assert.False(next.HasEnded);
    }

    [Fact]
    public void Cancelling_during_the_last_packets_hypercall_keeps_the_id()
    {
        var client = new RpcClient(_port);
        using var stop = new CancellationTokenSource();
        _port.DuringSend = stop.Cancel;
        Assert.Equal(RpcCallStatus.Cancelled, client.Open(s_id, ct: stop.Token).Result.Status);
        Assert.Single(_port.Sent);
        Assert.Equal(1, client.ReservedIds);
    }

    [Fact]
    public void Cancelling_during_a_hypercall_that_finds_the_queue_full_frees_the_id()
    {
        _port.Room = 0;
        var client = new RpcClient(_port);
        using var stop = new CancellationTokenSource();
        _port.DuringSend = stop.Cancel;
        Assert.Equal(RpcCallStatus.Cancelled, client.Open(s_id, ct: stop.Token).Result.Status);
        Assert.Equal(0, client.ReservedIds);
        _port.DuringSend = null;
        _port.MakeRoom(5);
        Assert.Empty(_port.Sent);
    }

    [Fact]
    public void Cancelling_after_the_reply_changes_nothing()
    {
        var client = new RpcClient(_port);
        using var stop = new CancellationTokenSource();
        var call = client.Open(s_id, ct: stop.Token);
        _port.Deliver(Packets.Reply(0, s_id, RmError.Ok, 4));
        stop.Cancel();
        Assert.Equal([4], call.Payload);
        Assert.Equal(0, client.ReservedIds);
    }

    [Fact]
    public void Without_a_timeout_a_call_waits_for_ever()
    {
        var client = new RpcClient(_port, new RpcClientOptions { TimeProvider = _clock });
        var call = client.Open(s_id);
        _clock.Advance(TimeSpan.FromDays(365));
        Assert.False(call.HasEnded);
        Assert.Equal(0, _clock.ActiveTimers);
    }

    [Fact]
    public void A_call_times_out_at_its_deadline_and_not_before_and_keeps_its_id()
    {
        var client = new RpcClient(_port, new RpcClientOptions { TimeProvider = _clock, DefaultTimeout = TimeSpan.FromSeconds(3) });
        var call = client.Open(s_id);
        _clock.Advance(TimeSpan.FromSeconds(2.999));
        Assert.False(call.HasEnded);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(RpcCallStatus.TimedOut, call.Result.Status);
        Assert.Equal(1, client.ReservedIds);
        _port.Deliver(Packets.Reply(0, s_id, RmError.Ok));
        Assert.Equal(0, client.ReservedIds);
    }

    [Fact]
    public void Deadlines_of_any_order_are_kept()
    {
        var client = new RpcClient(_port, new RpcClientOptions { TimeProvider = _clock });
        int[] seconds = [5, 1, 3, 2, 4];
        var ends = new List<int>();
        var context = new SingleThreadContext();
        foreach (var time in seconds)
            context.Run(() => { _ = Watch(time); });
        for (var now = 0; now < 6; now++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            context.RunUntilIdle();
            Assert.Equal(Math.Min(now + 1, 5), ends.Count);
        }

        Assert.Equal([1, 2, 3, 4, 5], ends);
        return;

        async Task Watch(int time)
        {
            var result = await client.CallAsync(s_id, default, TimeSpan.FromSeconds(time));
            Assert.Equal(RpcCallStatus.TimedOut, result.Status);
            ends.Add(time);
        }
    }

    [Fact]
    public void Closing_ends_every_waiting_queued_and_half_sent_call_as_closed()
    {
        _port.Room = 2;
        var client = new RpcClient(_port, new RpcClientOptions { TimeProvider = _clock, DefaultTimeout = TimeSpan.FromSeconds(3) });
        OpenCall[] calls = [client.Open(s_id), client.Open(s_id, new byte[1000]), client.Open(s_id)];
        var disposal = client.DisposeAsync();
        Assert.True(disposal.IsCompletedSuccessfully);
        Assert.All(calls, call => Assert.Equal(RpcCallStatus.Closed, call.Result.Status));
        Assert.Equal(RpcCallStatus.Closed, client.Open(s_id).Result.Status);
        Assert.Null(_port.NotEmpty);
        Assert.Null(_port.NotFull);
        Assert.Equal(0, _clock.ActiveTimers);
    }

    [Fact]
    public void Closing_from_a_notification_handler_ends_the_calls_and_reads_no_more()
    {
        var client = new RpcClient(_port);
        var call = client.Open(s_id);
        Task? disposal = null;
        client.Notification += notification => disposal = client.DisposeAsync().AsTask();
        _port.Deliver(Packets.Notification(0, MessageId.VmStatus, 1)[0], Packets.Reply(0, s_id, RmError.Ok)[0]);
        Assert.True(disposal!.IsCompletedSuccessfully);
        Assert.Equal(RpcCallStatus.Closed, call.Result.Status);
        Assert.Equal(1, _port.Waiting);
    }

    /// <summary>
    /// Calls are started, cancelled and answered in any order, with very few ids. Each reply carries its request's number; whatever happens, a
    /// call that is Ok got its own.
    /// </summary>
    [Property(MaxTest = 300)]
    public void A_late_reply_never_reaches_another_call(ulong seed)
    {
        var random = new SeededRandom(seed);
        var port = new RecordingMsgQueue { Room = 3 };
        var client = new RpcClient(port, new RpcClientOptions { LastSequenceId = random.Next(4) });
        var calls = new List<(OpenCall Call, CancellationTokenSource Stop, int Number)>();
        var number = 0;
        var next = 0;
        var toAnswer = new List<(ushort Seq, byte[] Number)>();
        var rules = new Reassembler(ReassemblyRules.ResourceManager);
        for (var step = 0; step < 200; step++)
        {
            switch (random.Next(6))
            {
                case 0 or 1:
                    var stop = new CancellationTokenSource();
                    var payload = new byte[random.OneIn(2) ? 4 : 600];
                    BitConverter.TryWriteBytes(payload, number);
                    calls.Add((client.Open(s_id, payload, stop.Token), stop, number++));
                    break;
                case 2 when calls.Count > 0:
                    calls[random.Next(calls.Count)].Stop.Cancel();
                    break;
                case 3:
                    port.MakeRoom(random.Next(4));
                    break;
                default:
                    for (; next < port.Sent.Count; next++)
                    {
                        if (rules.Accept(port.Sent[next].Bytes).Result == ReassemblyResult.Complete)
                            toAnswer.Add((rules.Header.SequenceId, rules.Content[..4].ToArray()));
                    }

                    if (toAnswer.Count == 0)
                        break;
                    var which = random.Next(toAnswer.Count);
                    port.Deliver(Packets.Reply(toAnswer[which].Seq, s_id, RmError.Ok, toAnswer[which].Number));
                    toAnswer.RemoveAt(which);
                    break;
            }
        }

        foreach (var (call, stop, mine) in calls)
        {
            stop.Dispose();
            if (call.HasEnded && call.Result.Status == RpcCallStatus.Ok)
                Assert.Equal(mine, BitConverter.ToInt32(call.Payload));
        }
    }
}
