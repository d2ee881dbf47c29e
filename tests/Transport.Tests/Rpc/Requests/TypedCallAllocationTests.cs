using RmStack.Protocol;
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
        var context = new SingleThreadContext();
        var (clientPort, serverPort) = LoopbackPort.CreatePair(null, context, context);
        RpcClient? client = null;
        context.Run(() =>
        {
            var server = new RpcServer(new DelegateHandler((in _, responder) => responder.Reply(RmError.Ok, reply)));
            server.AddLink(3, serverPort);
            client = new RpcClient(clientPort);
        });
        Make();

        // A pool with a cache per core allocates once more when the thread moves to another core; what a call allocates shows in every round.
        var least = long.MaxValue;
        for (var round = 0; round < Rounds && least > 0; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Make();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        // A request of more than one packet is an array of its own, and nothing else.
        var request = call.Request.Payload.Length;
        Assert.InRange(least, 0, request <= RpcLimits.ContentPerPacket ? 0 : Calls * (request + 32));
        return;

        void Make()
        {
            for (var i = 0; i < Calls; i++)
            {
                if (call.Step(client!, context) != RpcCallStatus.Ok)
                    throw new InvalidOperationException("the call failed");
            }
        }
    }
}
