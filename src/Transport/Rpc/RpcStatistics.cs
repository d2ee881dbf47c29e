using RmStack.Protocol;

namespace RmStack.Transport.Rpc;

/// <summary>Counters of one end of a link. They only grow, and may be read at any time.</summary>
public sealed class RpcStatistics
{
    private readonly Reassembler _reassembler;

    internal RpcStatistics(Reassembler reassembler) => _reassembler = reassembler;

    /// <summary>Packets that the queue took.</summary>
    public long PacketsSent { get; internal set; }

    /// <summary>Messages of which every packet was sent.</summary>
    public long MessagesSent { get; internal set; }

    /// <summary>Sends that found the queue full and were repeated.</summary>
    public long QueueFull { get; internal set; }

    /// <summary>Sends that were refused for another reason.</summary>
    public long SendErrors { get; internal set; }

    /// <summary>Receives that failed for a reason other than an empty queue, or left a packet that cannot be taken.</summary>
    public long ReceiveErrors { get; internal set; }

    /// <summary>Packets received, taken or not.</summary>
    public long PacketsReceived => _reassembler.Packets;

    /// <summary>Messages received in full.</summary>
    public long MessagesReceived => _reassembler.Messages;

    /// <summary>Messages that began to arrive and were given up.</summary>
    public long MessagesGone => _reassembler.MessagesGone;

    /// <summary>Packets after which the real receiver would have crashed or corrupted memory (old Linux profiles).</summary>
    public long WouldCrash { get; internal set; }

    /// <summary>Client: calls accepted.</summary>
    public long CallsStarted { get; internal set; }

    /// <summary>Client: calls that ended with the RM's answer, Ok or an error.</summary>
    public long CallsAnswered { get; internal set; }

    /// <summary>Client: replies to calls that were given up before.</summary>
    public long LateReplies { get; internal set; }

    /// <summary>Notifications: delivered (client), or sent to the wire or stored (server).</summary>
    public long Notifications { get; internal set; }

    /// <summary>Notifications lost because too many waited: in a reader's backlog (client), for the queue (server).</summary>
    public long NotificationsDropped { get; internal set; }

    /// <summary>Server: requests handed to the handler.</summary>
    public long Requests { get; internal set; }

    /// <summary>Server: replies that were sent or stored.</summary>
    public long Replies { get; internal set; }

    /// <summary>Server: stored replies that were displaced by a newer one.</summary>
    public long RepliesDropped { get; internal set; }

    /// <summary>Server: complete replies and notifications from the VM, which nobody handles.</summary>
    public long Ignored { get; internal set; }

    /// <summary>Received packets that were not taken for this reason.</summary>
    public long Dropped(DropReason reason) => _reassembler.Drops(reason);
}
