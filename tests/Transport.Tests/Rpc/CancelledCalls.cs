using RmStack.Protocol;
using RmStack.Testing;
using RmStack.Transport.Rpc;

namespace RmStack.Transport.Tests.Rpc;

/// <summary>Calls that other threads cancel at any moment, on a link whose server echoes.</summary>
internal static class CancelledCalls
{
    /// <summary>Few enough that ids run out and come round again.</summary>
    public static RpcClientOptions Options { get; } = new() { LastSequenceId = 40 };

    /// <summary>Each ends once, and never with another call's reply.</summary>
    public static Task RunAsync(RpcClient client, int callsPerWorker) => Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(async () =>
    {
        for (var i = 0; i < callsPerWorker; i++)
        {
            using var stop = new CancellationTokenSource();
            var payload = Packets.Pattern(1 + ((i * 13) % 700), (worker * 50) + i);
            var call = client.CallAsync(MessageId.VmGetState, payload, stop.Token);
            var cancel = Task.Run(stop.Cancel);
            using var result = await call;
            if (result.Status == RpcCallStatus.Ok)
                Assert.Equal(payload, result.Payload.ToArray());
            else
                Assert.True(result.Status is RpcCallStatus.Cancelled or RpcCallStatus.NoSequenceId, result.Status.ToString());
            await cancel;
        }
    })));
}
