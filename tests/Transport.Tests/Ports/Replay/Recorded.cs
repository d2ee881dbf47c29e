using RmStack.Transport.Capture;
using RmStack.Transport.Ports.Replay;

namespace RmStack.Transport.Tests.Ports.Replay;

/// <summary>Makes recorded links by hand.</summary>
internal sealed class Recorded
{
    private readonly List<RecordedPacket> _packets = [];

    public RecordedLink Link => new(new CaptureInterface(0, 0, PcapngFormat.LinkType, 0, "vm0x3", "HLOS", CaptureClock.Nanoseconds), [.. _packets]);

    /// <summary>Packets that the VM sent.</summary>
    public Recorded Up(params byte[][] packets) => Add(CaptureDirection.ToRm, packets);

    /// <summary>Packets that the VM received.</summary>
    public Recorded Down(params byte[][] packets) => Add(CaptureDirection.FromRm, packets);

    /// <summary>The time of the packet before.</summary>
    public Recorded At(ulong ms) => Change(packet => packet with { TimestampNs = ms * 1_000_000 });

    /// <summary>What the capture says of the packet before.</summary>
    public Recorded Says(string comment) => Change(packet => packet with { Comment = comment });

    public Recorded Change(Func<RecordedPacket, RecordedPacket> change)
    {
        _packets[^1] = change(_packets[^1]);
        return this;
    }

    private Recorded Add(CaptureDirection direction, byte[][] packets)
    {
        foreach (var packet in packets)
            _packets.Add(new RecordedPacket(_packets.Count + 1, direction, null, packet));
        return this;
    }
}
