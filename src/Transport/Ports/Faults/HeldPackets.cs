using RmStack.Protocol.Hypercalls;

namespace RmStack.Transport.Ports.Faults;

/// <summary>A packet on its way. Used again and again.</summary>
internal sealed class HeldPacket
{
    /// <summary>Its place is kept by those behind it; else it may be overtaken.</summary>
    public bool KeepsPlace { get; set; }

    /// <summary>When it may go on, in the port's time; 0 for now.</summary>
    public long Due { get; set; }

    /// <summary>It may go on as well once so many have overtaken it.</summary>
    public int OvertakersLeft { get; set; }

    public MsgQueueFlags Flags { get; set; }

    public byte[] Bytes { get; private set; } = [];

    public int Length { get; set; }

    public ReadOnlySpan<byte> Packet => Bytes.AsSpan(0, Length);

    public void Set(ReadOnlySpan<byte> packet, MsgQueueFlags flags)
    {
        if (Bytes.Length < packet.Length)
            Bytes = new byte[packet.Length];
        packet.CopyTo(Bytes);
        (Length, Flags, Due, KeepsPlace, OvertakersLeft) = (packet.Length, flags, 0, true, 0);
    }

    public bool IsDue(long now) => now >= Due || (!KeepsPlace && OvertakersLeft == 0);
}

/// <summary>Packets on their way in one direction, in the order in which they came: never more than a given number.</summary>
internal sealed class HeldPackets(int most)
{
    private readonly List<HeldPacket> _packets = [];
    private readonly Stack<HeldPacket> _spare = new();

    public int Count => _packets.Count;

    public bool IsFull => _packets.Count >= most;

    /// <summary>The earliest time at which something may become due that is not, or null.</summary>
    public long? NextDue(long now)
    {
        long? next = null;
        foreach (var packet in _packets)
        {
            if (!packet.IsDue(now) && (next is null || packet.Due < next))
                next = packet.Due;
        }

        return next;
    }

    public HeldPacket Add(ReadOnlySpan<byte> packet, MsgQueueFlags flags)
    {
        if (!_spare.TryPop(out var held))
            held = new HeldPacket();
        held.Set(packet, flags);
        _packets.Add(held);
        return held;
    }

    /// <summary>The first packet that may go on, or -1: those that are held in their place keep everything behind them.</summary>
    public int FindDue(long now)
    {
        for (var i = 0; i < _packets.Count; i++)
        {
            if (_packets[i].IsDue(now))
                return i;
            if (_packets[i].KeepsPlace)
                return -1;
        }

        return -1;
    }

    public HeldPacket this[int index] => _packets[index];

    /// <summary>A packet goes on; those that it overtakes know.</summary>
    public void RemoveAt(int index)
    {
        for (var i = 0; i < index; i++)
            _packets[i].OvertakersLeft = Math.Max(0, _packets[i].OvertakersLeft - 1);
        _spare.Push(_packets[index]);
        _packets.RemoveAt(index);
    }

    public void MakeAllDue()
    {
        foreach (var packet in _packets)
            packet.Due = 0;
    }

    public void Clear() => _packets.Clear();
}
