namespace RmStack.Transport.Capture;

/// <summary>Which way a captured packet went. pcapng: draft-ietf-opsawg-pcapng, epb_flags, bits 0 and 1; the numbers are the file's.</summary>
public enum CaptureDirection
{
    /// <summary>The file does not say, or says what is not defined.</summary>
    Unknown = 0,

    /// <summary>Inbound: from the Resource Manager to the VM.</summary>
    FromRm = 1,

    /// <summary>Outbound: from the VM to the Resource Manager.</summary>
    ToRm = 2,
}

/// <summary>One packet of a capture file. pcapng: draft-ietf-opsawg-pcapng, section 4.3.</summary>
/// <param name="Interface">The link that it was captured on.</param>
/// <param name="Direction">Which way it went.</param>
/// <param name="TimestampNs">Nanoseconds since the file's epoch (virtual time starts at 0); null when the file has no time for it.</param>
/// <param name="Data">The bytes that were captured. They stay valid until the next read; copy what is kept.</param>
/// <param name="OriginalLength">Bytes that the packet had on the link; more than <paramref name="Data"/> when the capture cut it short.</param>
/// <param name="Comment">The first comment of the packet, or null.</param>
/// <param name="Offset">Where in the file the packet's block begins, bytes.</param>
public readonly record struct CapturedPacket(
    CaptureInterface Interface,
    CaptureDirection Direction,
    ulong? TimestampNs,
    ReadOnlyMemory<byte> Data,
    uint OriginalLength,
    string? Comment,
    long Offset)
{
    /// <summary>Whether this is a packet of a Resource Manager link: the file's other link types are somebody else's.</summary>
    public bool IsRmPacket => Interface.LinkType == PcapngFormat.LinkType;
}
