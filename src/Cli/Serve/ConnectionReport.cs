using RmStack.Host;
using RmStack.Protocol;
using RmStack.Transport.Rpc;

namespace RmStack.Cli.Serve;

/// <summary>Something that did not reach its reader, and how often.</summary>
/// <param name="Name">Its name, for programs.</param>
/// <param name="Text">The same in words.</param>
/// <param name="Count">How often.</param>
internal sealed record Loss(string Name, string Text, long Count);

/// <summary>A connection from its opening to its end, in numbers.</summary>
internal sealed record ConnectionReport
{
    /// <summary>Which one.</summary>
    public required int Number { get; init; }

    /// <summary>Why it ended.</summary>
    public required string Reason { get; init; }

    /// <summary>Packets from the client to the Resource Manager.</summary>
    public long PacketsToRm { get; init; }

    /// <summary>Packets from the Resource Manager to the client.</summary>
    public long PacketsFromRm { get; init; }

    /// <summary>VMs that were run.</summary>
    public long VmsRun { get; init; }

    /// <summary>Virtual time of the machine, nanoseconds.</summary>
    public ulong Nanoseconds { get; init; }

    /// <summary>What was dropped, in either direction, and why; only what happened.</summary>
    public IReadOnlyList<Loss> Lost { get; init; } = [];

    /// <summary>Draws up the numbers.</summary>
    /// <param name="number">The connection.</param>
    /// <param name="reason">Why it ended.</param>
    /// <param name="client">Its client's end.</param>
    /// <param name="machine">Its machine; null when there never was one.</param>
    /// <param name="untaken">Packets that came and were not taken any more.</param>
    /// <param name="undelivered">Packets that the client went away before.</param>
    public static ConnectionReport Of(int number, string reason, IClientEnd client, ServedMachine? machine, long untaken, long undelivered)
    {
        var agent = machine?.Agent;
        return new ConnectionReport
        {
            Number = number,
            Reason = reason,
            PacketsToRm = agent?.PacketsToRm ?? 0,
            PacketsFromRm = (agent?.PacketsFromRm ?? 0) - undelivered,
            VmsRun = agent?.VmsRun ?? 0,
            Nanoseconds = machine?.Nanoseconds ?? 0,
            Lost = [.. Losses(client, agent, machine?.Link, untaken, undelivered).Where(static loss => loss.Count > 0)],
        };
    }

    private static IEnumerable<Loss> Losses(IClientEnd client, LinkAgent? agent, RpcStatistics? link, long untaken, long undelivered)
    {
        yield return new Loss("empty", "without a byte", client.DroppedEmpty + (agent?.Empty ?? 0));
        yield return new Loss("oversize", DropReason.TooLong.Describe(), client.DroppedOversize + (agent?.Oversize ?? 0));
        if (link is not null)
        {
            foreach (var reason in Enum.GetValues<DropReason>())
                if (reason != DropReason.None) yield return new Loss(Camel(reason), reason.Describe(), link.Dropped(reason));
            yield return new Loss("ignored", "replies and notifications, which the Resource Manager takes none of", link.Ignored);
            yield return new Loss("displaced", "messages that another one displaced before they were complete", link.MessagesGone);
        }

        yield return new Loss("untaken", "packets that the client sent before it went and that were not taken any more", untaken);
        yield return new Loss("undelivered", "packets for the client that it did not take", undelivered + (agent is { HasUndelivered: true } ? 1 : 0));
        yield return new Loss("unfinished", "messages that never became complete", agent is { HasUnfinished: true } ? 1 : 0);
        yield return new Loss("repliesDropped", "replies that the Resource Manager dropped because the client did not read", link?.RepliesDropped ?? 0);
        yield return new Loss("notificationsDropped", "notifications that the Resource Manager dropped because the client did not read", link?.NotificationsDropped ?? 0);
    }

    private static string Camel(DropReason reason)
    {
        var name = reason.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }
}
