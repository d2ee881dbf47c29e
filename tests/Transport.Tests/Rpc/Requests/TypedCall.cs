using RmStack.Protocol;
using RmStack.Protocol.Messages;
using RmStack.Spec.Tests;
using RmStack.Testing;
using RmStack.Transport.Rpc;

namespace RmStack.Transport.Tests.Rpc.Requests;

/// <summary>A typed method with arguments that make exactly the request of a sample in spec/samples.</summary>
internal abstract class TypedCall(MessageId id, string sample, string replyView)
{
    public MessageId Id { get; } = id;

    /// <summary>The request, whose bytes and meaning were written down without our codec.</summary>
    public Sample Request { get; } = Sample.All[sample];

    /// <summary>Name of the view that the method's result is read by.</summary>
    public string ReplyView { get; } = replyView;

    /// <summary>A success reply of a sample, or null where nobody has ever seen one.</summary>
    public Sample? Reply => Sample.All.Values.Where(reply => reply.Id == Id.Value && reply is { IsReply: true, Error: 0 })
        .OrderBy(reply => reply.Name, StringComparer.Ordinal).FirstOrDefault();

    public override string ToString() => Request.Name;

    /// <summary>Makes the call and tells its end and, where there is one, the reply as its view tells it.</summary>
    public abstract Task<(RpcCallResult Result, IReadOnlyList<MessageField> Fields)> RunAsync(RpcClient client, CancellationToken ct = default);

    /// <summary>Makes the call step by step, without a state machine of its own, and reads the reply.</summary>
    public abstract RpcCallStatus Step(RpcClient client, SingleThreadContext context);
}

/// <summary>The same with the reply's type.</summary>
internal sealed class TypedCall<TReply>(MessageId id, string sample, Func<RpcClient, CancellationToken, ValueTask<RpcResult<TReply>>> call)
    : TypedCall(id, sample, typeof(TReply).Name)
    where TReply : IMessageView<TReply>, allows ref struct
{
    public override async Task<(RpcCallResult Result, IReadOnlyList<MessageField> Fields)> RunAsync(RpcClient client, CancellationToken ct = default)
    {
        using var result = await call(client, ct);
        var fields = new FieldRecorder();
        if (result.IsOk)
            Read(result, fields);
        return (result.Untyped, fields.Fields);
    }

    public override RpcCallStatus Step(RpcClient client, SingleThreadContext context)
    {
#pragma warning disable CA2012 // Looked at step by step on purpose: an async method would allocate.
        var awaiter = call(client, CancellationToken.None).GetAwaiter();
#pragma warning restore CA2012
        context.RunUntilIdle();
        if (!awaiter.IsCompleted)
            throw new InvalidOperationException("no reply");
        using var result = awaiter.GetResult();
        if (result.IsOk && result.TryRead(out _) != DecodeStatus.Ok)
            throw new InvalidOperationException("the reply is malformed");
        return result.Status;
    }

    private static void Read(RpcResult<TReply> result, FieldRecorder fields)
    {
        Assert.Equal(DecodeStatus.Ok, result.TryRead(out var view));
        view.Describe(fields);
    }
}
