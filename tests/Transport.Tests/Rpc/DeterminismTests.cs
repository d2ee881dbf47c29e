using RmStack.Protocol;
using RmStack.Testing;
using RmStack.Transport.Ports;
using RmStack.Transport.Rpc;

namespace RmStack.Transport.Tests.Rpc;

public sealed class DeterminismTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(77)]
    public void The_same_seed_gives_the_same_packets_on_one_thread(ulong seed)
    {
        var first = Run(seed);
        Assert.True(first.Packets > 500);
        Assert.Equal(first.Text, Run(seed).Text);
        Assert.False(string.Equals(first.Text, Run(seed + 1).Text, StringComparison.Ordinal));
    }

    private static PacketTrace Run(ulong seed)
    {
        var random = new SeededRandom(seed);
        RpcPair? pair = null;
        var clock = new ManualTimeProvider();
        pair = new RpcPair(
            new DelegateHandler((in request, responder) =>
            {
                for (var i = random.Next(3); i > 0; i--)
                    pair!.Server.Notify(request.Vmid, MessageId.VmStatus, random.Bytes(random.Next(1000)));
                responder.Reply(RmError.Ok, random.Bytes(random.Next(3000)));
            }),
            new RpcClientOptions { TimeProvider = clock, DefaultTimeout = TimeSpan.FromSeconds(1) },
            new LoopbackQueueOptions { Depth = 1 + random.Next(8) });
        pair.Client.Notification += _ => clock.Advance(TimeSpan.FromMilliseconds(random.Next(200)));
        pair.Run(async () =>
        {
            var workers = new List<Task>();
            for (var worker = 0; worker < 5; worker++)
                workers.Add(Work());
            await Task.WhenAll(workers);
        });
        Assert.Equal(0, pair.Context.ForeignPosts);
        return pair.Trace;

        async Task Work()
        {
            for (var i = 0; i < 40; i++)
            {
                using var stop = new CancellationTokenSource();
                // ConfigureAwait(false) does not leave the context either.
                var call = pair!.Client.CallAsync(MessageId.VmGetState, random.Bytes(random.Next(2000)), stop.Token);
                if (random.OneIn(4))
                {
                    await Task.Yield();
                    stop.Cancel();
                }

                var result = await call.ConfigureAwait(false);
                result.Dispose();
                Assert.Same(pair.Context, SynchronizationContext.Current);
                clock.Advance(TimeSpan.FromMilliseconds(100));
            }
        }
    }
}
