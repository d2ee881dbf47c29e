using RmStack.Protocol;
using RmStack.Protocol.Messages;

namespace RmStack.Transport.Rpc;

/// <content>
/// Typed calls: a method per request, named as the message. Arguments stand in wire order, lists and texts as spans that are copied before
/// the method returns. A call that Linux refuses sends nothing and ends with the status that stands for Linux's errno; everything else goes
/// out, whatever the RM will say. The reply is read by its view: <c>using var result = await client.VmGetVmidAsync(); result.TryRead(out var reply)</c>.
/// </content>
/// <remarks>
/// Longer than the client sends is TooBig (-E2BIG), as in Linux. Lists above the RM's limits (512, IPA_RESERVE 30) are sent: Linux never makes
/// them, since its driver appends, and has no errno for them; the RM answers NORESOURCE. Replies without a payload are
/// <see cref="EmptyPayload"/>; <see cref="RpcReplies"/> says what clients do about a payload that should not be there. The client's
/// default timeout applies.
/// </remarks>
public sealed partial class RpcClient
{
    /// <summary>Whether so many list entries or text bytes are more than any message can carry. Then no memory is taken for them.</summary>
    private static bool IsTooLong(int size, int first, int second = 0, int third = 0) =>
        // No entry is shorter than a byte; so sizes of what passes the counts have not overflowed.
        Math.Max(first, Math.Max(second, third)) > RpcLimits.MaxContent || size > RpcLimits.MaxContent;

    /// <summary>Ends a call that is not sent, in the order of the checks that sent ones meet.</summary>
    private ValueTask<RpcResult<TReply>> Refuse<TReply>(RpcCallStatus status, CancellationToken ct)
        where TReply : IMessageView<TReply>, allows ref struct
    {
        if (ct.IsCancellationRequested)
            status = RpcCallStatus.Cancelled;
        else if (Volatile.Read(ref _closed))
            status = RpcCallStatus.Closed;
        return new ValueTask<RpcResult<TReply>>(new RpcResult<TReply>(new RpcCallResult(status)));
    }

    /// <summary>A request of bytes as they are.</summary>
    private ValueTask<RpcResult<TReply>> RawAsync<TReply>(MessageId id, ReadOnlySpan<byte> payload, CancellationToken ct)
        where TReply : IMessageView<TReply>, allows ref struct
    {
        if (IsTooLong(payload.Length, payload.Length))
            return Refuse<TReply>(RpcCallStatus.TooBig, ct);
        var call = NewCall<TReply>();
        payload.CopyTo(call.RequestBuffer(payload.Length));
        return SendAsync(call, id, payload.Length, ct);
    }
}
