using RmStack.Protocol;
using RmStack.Protocol.Messages;
using RmStack.Testing;
using RmStack.Transport.Rpc;

namespace RmStack.Transport.Tests.Rpc;

public sealed class DeferredReplyTests
{
    private readonly Queue<RpcDeferredReply<VmidReply>> _owed = new();

    [Fact]
    public void A_handler_may_answer_later_in_any_order_and_once()
    {
        var (pair, dispatcher) = Make();
        pair.Run(async () =>
        {
            var first = pair.Client.VmGetVmidAsync().AsTask();
            var second = pair.Client.VmGetVmidAsync().AsTask();
            var third = pair.Client.VmGetVmidAsync().AsTask();
            await Until(3);
            Assert.False(first.IsCompleted);
            var (one, two, three) = (_owed.Dequeue(), _owed.Dequeue(), _owed.Dequeue());
            Assert.True(three.Reply((ushort)33, static (vmid, ref reply) => reply.Write(vmid)));
            using (var result = await third)
            {
                Assert.Equal(DecodeStatus.Ok, Vmid(result, out var vmid));
                Assert.Equal(33, vmid);
            }

            Assert.True(one.Reply(RmError.Denied));
            Assert.Equal(RmError.Denied, (await first).Error);
            Assert.Equal(1, dispatcher.DeferredReplies);
            Assert.True(two.Reply(RmError.Busy));
            Assert.Equal(RmError.Busy, (await second).Error);
            Assert.False(one.Reply(RmError.Ok));
            Assert.False(three.Reply((ushort)1, static (_, ref _) => throw new InvalidOperationException("was asked")));
            Assert.False(default(RpcDeferredReply<VmidReply>).Reply(RmError.Ok));
            Assert.Equal((0, 3), (dispatcher.DeferredReplies, pair.Link.Statistics.Replies));
        });
    }

    [Fact]
    public void A_VM_is_owed_so_many_replies_and_no_more()
    {
        var (pair, dispatcher) = Make(maxDeferred: 4);
        pair.Run(async () =>
        {
            var open = Enumerable.Range(0, 4).Select(_ => pair.Client.VmGetVmidAsync().AsTask()).ToArray();
            await Until(4);
            Assert.Equal(RmError.Busy, (await pair.Client.VmGetVmidAsync()).Error);
            // Another VM is owed its own.
            Assert.Equal(4, dispatcher.DeferredReplies);
            Assert.True(_owed.Dequeue().Reply(RmError.Denied));
            Assert.Equal(RmError.Denied, (await open[0]).Error);
            var again = pair.Client.VmGetVmidAsync().AsTask();
            await Until(4);
            Assert.False(again.IsCompleted);
            while (_owed.TryDequeue(out var owed))
                owed.Reply(RmError.Ok);
            await Task.WhenAll([.. open, again]);
        });
        Assert.Equal(256, RpcDispatcher.ByVmid().MaxDeferredPerVm);
    }

    [Fact]
    public void What_a_VM_that_is_gone_was_owed_is_forgotten()
    {
        var (pair, dispatcher) = Make(maxDeferred: 2);
        pair.Run(async () =>
        {
            var open = new[] { pair.Client.VmGetVmidAsync().AsTask(), pair.Client.VmGetVmidAsync().AsTask() };
            await Until(2);
            Assert.True(pair.Server.RemoveLink(RpcPair.Vmid));
            // The link is gone: nothing is sent, and nothing breaks.
            Assert.True(_owed.Dequeue().Reply(RmError.Ok));
            Assert.Equal(0, dispatcher.Forget(0x80));
            Assert.Equal(1, dispatcher.Forget(RpcPair.Vmid));
            Assert.False(_owed.Dequeue().Reply(RmError.Ok));
            Assert.Equal(0, dispatcher.DeferredReplies);
            await pair.Client.DisposeAsync();
            Assert.All(await Task.WhenAll(open), result => Assert.Equal(RpcCallStatus.Closed, result.Status));
        });
    }

    [Fact]
    public void A_deferred_reply_cannot_be_deferred_again_and_neither_can_a_second_time()
    {
        var refused = 0;
        RpcDeferredReply<VmidReply> owed = default;
        var pair = new RpcPair(RpcDispatcher.ByVmid().Add(new RpcHandlerGroup<ushort>().Add<EmptyPayload, VmidReply>(MessageId.VmGetVmid, (_, scoped in _, ref reply) =>
        {
            Assert.True(reply.TryDefer(out owed));
            refused += reply.TryDefer(out _) ? 0 : 1;
            // Not sent: the reply is owed.
            return RmError.Denied;
        })));
        pair.Run(async () =>
        {
            var call = pair.Client.VmGetVmidAsync().AsTask();
            while (refused == 0)
                await Task.Yield();
            Assert.True(owed.Reply(5, (vmid, ref reply) =>
            {
                refused += reply.TryDefer(out _) ? 0 : 1;
                reply.Write((ushort)vmid);
            }));
            Assert.True((await call).IsOk);
        });
        Assert.Equal(2, refused);
    }

    [Fact]
    public void Answers_from_other_threads_arrive_each_once()
    {
        const int Calls = 2000;
        var (pair, dispatcher) = Make();
        var ready = new System.Collections.Concurrent.BlockingCollection<RpcDeferredReply<VmidReply>>();
        var given = new int[3];
        using var turn = new CountdownEvent(given.Length);
        var threads = Enumerable.Range(0, given.Length).Select(i => new Thread(() =>
        {
            foreach (var owed in ready.GetConsumingEnumerable())
            {
                given[i] += owed.Reply((ushort)7, static (vmid, ref reply) => reply.Write(vmid)) ? 1 : 0;
                turn.Signal();
            }
        })).ToArray();
        foreach (var thread in threads)
            thread.Start();
        pair.Run(async () =>
        {
            for (var i = 0; i < Calls; i++)
            {
                var call = pair.Client.VmGetVmidAsync().AsTask();
                await Until(1);
                var owed = _owed.Dequeue();
                // All three race for it.
                for (var copy = 0; copy < threads.Length; copy++)
                    ready.Add(owed);
                turn.Wait();
                turn.Reset();
                using var result = await call;
                Assert.True(result.IsOk);
            }

            ready.CompleteAdding();
        });
        foreach (var thread in threads)
            thread.Join();
        Assert.Equal((Calls, 0, Calls), (given.Sum(), dispatcher.DeferredReplies, (int)pair.Link.Statistics.Replies));
    }

    private static DecodeStatus Vmid(RpcResult<VmidReply> result, out ushort vmid)
    {
        var status = result.TryRead(out var reply);
        vmid = reply.Vmid;
        return status;
    }

    private (RpcPair Pair, RpcDispatcher<ushort> Dispatcher) Make(int maxDeferred = 256)
    {
        var dispatcher = new RpcDispatcher<ushort>(static (vmid, out caller) => (caller = vmid) != 0) { MaxDeferredPerVm = maxDeferred }
            .Add(new RpcHandlerGroup<ushort>().Add<EmptyPayload, VmidReply>(MessageId.VmGetVmid, (_, scoped in _, ref reply) =>
            {
                if (!reply.TryDefer(out var later))
                    return RmError.Busy;
                _owed.Enqueue(later);
                return RmError.Ok;
            }));
        return (new RpcPair(dispatcher), dispatcher);
    }

    private async Task Until(int owed)
    {
        while (_owed.Count < owed)
            await Task.Yield();
    }
}
