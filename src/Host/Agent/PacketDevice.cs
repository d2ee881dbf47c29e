namespace RmStack.Host;

/// <summary>Takes a packet that leaves the machine. False when there is no room for it.</summary>
public delegate bool PacketTransmitter(ReadOnlySpan<byte> packet);

/// <summary>
/// A device of the primary VM by which the world outside and its software exchange packets: one slot for what comes in, a transmitter for
/// what goes out, one interrupt line. Outside fills the slot and raises the line between two steps of the machine; the software takes the
/// packet on its own time. So outside and inside never run at once, and what happens depends on nothing but the packets and the step.
/// </summary>
/// <param name="transmitter">Where packets go that leave the machine.</param>
public sealed class PacketDevice(PacketTransmitter transmitter)
{
    /// <summary>INTID of its line. On the QEMU platform: SPI 16, the first virtio-mmio transport.</summary>
    public const uint Intid = 48;

    /// <summary>
    /// Bytes of the longest packet that fits. More than a message queue takes, so that the hypervisor is who refuses what is too long.
    /// </summary>
    public const int MaxPacket = 1024;

    private readonly byte[] _slot = new byte[MaxPacket];
    private int _length;
    private bool _full;

    /// <summary>Outside: the slot is empty, another packet may be put into it.</summary>
    public bool IsEmpty => !_full;

    /// <summary>Outside: a packet waits inside because there was no room; raise the line when there is.</summary>
    public bool IsStalled { get; private set; }

    /// <summary>Outside: puts a packet into the empty slot. Raise the line then.</summary>
    public void Put(ReadOnlySpan<byte> packet)
    {
        if (_full) throw new InvalidOperationException("The slot is full.");
        packet.CopyTo(_slot);
        _length = packet.Length;
        _full = true;
    }

    /// <summary>Inside: the packet in the slot; false when there is none. It stays until <see cref="Done"/>.</summary>
    public bool TryPeek(out ReadOnlySpan<byte> packet)
    {
        packet = _slot.AsSpan(0, _length);
        return _full;
    }

    /// <summary>Inside: the packet in the slot was taken.</summary>
    public void Done() => _full = false;

    /// <summary>Inside: sends a packet out. False when there is no room: the line is raised once there is.</summary>
    public bool TryTransmit(ReadOnlySpan<byte> packet)
    {
        IsStalled = !transmitter(packet);
        return !IsStalled;
    }
}
