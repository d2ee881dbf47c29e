namespace RmStack.Protocol;

/// <summary>What became of one packet.</summary>
public enum ReassemblyResult : byte
{
    /// <summary>Taken; its message needs more packets.</summary>
    Incomplete,

    /// <summary>Taken; the message is complete.</summary>
    Complete,

    /// <summary>Dropped; the message under reassembly is as it was, unless an effect says otherwise.</summary>
    Dropped,

    /// <summary>Dropped, and the message under reassembly was given up with it (Linux tells its caller -EIO).</summary>
    Aborted,

    /// <summary>A reply was refused and the caller that waits for it fails (Linux: -ENOMEM).</summary>
    Failed,
}

/// <summary>Why a packet was not taken.</summary>
public enum DropReason : byte
{
    /// <summary>It was taken.</summary>
    None,

    /// <summary>Shorter than a header, or empty where the receiver wants content.</summary>
    TooShort,

    /// <summary>Longer than 240 bytes.</summary>
    TooLong,

    /// <summary>API version other than 1.</summary>
    BadVersion,

    /// <summary>Header size other than 2 words.</summary>
    BadHeaderWords,

    /// <summary>Fragment count above the receiver's limit.</summary>
    BadFragmentCount,

    /// <summary>A request to a receiver that takes none.</summary>
    UnexpectedType,

    /// <summary>A reply that nobody waits for.</summary>
    UnknownReply,

    /// <summary>A continuation with no message under reassembly.</summary>
    StrayContinuation,

    /// <summary>A continuation of another message.</summary>
    ContinuationMismatch,

    /// <summary>A reply without an error word.</summary>
    ShortReply,

    /// <summary>A continuation of a message whose first packet was empty, to a receiver that then has no buffer.</summary>
    NoBuffer,
}

/// <summary>Texts of <see cref="DropReason"/>.</summary>
public static class DropReasonText
{
    /// <summary>The reason in a few words, for people.</summary>
    public static string Describe(this DropReason reason) => reason switch
    {
        DropReason.None => "taken",
        DropReason.TooShort => "too short for this receiver",
        DropReason.TooLong => "longer than 240 bytes",
        DropReason.BadVersion => "API version is not 1",
        DropReason.BadHeaderWords => "header size is not 2 words",
        DropReason.BadFragmentCount => "more than 62 fragments",
        DropReason.UnexpectedType => "a request, which this side takes none of",
        DropReason.UnknownReply => "a reply that nobody waits for",
        DropReason.StrayContinuation => "a continuation with no message begun",
        DropReason.ContinuationMismatch => "a continuation of another message",
        DropReason.ShortReply => "a reply without an error word",
        DropReason.NoBuffer => "a continuation of a message that began empty",
        _ => "reason " + ((byte)reason).ToString(System.Globalization.CultureInfo.InvariantCulture),
    };
}

/// <summary>What else a packet did to the receiver.</summary>
[Flags]
public enum ReassemblyEffects : byte
{
    /// <summary>Nothing else.</summary>
    None = 0,

    /// <summary>The message under reassembly was discarded and nobody is told.</summary>
    PartialDiscarded = 1 << 0,

    /// <summary>The message under reassembly was given up; its caller is told (-EIO).</summary>
    PartialAborted = 1 << 1,

    /// <summary>The message under reassembly was overwritten; its caller never wakes.</summary>
    PartialLost = 1 << 2,

    /// <summary>The receive loop ends here; packets behind this one wait for the next interrupt.</summary>
    StopsReceiving = 1 << 3,

    /// <summary>The real receiver would have crashed or corrupted memory; ours dropped the packet.</summary>
    WouldCrash = 1 << 4,
}

/// <summary>Answer of <see cref="Reassembler"/> to one packet.</summary>
/// <param name="Result">What became of the packet.</param>
/// <param name="Reason">Why, when it was not taken.</param>
/// <param name="Effects">What else happened.</param>
public readonly record struct ReassemblyOutcome(ReassemblyResult Result, DropReason Reason, ReassemblyEffects Effects)
{
    /// <summary>A message was under reassembly and is gone; <see cref="Reassembler.DisplacedHeader"/> names it.</summary>
    public bool PartialGone => Result == ReassemblyResult.Aborted
        || (Effects & (ReassemblyEffects.PartialDiscarded | ReassemblyEffects.PartialAborted | ReassemblyEffects.PartialLost)) != ReassemblyEffects.None;
}

/// <summary>Tells the reassembler which replies somebody waits for. A struct, so that the call costs nothing.</summary>
public interface IReplyFilter
{
    /// <summary>Whether a call with this sequence id and message id is open.</summary>
    bool IsExpected(in RpcHeader reply);
}

/// <summary>The filter of a receiver that has no calls: every reply passes.</summary>
public readonly struct EveryReply : IReplyFilter
{
    /// <inheritdoc/>
    public bool IsExpected(in RpcHeader reply) => true;
}
