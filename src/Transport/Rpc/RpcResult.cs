using RmStack.Protocol;
using RmStack.Protocol.Hypercalls;
using RmStack.Protocol.Messages;

namespace RmStack.Transport.Rpc;

/// <summary>What a call can be awaited for.</summary>
internal interface IRpcResult<TSelf>
{
    static abstract TSelf From(RpcCallResult result);
}

/// <summary>
/// How a typed call ended, and the reply to read as a <typeparamref name="TView"/> if it went well. Dispose it when the reply was read, as
/// <see cref="RpcCallResult"/>.
/// </summary>
public readonly record struct RpcResult<TView> : IDisposable, IRpcResult<RpcResult<TView>>
    where TView : IMessageView<TView>, allows ref struct
{
    /// <summary>The same end of the same call, typed.</summary>
    public RpcResult(RpcCallResult untyped) => Untyped = untyped;

    /// <summary>The result without its type.</summary>
    public RpcCallResult Untyped { get; }

    /// <summary>How the call ended.</summary>
    public RpcCallStatus Status => Untyped.Status;

    /// <summary>The reply's error word; Ok when there was no reply.</summary>
    public RmError Error => Untyped.Error;

    /// <summary>Why msgqueue_send refused a packet, when <see cref="Status"/> is <see cref="RpcCallStatus.SendFailed"/>.</summary>
    public GunyahError SendError => Untyped.SendError;

    /// <summary>The RM did it.</summary>
    public bool IsOk => Untyped.IsOk;

    /// <summary>The reply's bytes after the error word; empty unless the status is Ok. Valid until Dispose.</summary>
    public ReadOnlyMemory<byte> Payload => Untyped.Payload;

    /// <inheritdoc/>
    public static RpcResult<TView> From(RpcCallResult result) => new(result);

    /// <summary>What a Linux caller gets: 0 or a negative errno; see <see cref="RpcCallResult.ToErrno"/>.</summary>
    public int ToErrno() => Untyped.ToErrno();

    /// <summary>
    /// Reads the reply. Any status but Ok of a successful call means that the RM's payload is not what the message's reply looks like. The view
    /// is valid until Dispose.
    /// </summary>
    public DecodeStatus TryRead(out TView view)
    {
        var reader = new PayloadReader(Untyped.Payload.Span);
        return TView.TryRead(ref reader, out view);
    }

    /// <summary>Gives the reply's memory back.</summary>
    public void Dispose() => Untyped.Dispose();

    /// <summary>One line for people and logs.</summary>
    public override string ToString() => Untyped.ToString();
}
