using RmStack.Transport.Capture;

namespace RmStack.Transport.Ports.Replay;

/// <summary>One packet of a recorded link.</summary>
/// <param name="Number">Its number in the file, from 1, other links' packets counted: what Wireshark calls frame.number.</param>
/// <param name="Direction">Which way it went; unknown when the file does not say.</param>
/// <param name="TimestampNs">Nanoseconds since the file's epoch; null when the file has no time for it.</param>
/// <param name="Bytes">The packet.</param>
/// <param name="IsCut">The capture has only its beginning.</param>
/// <param name="Comment">What the capture says about it; see <see cref="CaptureComments.OfSend"/>.</param>
public sealed record RecordedPacket(int Number, CaptureDirection Direction, ulong? TimestampNs, ReadOnlyMemory<byte> Bytes, bool IsCut = false, string? Comment = null)
{
    /// <summary>The capture says that the packet was pushed.</summary>
    public bool Pushed => CaptureComments.SaysPush(Comment);

    /// <summary>The capture says that the packet filled its queue.</summary>
    public bool FilledQueue => CaptureComments.SaysQueueFull(Comment);

    /// <summary>Number, direction and content on one line.</summary>
    public override string ToString() => FormattableString.Invariant($"packet {Number} ({DirectionText(Direction)}): {Protocol.MessageFormatter.FormatPacket(Bytes.Span)}");

    internal static string DirectionText(CaptureDirection direction) => direction switch
    {
        CaptureDirection.ToRm => "VM > RM",
        CaptureDirection.FromRm => "VM < RM",
        _ => "no direction",
    };
}

/// <summary>The packets of one link of a capture, in the order of the file.</summary>
/// <param name="Interface">What the file says of the link.</param>
/// <param name="Packets">All its packets.</param>
public sealed record RecordedLink(CaptureInterface Interface, IReadOnlyList<RecordedPacket> Packets)
{
    /// <summary>The first packet that cannot be replayed, because its direction is unknown or a part of it is missing; null when there is none.</summary>
    public RecordedPacket? Defect { get; } = Packets.FirstOrDefault(packet => packet.IsCut || packet.Direction == CaptureDirection.Unknown || packet.Bytes.IsEmpty);
}

/// <summary>The links of a capture, and how reading it ended.</summary>
/// <param name="Links">Links of the Resource Manager, in the order of the file.</param>
/// <param name="End">The end of the file, or what was wrong with it; the links hold what came before.</param>
/// <param name="OtherPackets">Packets of other link types, which are somebody else's.</param>
public sealed record RecordedLinks(IReadOnlyList<RecordedLink> Links, CaptureReadResult End, long OtherPackets)
{
    /// <summary>The link of a VM, or null.</summary>
    public RecordedLink? Find(ushort vmid) => Links.FirstOrDefault(link => link.Interface.Vmid == vmid);

    /// <summary>Reads a capture to its end.</summary>
    /// <param name="reader">The capture; its packets stay in memory.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task<RecordedLinks> ReadAsync(PcapngReader reader, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var links = new List<(CaptureInterface Interface, List<RecordedPacket> Packets)>();
        var others = 0L;
        for (var number = 1; ; number++)
        {
            var read = await reader.ReadAsync(cancellationToken);
            if (!read.HasPacket)
                return new RecordedLinks([.. links.Select(link => new RecordedLink(link.Interface, link.Packets))], read, others);
            var packet = read.Packet;
            if (!packet.IsRmPacket)
            {
                others++;
                continue;
            }

            var index = links.FindIndex(link => link.Interface.Section == packet.Interface.Section && link.Interface.Index == packet.Interface.Index);
            if (index < 0)
            {
                index = links.Count;
                links.Add((packet.Interface, []));
            }

            links[index].Packets.Add(new RecordedPacket(
                number,
                packet.Direction,
                packet.TimestampNs,
                packet.Data.ToArray(),
                packet.OriginalLength > packet.Data.Length,
                packet.Comment));
        }
    }
}
