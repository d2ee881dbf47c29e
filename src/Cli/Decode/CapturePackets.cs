using System.Globalization;
using RmStack.Protocol;
using RmStack.Transport.Capture;

namespace RmStack.Cli.Decode;

/// <summary>Packets of a pcapng file; packets of other link types than the Resource Manager's are somebody else's and are counted only.</summary>
internal sealed class CapturePackets(Stream input) : IPacketSource
{
    private readonly PcapngReader _reader = new(input, leaveOpen: true);
    private int _number;
    private bool _ended;

    /// <summary>Packets that are not of a Resource Manager link.</summary>
    public int Foreign { get; private set; }

    /// <inheritdoc/>
    public bool TryRead(out SourcePacket? packet, out SourceProblem? problem)
    {
        packet = null;
        problem = null;
        while (!_ended)
        {
            var read = Next();
            if (!read.HasPacket)
            {
                _ended = true;
                _reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
                if (read.Status == CaptureStatus.End)
                    return false;
                problem = new SourceProblem(Place(read.Offset), CaptureStatusText.Describe(read.Status));
                return true;
            }

            _number++;
            var captured = read.Packet;
            if (captured.IsRmPacket)
            {
                packet = new SourcePacket(_number, Place(captured.Offset), captured.Data.ToArray())
                {
                    Link = NameOf(captured.Interface),
                    LinkKey = string.Create(CultureInfo.InvariantCulture, $"{captured.Interface.Section}.{captured.Interface.Index}"),
                    Vmid = captured.Interface.Vmid,
                    Direction = captured.Direction,
                    TimeNs = captured.TimestampNs,
                    CutFrom = captured.OriginalLength > captured.Data.Length ? captured.OriginalLength : null,
                };
                return true;
            }

            Foreign++;
        }

        return false;
    }

    private static string Place(long offset) => string.Create(CultureInfo.InvariantCulture, $"byte {offset} of the file");

    // HLOS is one; guests are told apart by their VMIDs.
    private static string NameOf(CaptureInterface link) => (link.Description, link.Name) switch
    {
        ({ } description, { } name) when link.Vmid != Vmids.Hlos => description + " " + name,
        ({ } description, _) => description,
        (null, { } name) => name,
        _ => string.Create(CultureInfo.InvariantCulture, $"interface {link.Section}.{link.Index}"),
    };

    // The tool has one thread and nothing else to do while the file is read.
    private CaptureReadResult Next() => _reader.ReadAsync().AsTask().GetAwaiter().GetResult();
}
