using RmStack.Protocol;
using RmStack.Transport.Ports.Faults;
using RmStack.Transport.Rpc;

namespace RmStack.Simulation.Tests;

/// <summary>
/// What has to hold. What a fault can break is left out exactly where it can break it:
/// <list type="bullet">
/// <item>Whatever happens, a call ends at most once, and with an answer only if a reply with its sequence id and message id began to arrive, one
/// reply for each answer.</item>
/// <item>Whose answer it is holds as long as no bytes are changed: the first packet of a request says who asks, the first packet of a reply repeats
/// it, and the ids between them are those of the request. A flipped bit in an id can send a reply to another open call; nothing on the wire
/// tells.</item>
/// <item>What an answer says holds when, besides, its packets and its request's could not be mixed up. Continuations have no number: when they are
/// repeated or reordered, messages of several packets are joined wrongly; when one is lost, the Resource Manager notices, because it
/// compares sequence ids, and Linux does not, so that another reply's may take its place. Messages of one packet are safe from all that.</item>
/// <item>A link that keeps packets, however slow and deaf, loses nothing: requests arrive in the order in which they were sent, every answer
/// arrives, and what does not come is what the Resource Manager counts as dropped.</item>
/// </list>
/// </summary>
internal sealed class SwarmChecks(Swarm swarm)
{
    /// <summary>Everything is at rest, and nothing has been closed but what the plan closes.</summary>
    public void BeforeTheEnd()
    {
        foreach (var link in swarm.Links)
        {
            // Where one end is gone, packets to it stay where they are; and Linux v17 leaves what is behind a bad packet until the next interrupt.
            var reads = !link.IsClosed && !link.IsRemoved && !(link.Plan.Client.Rules.BadPacketStopsReceiving && Changes(link, FaultDirection.Receive));
            Of(link, "a lost signal or held packets are left at rest", link.Faults.Hang is null && (link.Faults.Held == 0 || !reads));
            foreach (var call in link.Plan.Calls)
                CheckCall(link, call);
            CheckIds(link);
            CheckNotifications(link);
            CheckCounters(link);
            if (KeepsPackets(link))
                CheckLossless(link);
            else
                CheckReasons(link);
        }
    }

    /// <summary>Everything is closed.</summary>
    public void AfterTheEnd()
    {
        foreach (var link in swarm.Links)
        {
            foreach (var call in link.Plan.Calls)
                Of(link, $"call {call.Index} was lost: it has not ended", link.EndOf(call) is not null);
            Of(link, "there are open calls after the end", link.Client.OpenCalls == 0);
            Of(link, $"{link.Clock.Timers} timers of the client were not disposed of", link.Clock.Timers == 0);
        }

        That($"{swarm.Pool.Outstanding} of {swarm.Pool.Rented} slabs were not given back", swarm.Pool.Outstanding == 0);
        That($"{swarm.Clock.ActiveTimers} timers are still set", swarm.Clock.ActiveTimers == 0);
        That("something ran on another thread", swarm.Context.ForeignPosts == 0);
    }

    private static bool KeepsPackets(SwarmLink link) => link.Faults.Faults.KeptPackets(FaultDirection.Send) && link.Faults.Faults.KeptPackets(FaultDirection.Receive);

    private static bool Changes(SwarmLink link, FaultDirection direction) =>
        link.Faults.Faults.Count(direction, FaultKind.Corrupt) + link.Faults.Faults.Count(direction, FaultKind.Truncate) > 0;

    private static bool Shuffles(SwarmLink link, FaultDirection direction) =>
        link.Faults.Faults.Count(direction, FaultKind.Duplicate) + link.Faults.Faults.Count(direction, FaultKind.Reorder) > 0;

    private static bool Drops(SwarmLink link, FaultDirection direction) => link.Faults.Faults.Count(direction, FaultKind.Drop) > 0;

    private void CheckCall(SwarmLink link, PlannedCall call)
    {
        if (link.EndOf(call) is not { } end)
            return;
        var request = Identity.Request(swarm.Plan.Seed, link.Plan.Vmid, call);
        var answer = new Answer(swarm.Plan.Seed, link.Plan, call.Id, request);
        switch (end.Status)
        {
            case RpcCallStatus.Ok or RpcCallStatus.RmError:
                break;
            case RpcCallStatus.TimedOut:
                Of(link, $"call {call.Index} timed out and has no timeout", call.TimeoutMs is not null);
                return;
            case RpcCallStatus.Cancelled:
                Of(link, $"call {call.Index} was cancelled by nobody", call.CancelMs is not null);
                return;
            case RpcCallStatus.Closed:
                Of(link, $"call {call.Index} ended as closed on an open client", link.IsClosed);
                return;
            case RpcCallStatus.TooBig:
                Of(link, $"call {call.Index} is not too big", call.Length > link.Plan.Client.MaxRequestContent || (call.Length == 0 && !link.Plan.Client.SendsEmptyRequests));
                return;
            case RpcCallStatus.NoSequenceId:
                Of(link, $"call {call.Index} found no free id among 65535", link.Plan.Client.LastSequenceId < 100);
                return;
            case RpcCallStatus.Aborted or RpcCallStatus.NoMemory:
                Of(link, $"call {call.Index} ended as {end.Status} on a link that keeps packets", !KeepsPackets(link));
                return;
            default:
                Of(link, $"call {call.Index} ended as {end.Status}", false);
                return;
        }

        if (Changes(link, FaultDirection.Send) || Changes(link, FaultDirection.Receive))
            return;
        if (end.Status == RpcCallStatus.Ok)
            Of(link, $"call {call.Index} was answered with another's reply", Answer.IdentityIn(end.Reply) == Identity.Of(request));
        var requestIsWhole = RpcLimits.PacketsFor(call.Length) == 1 || !Shuffles(link, FaultDirection.Send);
        var replyIsWhole = answer.IsOnePacket || (!Shuffles(link, FaultDirection.Receive) && !Drops(link, FaultDirection.Receive));
        if (!requestIsWhole || !replyIsWhole)
            return;
        Of(link, $"call {call.Index} ended as {end.Status} {end.Error} and was answered {answer.Error}", (end.Status == RpcCallStatus.Ok) == (answer.Error == RmError.Ok) && end.Error == answer.Error);
        Of(link, $"call {call.Index} has other bytes than its answer", end.Reply.AsSpan().SequenceEqual(answer.Error == RmError.Ok ? answer.Payload() : []));
        Of(link, $"call {call.Index} was answered and its request never was", answer.Treatment != Treatment.Silent);
    }

    /// <summary>Holds on every link, whatever was done to its packets.</summary>
    private void CheckIds(SwarmLink link)
    {
        var answered = new Dictionary<(ushort Sequence, uint Id), int>();
        foreach (var call in link.Plan.Calls)
        {
            if (call.Length == 0 || link.EndOf(call) is not { Status: RpcCallStatus.Ok or RpcCallStatus.RmError or RpcCallStatus.Aborted or RpcCallStatus.NoMemory })
                continue;
            var ids = link.Watch.SentAs(Identity.Of(Identity.Request(swarm.Plan.Seed, link.Plan.Vmid, call)));
            if (ids is null)
            {
                // An open call that waits for the queue can be meant by a reply whose id was changed, and then be given up.
                Of(link, $"call {call.Index} was answered and never sent", Changes(link, FaultDirection.Send) || Changes(link, FaultDirection.Receive));
                continue;
            }

            Of(link, $"call {call.Index} was answered and no reply to sequence id {ids.Value.Sequence} came", link.Watch.Replies(ids.Value) > 0);
            answered[ids.Value] = answered.GetValueOrDefault(ids.Value) + 1;
        }

        foreach (var (ids, count) in answered)
            Of(link, $"{count} calls were answered by {link.Watch.Replies(ids)} replies to sequence id {ids.Sequence}", count <= link.Watch.Replies(ids));
    }

    private void CheckNotifications(SwarmLink link)
    {
        var dropped = link.ServerLink.Statistics.NotificationsDropped;
        var faults = link.Faults.Faults;
        if (!Changes(link, FaultDirection.Receive) && !Shuffles(link, FaultDirection.Receive))
        {
            Of(link, "notifications overtook each other, or came twice", IsRising(link.NotificationsSeen) && IsRising(link.NotificationsRead));
            Of(link, "a notification came that was not sent", link.NotificationsSeen.All(number => number < link.NotificationsSent));
        }

        if (faults.KeptPackets(FaultDirection.Receive) && !link.IsClosed && !link.IsRemoved)
        {
            Of(link, $"{link.NotificationsSeen.Count} of {link.NotificationsSent} notifications came, and {dropped} were dropped", link.NotificationsSeen.Count == link.NotificationsSent - dropped);
            // The Resource Manager drops the oldest, so the last one always comes.
            Of(link, "the last notification did not come", link.NotificationsSent == 0 || link.NotificationsSeen[^1] == link.NotificationsSent - 1);
        }

        if (link.Plan.ReadsAsync && !link.IsClosed)
        {
            Of(link, "the reader has not read what came", link.NotificationsRead.Count + link.Client.Statistics.NotificationsDropped == link.NotificationsSeen.Count);
            Of(link, "the reader has read what did not come", link.NotificationsRead.All(link.NotificationsSeen.Contains));
        }
    }

    /// <summary>What the client counts is what has crossed its port.</summary>
    private void CheckCounters(SwarmLink link)
    {
        var statistics = link.Client.Statistics;
        var answered = link.Plan.Calls.Count(call => link.EndOf(call) is { Status: RpcCallStatus.Ok or RpcCallStatus.RmError });
        Of(link, $"{statistics.PacketsSent} packets were counted as sent of {link.Watch.PacketsSent}", statistics.PacketsSent == link.Watch.PacketsSent);
        Of(link, $"{statistics.MessagesSent} messages were counted as sent of {link.Watch.SentInFull.Count}", statistics.MessagesSent == link.Watch.SentInFull.Count);
        Of(link, $"{statistics.PacketsReceived} packets were counted as received of {link.Watch.PacketsReceived}", statistics.PacketsReceived == link.Watch.PacketsReceived);
        // An answer that came before its request was sent in full counts, also when the call was given up or closed in between.
        Of(link, $"{statistics.CallsAnswered} answers were counted of {answered}", answered <= statistics.CallsAnswered && statistics.CallsAnswered <= statistics.CallsStarted);
    }

    private void CheckLossless(SwarmLink link)
    {
        var server = link.ServerLink.Statistics;
        // A second answer is one that nobody waits for: some drivers then point at nothing when its next packet comes.
        Of(link, "a real receiver would have crashed on a link that keeps packets", link.Client.Statistics.WouldCrash == 0 || link.Plan.AnswersTwice);
        if (link.IsRemoved)
        {
            Of(link, "requests came in another order than they were sent", link.Watch.SentInFull.Take(link.Requests.Count).SequenceEqual(link.Requests));
            return;
        }

        Of(link, $"{link.Requests.Count} requests came of {link.Watch.SentInFull.Count} that were sent in full, or in another order", link.Watch.SentInFull.SequenceEqual(link.Requests));
        if (link.IsClosed)
            return;
        var unanswered = Unanswered(link).ToList();
        Of(link, $"{unanswered.Count} calls wait for an answer, and {server.RepliesDropped} replies were dropped", unanswered.Count <= server.RepliesDropped);

        // An id stays reserved for a late reply; when all answers have come none is.
        var givenUp = link.Plan.Calls.Count(call => link.EndOf(call) is { Status: RpcCallStatus.TimedOut or RpcCallStatus.Cancelled } && TreatmentOf(link, call) == Treatment.Silent);
        Of(link, $"{link.Client.ReservedIds} ids are reserved at rest", link.Client.ReservedIds <= givenUp + server.RepliesDropped);
        Of(link, "the server has stored messages left at rest", !link.ServerLink.IsBusy && !link.ServerLink.HasPendingReply && link.ServerLink.PendingNotifications == 0);
        Of(link, "calls were counted that were not made", link.Client.OpenCalls == link.StillOpen.Count());
    }

    /// <summary>A call that waits for ever on a link that loses packets has a reason that was counted: a packet belongs to one call.</summary>
    private void CheckReasons(SwarmLink link)
    {
        if (link.IsRemoved || link.IsClosed)
            return;
        var dropped = link.Faults.Faults.Count(FaultKind.Drop) + link.ServerLink.Statistics.RepliesDropped;
        var onlyDrops = !Changes(link, FaultDirection.Send) && !Changes(link, FaultDirection.Receive) && !Shuffles(link, FaultDirection.Send) && !Shuffles(link, FaultDirection.Receive);
        if (onlyDrops)
            Of(link, $"{Unanswered(link).Count()} calls wait for an answer, and {dropped} packets and replies were dropped", Unanswered(link).Count() <= dropped);
    }

    private IEnumerable<PlannedCall> Unanswered(SwarmLink link) => link.StillOpen.Where(call => TreatmentOf(link, call) != Treatment.Silent);

    private Treatment TreatmentOf(SwarmLink link, PlannedCall call) =>
        new Answer(swarm.Plan.Seed, link.Plan, call.Id, Identity.Request(swarm.Plan.Seed, link.Plan.Vmid, call)).Treatment;

    private static bool IsRising(List<uint> numbers)
    {
        for (var i = 1; i < numbers.Count; i++)
        {
            if (numbers[i] <= numbers[i - 1])
                return false;
        }

        return true;
    }

    private void Of(SwarmLink link, string what, bool holds) => That(FormattableString.Invariant($"VM {link.Plan.Vmid}: {what}"), holds);

    private static void That(string what, bool holds)
    {
        if (!holds)
            throw new InvalidOperationException(what);
    }
}
