using RmStack.Protocol;
using RmStack.Transport.Rpc;

namespace RmStack.Testing;

/// <summary>A call whose end a test looks at without waiting for it.</summary>
public sealed class OpenCall
{
    private readonly ValueTask<RpcCallResult> _call;
    private RpcCallResult? _result;

    internal OpenCall(ValueTask<RpcCallResult> call) => _call = call;

    public bool HasEnded => _result is not null || _call.IsCompleted;

    /// <summary>The result of a call that has ended.</summary>
    public RpcCallResult Result
    {
        get
        {
            if (!HasEnded)
                throw new InvalidOperationException("The call has not ended.");
            return _result ??= _call.GetAwaiter().GetResult();
        }
    }

    public byte[] Payload => Result.Payload.ToArray();

    public async Task<RpcCallResult> Wait()
    {
        _result ??= await _call;
        return _result.Value;
    }
}

public static class OpenCalls
{
    /// <summary>Starts a call and does not wait for it.</summary>
    public static OpenCall Open(this RpcClient client, MessageId id, ReadOnlyMemory<byte> payload = default, CancellationToken ct = default) =>
        new(client.CallAsync(id, payload, ct));
}
