using RmStack.Protocol;
using RmStack.Protocol.Messages;
using RmStack.Testing;
using RmStack.Transport.Ports;
using RmStack.Transport.Rpc;

namespace RmStack.Transport.Tests.Rpc.Requests;

[Collection(AloneCollection.Name)]
public sealed class TypedCallAllocationTests
{
    private const int Calls = 50;
    private const int Rounds = 20;

    public static TheoryData<string> Samples => new(TypedCalls.All.Select(call => call.Request.Name));

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_typed_call_and_its_reply_allocate_nothing_once_the_pools_are_warm(string name)
    {
        var call = TypedCalls.All.Single(call => call.Request.Name == name);
        var reply = call.Reply?.Payload ?? [];
        Assert.Equal(0, Least(call, _ => reply));
    }

    [Fact]
    public void Dispatching_to_a_typed_handler_allocates_nothing()
    {
        foreach (var call in TypedCalls.All.DistinctBy(call => call.Id))
            Assert.Equal((call.ToString(), 0), (call.ToString(), Least(call, id => call.Id == id ? call.Reply?.Payload ?? [] : [])));
    }

    [Fact]
    public void Answering_later_allocates_nothing()
    {
        var owed = new Queue<RpcDeferredReply<VmidReply>>();
        var context = new SingleThreadContext();
        var client = Client(context, RpcDispatcher.ByVmid().Add(new RpcHandlerGroup<ushort>().Add<EmptyPayload, VmidReply>(MessageId.VmGetVmid, (_, scoped in _, ref reply) =>
        {
            if (!reply.TryDefer(out var later))
                return RmError.Busy;
            owed.Enqueue(later);
            return RmError.Ok;
        })));
        Assert.Equal(0, Least(() =>
        {
#pragma warning disable CA2012 // Looked at step by step on purpose: an async method would allocate.
            var awaiter = client.VmGetVmidAsync().GetAwaiter();
#pragma warning restore CA2012
            context.RunUntilIdle();
            if (!owed.Dequeue().Reply((ushort)3, static (vmid, ref reply) => reply.Write(vmid)))
                throw new InvalidOperationException("not owed");
            context.RunUntilIdle();
            awaiter.GetResult().Dispose();
        }));
    }

    private static RpcClient Client(SingleThreadContext context, IRpcHandler handler)
    {
        var (clientPort, serverPort) = LoopbackPort.CreatePair(null, context, context);
        RpcClient? client = null;
        context.Run(() =>
        {
            var server = new RpcServer(handler);
            server.AddLink(3, serverPort);
            client = new RpcClient(clientPort);
        });
        return client!;
    }

    private static long Least(TypedCall call, Func<MessageId, byte[]> replies)
    {
        var context = new SingleThreadContext();
        var reply = replies(call.Id);
        var handlers = new TypedHandlers(_ => reply) { Asked = null };
        var client = Client(context, RpcDispatcher.ByVmid().Add(handlers.Group(_ => true)));
        return Least(() =>
        {
            if (call.Step(client, context) != RpcCallStatus.Ok)
                throw new InvalidOperationException("the call failed");
        });
    }

    private static long Least(Action step)
    {
        Make();

        // A pool with a cache per core allocates once more when the thread moves to another core; what a call allocates shows in every round.
        var least = long.MaxValue;
        for (var round = 0; round < Rounds && least > 0; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Make();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;

        void Make()
        {
            for (var i = 0; i < Calls; i++)
                step();
        }
    }
}
