using System.Buffers.Binary;
using RmStack.Protocol;
using RmStack.Testing;
using RmStack.Transport.Rpc;

namespace RmStack.Simulation.Tests;

/// <summary>The server's side: answers at once, late, in another order, twice, never, or with an error, and notifies meanwhile.</summary>
internal sealed class SwarmHandler(Swarm swarm) : IRpcHandler
{
    private const int OutOfOrderMs = 4;
    private readonly List<(RpcResponder Responder, Answer Answer)> _waiting = [];

    public void Handle(in RpcRequest request, RpcResponder responder)
    {
        var link = swarm.LinkOf(request.Vmid);
        if (link.IsRemoved)
            throw new InvalidOperationException("a request of a removed link was handled");
        link.Requests.Add(Identity.Of(request.Payload));
        var answer = new Answer(swarm.Plan.Seed, link.Plan, request.Id, request.Payload);
        if (link.Requests.Count == link.Plan.RemoveAtRequest)
        {
            var before = Digest.Of(request.Payload);
            link.Remove();
            if (Digest.Of(request.Payload) != before)
                throw new InvalidOperationException("a request's bytes changed while its handler ran");
        }

        Notify(link, answer.NotificationsBefore, (uint)answer.Length);
        switch (answer.Treatment)
        {
            case Treatment.Late:
                After(answer.DelayMs, () => Reply(responder, answer));
                break;
            case Treatment.OutOfOrder:
                _waiting.Add((responder, answer));
                After(OutOfOrderMs, ReplyBackwards);
                break;
            case Treatment.Twice:
                Reply(responder, answer);
                After(answer.DelayMs, () => Reply(responder, answer));
                break;
            case Treatment.Silent:
                break;
            default:
                Reply(responder, answer);
                break;
        }

        Notify(link, answer.NotificationsAfter, (uint)answer.DelayMs);
    }

    private static void Reply(RpcResponder responder, Answer answer) =>
        responder.Reply(answer.Error, answer.Error == RmError.Ok ? answer.Payload() : []);

    private void ReplyBackwards()
    {
        for (var i = _waiting.Count - 1; i >= 0; i--)
            Reply(_waiting[i].Responder, _waiting[i].Answer);
        _waiting.Clear();
    }

    private void Notify(SwarmLink link, int count, uint salt)
    {
        for (var i = 0; i < count; i++)
        {
            var random = new SeededRandom(Digest.Of((ulong)link.NotificationsSent, salt));
            var payload = new byte[random.OneIn(30) ? random.Next(sizeof(uint), RpcLimits.MaxContent + 1) : random.Next(sizeof(uint), 300)];
            BinaryPrimitives.WriteUInt32LittleEndian(payload, (uint)link.NotificationsSent);
            if (swarm.Server.Notify(link.Plan.Vmid, MessageId.VmStatus, payload))
                link.NotificationsSent++;
        }
    }

    private void After(int ms, Action action) => swarm.Later(ms, action);
}
