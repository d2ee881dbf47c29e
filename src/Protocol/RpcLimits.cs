namespace RmStack.Protocol;

/// <summary>Every limit of the RM RPC wire, each with its unit. Nothing on the wire is unbounded.</summary>
public static class RpcLimits
{
    /// <summary>Largest packet (one message-queue message), bytes. RM: rm-rpc.h; Linux: GUNYAH_MSGQ_MAX_MSG_SIZE.</summary>
    public const int PacketSize = 240;

    /// <summary>RPC header in front of every packet, bytes.</summary>
    public const int HeaderSize = 8;

    /// <summary>Content carried by one full packet, bytes.</summary>
    public const int ContentPerPacket = PacketSize - HeaderSize;

    /// <summary>Largest legal value of the fragments field: continuation packets after the first one.</summary>
    public const int MaxFragments = 62;

    /// <summary>Largest value that the 6-bit fragments field can hold; 63 is refused by the RM and by Linux from v10 on.</summary>
    public const int FragmentsFieldMax = 63;

    /// <summary>Packets of the longest message.</summary>
    public const int MaxPackets = MaxFragments + 1;

    /// <summary>Content of the longest message, bytes; for a reply this includes the error word.</summary>
    public const int MaxContent = MaxPackets * ContentPerPacket;

    /// <summary>Longest request that the Linux driver sends (it stops one packet short of the wire's limit), bytes.</summary>
    public const int MaxLinuxRequestContent = MaxFragments * ContentPerPacket;

    /// <summary>The error word in front of every reply's payload, bytes.</summary>
    public const int ErrorSize = 4;

    /// <summary>A reply without payload: header and error word, bytes.</summary>
    public const int StandardReplySize = HeaderSize + ErrorSize;

    /// <summary>Longest reply payload behind the error word, bytes.</summary>
    public const int MaxReplyPayload = MaxContent - ErrorSize;

    /// <summary>Packets that each direction of an RM link holds by default.</summary>
    public const int QueueDepth = 8;

    /// <summary>Entries in one ACL, SGL, attribute or VMID list. RM: memparcel.c; Linux: GUNYAH_RM_MAX_MEM_ENTRIES.</summary>
    public const int MaxListEntries = 512;

    /// <summary>Entries in one IPA_RESERVE list. RM: vm_ipa.c.</summary>
    public const int MaxIpaEntries = 30;

    /// <summary>Characters of a VM name or URI. RM: vm_mgnt.c.</summary>
    public const int MaxNameLength = 79;

    /// <summary>Bytes of a crash message that the RM keeps; the rest is cut.</summary>
    public const int MaxStoredCrashMessage = 192;

    /// <summary>Notifications that the RM holds back for one link while its queue is full; one more drops the oldest.</summary>
    public const int MaxPendingNotifications = 256;

    /// <summary>Replies that the RM holds back for one link; one more replaces the stored one.</summary>
    public const int MaxPendingReplies = 1;

    /// <summary>Buffer for one message under reassembly: a header's room in front, and 64 packets' content (old Linux takes fragments = 63), bytes.</summary>
    public const int ReassemblyBufferSize = HeaderSize + ((FragmentsFieldMax + 1) * ContentPerPacket);

    /// <summary>Packets that carry <paramref name="contentLength"/> bytes; an empty message is one packet.</summary>
    public static int PacketsFor(int contentLength) =>
        contentLength == 0 ? 1 : (contentLength + ContentPerPacket - 1) / ContentPerPacket;
}
