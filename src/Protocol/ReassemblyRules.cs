namespace RmStack.Protocol;

/// <summary>What becomes of a half-received message when a new first packet arrives.</summary>
public enum DisplacementRule : byte
{
    /// <summary>Thrown away; nobody is told (RM).</summary>
    Discard,

    /// <summary>Its waiting caller gets -EIO, a notification is freed (Linux v5, v12, v17).</summary>
    Abort,

    /// <summary>Overwritten; its waiting caller never wakes (Linux v10, downstream).</summary>
    Lose,
}

/// <summary>What becomes of a continuation that does not belong to the message under reassembly.</summary>
public enum MismatchRule : byte
{
    /// <summary>The packet is dropped, the message still waits (RM).</summary>
    DropPacket,

    /// <summary>Its bytes are joined all the same (Linux v5).</summary>
    Append,

    /// <summary>The whole message is given up (Linux v10 and later).</summary>
    AbortMessage,

    /// <summary>With another fragment count the packet is dropped; with only another id its bytes are joined (downstream).</summary>
    DropForeignCount,
}

/// <summary>
/// How one receiver of the wire treats packets. The presets are the receivers that exist; they differ exactly in what is listed here.
/// RM: rm-rpc.c; Linux: rsc_mgr.c of the named series.
/// </summary>
public sealed record ReassemblyRules
{
    private ReassemblyRules(string name) => Name = name;

    /// <summary>Name of the receiver, for people.</summary>
    public string Name { get; }

    /// <summary>Smallest packet that is looked at, bytes: 8, or 9 where an empty message is lost.</summary>
    public int MinPacketSize { get; private init; } = RpcLimits.HeaderSize;

    /// <summary>Byte 0 must be 0x21.</summary>
    public bool ChecksApiByte { get; private init; } = true;

    /// <summary>A bad byte 0 or a request ends the receive loop: packets behind it wait for the next interrupt (Linux v17).</summary>
    public bool BadPacketStopsReceiving { get; private init; }

    /// <summary>First packets of type request are taken (RM); Linux drops them.</summary>
    public bool TakesRequests { get; private init; }

    /// <summary>Largest fragments field that is taken.</summary>
    public int MaxFragments { get; private init; } = RpcLimits.MaxFragments;

    /// <summary>Too many fragments: the packet is dropped before its type is looked at, and the partial message stays (RM).</summary>
    public bool ChecksFragmentsFirst { get; private init; }

    /// <summary>Fate of the message under reassembly when another one starts.</summary>
    public DisplacementRule Displacement { get; private init; } = DisplacementRule.Abort;

    /// <summary>Fate of a continuation with another id or fragment count.</summary>
    public MismatchRule Mismatch { get; private init; } = MismatchRule.AbortMessage;

    /// <summary>A continuation's sequence id must match too (RM only; no Linux ever checked it).</summary>
    public bool ChecksContinuationSequence { get; private init; }

    /// <summary>A continuation with nothing under reassembly crashes the receiver (Linux v10).</summary>
    public bool StrayContinuationCrashes { get; private init; }

    /// <summary>A reply without an error word is refused and its caller fails with -ENOMEM (Linux v10 and later).</summary>
    public bool ShortReplyFailsCaller { get; private init; }

    /// <summary>A reply without an error word underflows a size (Linux v5).</summary>
    public bool ShortReplyCrashes { get; private init; }

    /// <summary>
    /// After a reply that was refused, because nobody waits for it or it has no error word, the receiver's message is an error pointer:
    /// a continuation crashes it until another message starts. The refused reply's caller waits for ever (downstream).
    /// </summary>
    public bool RefusedReplyPoisons { get; private init; }

    /// <summary>A first packet without payload gets no buffer, so a continuation of it crashes the receiver (downstream).</summary>
    public bool EmptyFirstPacketCrashes { get; private init; }

    /// <summary>First packets of type reply are looked up among the open calls (Linux); the RM has none and takes them as any message.</summary>
    public bool LooksRepliesUp { get; private init; } = true;

    /// <summary>A reply that nobody waits for loses the message under reassembly (Linux v5, v10, downstream); later ones leave it alone.</summary>
    public bool UnknownReplyLosesPartial { get; private init; }

    /// <summary>The Resource Manager, both public drops.</summary>
    public static ReassemblyRules ResourceManager { get; } = new("RM")
    {
        TakesRequests = true,
        ChecksFragmentsFirst = true,
        Displacement = DisplacementRule.Discard,
        Mismatch = MismatchRule.DropPacket,
        ChecksContinuationSequence = true,
        LooksRepliesUp = false,
    };

    /// <summary>Linux patch series v5 (v6 equal as far as it is public).</summary>
    public static ReassemblyRules LinuxV5 { get; } = new("Linux v5")
    {
        MinPacketSize = RpcLimits.HeaderSize + 1,
        ChecksApiByte = false,
        MaxFragments = RpcLimits.FragmentsFieldMax,
        Mismatch = MismatchRule.Append,
        ShortReplyCrashes = true,
        UnknownReplyLosesPartial = true,
    };

    /// <summary>Linux patch series v10.</summary>
    public static ReassemblyRules LinuxV10 { get; } = new("Linux v10")
    {
        MinPacketSize = RpcLimits.HeaderSize + 1,
        Displacement = DisplacementRule.Lose,
        StrayContinuationCrashes = true,
        ShortReplyFailsCaller = true,
        UnknownReplyLosesPartial = true,
    };

    /// <summary>Linux patch series v11 to v14 and Android kernels with the gh_ names.</summary>
    public static ReassemblyRules LinuxV12 { get; } = new("Linux v12")
    {
        ShortReplyFailsCaller = true,
    };

    /// <summary>Linux patch series v17 and Android kernels with the gunyah_ names.</summary>
    public static ReassemblyRules LinuxV17 { get; } = new("Linux v17")
    {
        BadPacketStopsReceiving = true,
        ShortReplyFailsCaller = true,
    };

    /// <summary>Qualcomm's own driver before it moved onto the v17 core: gh_rm_core.c.</summary>
    public static ReassemblyRules Downstream { get; } = new("downstream")
    {
        MinPacketSize = RpcLimits.HeaderSize + 1,
        ChecksApiByte = false,
        MaxFragments = RpcLimits.FragmentsFieldMax,
        Displacement = DisplacementRule.Lose,
        Mismatch = MismatchRule.DropForeignCount,
        UnknownReplyLosesPartial = true,
        RefusedReplyPoisons = true,
        EmptyFirstPacketCrashes = true,
    };

    /// <summary>Every receiver, oldest client first, the RM in front.</summary>
    public static IReadOnlyList<ReassemblyRules> All { get; } = [ResourceManager, LinuxV5, LinuxV10, LinuxV12, LinuxV17, Downstream];

    /// <summary>The receiver of this <see cref="Name"/>, whatever the case, or null.</summary>
    public static ReassemblyRules? Find(string name) => All.FirstOrDefault(rules => string.Equals(rules.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <inheritdoc/>
    public override string ToString() => Name;
}
