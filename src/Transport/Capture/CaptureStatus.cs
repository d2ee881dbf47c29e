namespace RmStack.Transport.Capture;

/// <summary>What a read of a capture file found. Everything from <see cref="NotPcapng"/> on is final: the file cannot be read further.</summary>
public enum CaptureStatus
{
    /// <summary>A packet.</summary>
    Packet,

    /// <summary>The file ended between two blocks.</summary>
    End,

    /// <summary>The file does not begin with a section header.</summary>
    NotPcapng,

    /// <summary>The file ended inside a block.</summary>
    Truncated,

    /// <summary>A section header without a byte-order magic.</summary>
    BadByteOrder,

    /// <summary>A section of a version that is not 1.x.</summary>
    UnknownVersion,

    /// <summary>A block whose length is no multiple of four, or less than the block needs.</summary>
    BadBlockLength,

    /// <summary>The length at the end of a block is not the one at its beginning.</summary>
    LengthsDiffer,

    /// <summary>A block that has to be looked into and is longer than <see cref="PcapngFormat.MaxBlockLength"/>.</summary>
    BlockTooLong,

    /// <summary>An option that reaches beyond its block, or has the wrong length.</summary>
    BadOption,

    /// <summary>A packet with more bytes than its block has.</summary>
    BadPacketLength,

    /// <summary>A packet of an interface that was not described before it.</summary>
    UnknownInterface,

    /// <summary>More interfaces in one section than <see cref="PcapngFormat.MaxInterfaces"/>.</summary>
    TooManyInterfaces,
}

/// <summary>What a read of a capture file gave.</summary>
/// <param name="Status">A packet, the end, or why there is no more.</param>
/// <param name="Packet">The packet, when there is one.</param>
/// <param name="Offset">Where in the file the block begins that this is about, bytes.</param>
public readonly record struct CaptureReadResult(CaptureStatus Status, CapturedPacket Packet, long Offset)
{
    /// <summary>Whether there is a packet.</summary>
    public bool HasPacket => Status == CaptureStatus.Packet;

    /// <summary>The status in words, with the place.</summary>
    public override string ToString() => FormattableString.Invariant($"{CaptureStatusText.Describe(Status)} at byte {Offset}");
}

/// <summary>Capture statuses in words.</summary>
public static class CaptureStatusText
{
    /// <summary>A status in words, without a place.</summary>
    public static string Describe(CaptureStatus status) => status switch
    {
        CaptureStatus.Packet => "packet",
        CaptureStatus.End => "end of the file",
        CaptureStatus.NotPcapng => "no pcapng file",
        CaptureStatus.Truncated => "the file ends inside a block",
        CaptureStatus.BadByteOrder => "a section without a byte order",
        CaptureStatus.UnknownVersion => "a section of an unknown version",
        CaptureStatus.BadBlockLength => "a block with an impossible length",
        CaptureStatus.LengthsDiffer => "a block with two different lengths",
        CaptureStatus.BlockTooLong => "a block that is too long",
        CaptureStatus.BadOption => "an option that does not fit its block",
        CaptureStatus.BadPacketLength => "a packet that does not fit its block",
        CaptureStatus.UnknownInterface => "a packet of an interface that nothing describes",
        CaptureStatus.TooManyInterfaces => "too many interfaces",
        _ => "unknown status",
    };
}
