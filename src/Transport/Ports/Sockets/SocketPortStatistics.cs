namespace RmStack.Transport.Ports.Sockets;

/// <summary>Counters of a socket port. They only grow, and may be read at any time.</summary>
public sealed class SocketPortStatistics
{
    private long _packetsSent;
    private long _bytesSent;
    private long _sendsFull;
    private long _sendErrors;

    /// <summary>Packets that the socket took.</summary>
    public long PacketsSent => Volatile.Read(ref _packetsSent);

    /// <summary>Bytes of these.</summary>
    public long BytesSent => Volatile.Read(ref _bytesSent);

    /// <summary>Sends that found no room.</summary>
    public long SendsFull => Volatile.Read(ref _sendsFull);

    /// <summary>Sends that were refused for another reason.</summary>
    public long SendErrors => Volatile.Read(ref _sendErrors);

    /// <summary>Packets that were taken from the socket into the queue.</summary>
    public long PacketsReceived { get; private set; }

    /// <summary>Bytes of these.</summary>
    public long BytesReceived { get; private set; }

    /// <summary>Datagrams without a byte, which a message queue cannot carry: dropped.</summary>
    public long DroppedEmpty { get; private set; }

    /// <summary>Datagrams longer than the largest packet: dropped as a whole.</summary>
    public long DroppedTooLong { get; private set; }

    /// <summary>Bytes that these had, all together.</summary>
    public long BytesTooLong { get; private set; }

    /// <summary>True size of the longest of them, bytes.</summary>
    public int LongestDropped { get; private set; }

    /// <summary>Everything dropped, whatever the reason.</summary>
    public long Dropped => DroppedEmpty + DroppedTooLong;

    internal void Sent(int bytes)
    {
        Interlocked.Increment(ref _packetsSent);
        Interlocked.Add(ref _bytesSent, bytes);
    }

    internal void FoundFull() => Interlocked.Increment(ref _sendsFull);

    internal void Refused() => Interlocked.Increment(ref _sendErrors);

    // Only the loop's thread receives.
    internal void Received(int bytes)
    {
        PacketsReceived++;
        BytesReceived += bytes;
    }

    internal void Empty() => DroppedEmpty++;

    internal void TooLong(int bytes)
    {
        DroppedTooLong++;
        BytesTooLong += bytes;
        LongestDropped = Math.Max(LongestDropped, bytes);
    }
}
