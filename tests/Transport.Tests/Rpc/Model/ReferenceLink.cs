using System.Collections.Immutable;
using System.Globalization;
using RmStack.Protocol;

namespace RmStack.Transport.Tests.Rpc.Model;

/// <summary>A message of the RM's: <paramref name="Number"/> tells it from all others, and is its sequence id if it is a reply.</summary>
internal sealed record Outgoing(bool IsReply, int Number, int Packets);

/// <summary>
/// The RM's end of a link, told from what the RM is known to do with a queue that is full: one message under way, one stored reply, 256 stored
/// notifications, and a deferred event that sends what was stored. RM: rm-rpc.c, rm-rpc-fifo.c.
/// </summary>
internal sealed record ReferenceLink
{
    public const int Depth = 3;

    /// <summary>What is in the queue, oldest first: one line per packet.</summary>
    public ImmutableList<string> Queue { get; init; } = [];

    public Outgoing? UnderWay { get; init; }

    /// <summary>Packets of it that are in the queue or were taken.</summary>
    public int Sent { get; init; }

    public int UnderWaySequence { get; init; }

    public Outgoing? StoredReply { get; init; }

    public ImmutableList<Outgoing> Stored { get; init; } = [];

    /// <summary>What the event loop has to do, in order: "room" or "deferred", each at most once.</summary>
    public ImmutableList<string> Events { get; init; } = [];

    public int NextNotification { get; init; }

    public int Made { get; init; }

    public int RepliesDropped { get; init; }

    public int NotificationsDropped { get; init; }

    /// <summary>What the peer got in the last step.</summary>
    public string Output { get; init; } = "";

    public ReferenceLink Reply(int packets)
    {
        var next = this with { Output = "", Made = Made + 1 };
        var reply = new Outgoing(true, Made, packets);
        if (next.StoredReply is { } stored)
        {
            next = next with { StoredReply = null };
            next = next.UnderWay is null ? next.Start(stored, stored.Number) : next with { RepliesDropped = RepliesDropped + 1 };
        }

        return next.UnderWay is null ? next.Start(reply, reply.Number) : next with { StoredReply = reply };
    }

    public ReferenceLink Notify(int packets)
    {
        var next = (this with { Output = "", Made = Made + 1 }).SendStored();
        var notification = new Outgoing(false, Made, packets);
        var sequence = next.NextNotification;
        next = next with { NextNotification = (sequence + 1) & 0xFFFF };
        if (next.UnderWay is null)
            return next.Start(notification, sequence);
        if (next.Stored.Count == RpcLimits.MaxPendingNotifications)
            next = next with { Stored = next.Stored.RemoveAt(0), NotificationsDropped = next.NotificationsDropped + 1 };
        return next with { Stored = next.Stored.Add(notification) };
    }

    /// <summary>The VM takes a packet.</summary>
    public ReferenceLink Take()
    {
        if (Queue.IsEmpty)
            return this with { Output = "empty" };
        var next = this with { Output = Queue[0], Queue = Queue.RemoveAt(0) };
        return next.Queue.Count == Depth - 1 && !next.Events.Contains("room") ? next with { Events = next.Events.Add("room") } : next;
    }

    /// <summary>The RM's event loop handles one event.</summary>
    public ReferenceLink Step()
    {
        if (Events.IsEmpty)
            return this with { Output = "" };
        var (what, next) = (Events[0], this with { Output = "", Events = Events.RemoveAt(0) });
        if (what == "room")
            return next.Fill();
        if (next.StoredReply is { } stored)
        {
            if (next.UnderWay is not null)
                return next;
            next = (next with { StoredReply = null }).Start(stored, stored.Number);
        }

        return next.SendStored();
    }

    public override string ToString() => $"{Queue.Count} queued, under way {UnderWay}, reply {StoredReply}, {Stored.Count} stored, {string.Join(' ', Events)}: {Output}";

    private ReferenceLink SendStored()
    {
        var next = this;
        while (!next.Stored.IsEmpty)
        {
            // An attempt takes a number, also one that finds the link busy.
            var sequence = next.NextNotification;
            next = next with { NextNotification = (sequence + 1) & 0xFFFF };
            if (next.UnderWay is not null)
                return next;
            var oldest = next.Stored[0];
            next = (next with { Stored = next.Stored.RemoveAt(0) }).Start(oldest, sequence);
        }

        return next;
    }

    private ReferenceLink Start(Outgoing message, int sequence) => (this with { UnderWay = message, UnderWaySequence = sequence, Sent = 0 }).Fill();

    private ReferenceLink Fill()
    {
        var next = this;
        while (next.UnderWay is { } message && next.Queue.Count < Depth)
        {
            var line = string.Create(CultureInfo.InvariantCulture, $"{(next.Sent > 0 ? "more" : message.IsReply ? "reply" : "notification")} {next.UnderWaySequence} {message.Number} {message.Packets}");
            var sent = next.Sent + 1;
            next = next with { Queue = next.Queue.Add(line), Sent = sent, UnderWay = sent == message.Packets ? null : message };
        }

        var idle = next.UnderWay is null && UnderWay is not null && (next.StoredReply is not null || !next.Stored.IsEmpty);
        return idle && !next.Events.Contains("deferred") ? next with { Events = next.Events.Add("deferred") } : next;
    }
}
