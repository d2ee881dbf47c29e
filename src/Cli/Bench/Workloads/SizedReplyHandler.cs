using RmStack.Protocol;
using RmStack.Transport.Rpc;

namespace RmStack.Cli.Bench.Workloads;

/// <summary>Answers with as many bytes as the message id says, from memory that is there already.</summary>
internal sealed class SizedReplyHandler : IRpcHandler
{
    private const uint LengthMask = 0x3FFF;
    private readonly byte[] _reply = new byte[RpcLimits.MaxReplyPayload];

    public void Handle(in RpcRequest request, RpcResponder responder)
    {
        var length = (int)(request.Id.Value & LengthMask);
        if (length <= _reply.Length)
            responder.Reply(RmError.Ok, _reply.AsSpan(0, length));
        else
            responder.Reply(RmError.ArgumentInvalid);
    }
}
