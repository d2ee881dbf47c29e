using RmStack.Protocol;
using RmStack.Testing;
using RmStack.Transport.Rpc;

namespace RmStack.Transport.Tests.Rpc;

public sealed class PendingCallsTests
{
    private static readonly MessageId s_id = MessageId.VmStart;

    [Fact]
    public void A_reply_matches_by_sequence_id_and_message_id()
    {
        var calls = new PendingCalls();
        var call = Add(calls);
        Assert.True(calls.TryMatch(0, s_id, out var found));
        Assert.Same(call, found);
        Assert.False(calls.TryMatch(1, s_id, out _));
        Assert.False(calls.TryMatch(0, MessageId.VmStop, out _));
    }

    [Fact]
    public void An_abandoned_id_matches_without_a_call_until_its_late_reply_was_seen()
    {
        var calls = new PendingCalls(1);
        var call = Add(calls);
        calls.Abandon(call);
        Assert.Equal((0, 1), (calls.Open, calls.Reserved));
        Assert.True(calls.TryMatch(0, s_id, out var found));
        Assert.Null(found);
        Assert.Equal(1, Add(calls).SequenceId);
        Assert.False(calls.TryAdd(new RpcCall()));
        calls.LateReplySeen(0);
        Assert.Equal(0, Add(calls).SequenceId);
    }

    [Fact]
    public void The_earliest_deadline_is_known_whatever_the_order_and_the_removals()
    {
        var random = new SeededRandom(5);
        var calls = new PendingCalls();
        var open = new List<RpcCall>();
        for (var i = 0; i < 2000; i++)
        {
            if (open.Count > 0 && random.OneIn(2))
            {
                var at = random.Next(open.Count);
                if (random.OneIn(2))
                    calls.Remove(open[at]);
                else
                    calls.Abandon(open[at]);
                open.RemoveAt(at);
            }
            else
            {
                open.Add(Add(calls, random.OneIn(4) ? null : random.Next(1000)));
            }

            Assert.Equal(open.Min(call => call.Deadline), calls.NextDeadline);
            Assert.Equal(open.Count, calls.Open);
        }
    }

    private static RpcCall Add(PendingCalls calls, long? deadline = null)
    {
        var call = new RpcCall { Id = s_id, Deadline = deadline };
        Assert.True(calls.TryAdd(call));
        return call;
    }
}
