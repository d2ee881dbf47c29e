using System.Buffers;

namespace RmStack.Transport.Capture;

/// <summary>
/// A capture that is being made: any number of ports write into one pcapng file, from any thread. Times are the clock's, as nanoseconds since
/// the Unix epoch (a virtual clock's own).
/// </summary>
/// <remarks>
/// A packet's place in the file is the moment before it is sent, or after it was received. So a capture taken at one end never has an answer
/// before its question. When the stream fails, capturing ends and the links go on: <see cref="Failure"/> says why.
/// </remarks>
public sealed class CaptureLog : IDisposable
{
    private const int FlushAt = 1 << 16;

    // Sends that have not returned keep what comes after them waiting: as many as there are threads that send, and what is received meanwhile.
    private const int MaxWaiting = 4096;

    private readonly Lock _gate = new();
    private readonly Stream _stream;
    private readonly TimeProvider _clock;
    private readonly bool _leaveOpen;
    private readonly ArrayBufferWriter<byte> _buffer = new(FlushAt);
    private readonly PcapngWriter _writer;
    private readonly Queue<Place> _waiting = new();
    private readonly Stack<Place> _spare = new();
    private bool _disposed;

    /// <summary>Begins a file.</summary>
    /// <param name="stream">Where it goes.</param>
    /// <param name="clock">What time it is.</param>
    /// <param name="leaveOpen">Whether the stream outlives the log.</param>
    public CaptureLog(Stream stream, TimeProvider clock, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(clock);
        _stream = stream;
        _clock = clock;
        _leaveOpen = leaveOpen;
        _writer = new PcapngWriter(_buffer);
    }

    /// <summary>Packets written so far.</summary>
    public long Packets
    {
        get
        {
            lock (_gate)
                return _writer.Packets;
        }
    }

    /// <summary>Packets that are missing in the file, because the stream had failed or too many waited for a send to return.</summary>
    public long Missing { get; private set; }

    /// <summary>Why the stream failed, or null.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>A port that does what <paramref name="port"/> does, and writes it down.</summary>
    /// <param name="port">The port.</param>
    /// <param name="vmid">The VM at the link's one end; the Resource Manager is at the other.</param>
    /// <param name="description">What people call the VM.</param>
    /// <param name="end">Which end <paramref name="port"/> is.</param>
    public CapturePort Attach(IMsgQueuePort port, ushort vmid, string description, LinkEnd end = LinkEnd.Vm)
    {
        ArgumentNullException.ThrowIfNull(port);
        lock (_gate)
            return new CapturePort(port, this, _writer.AddLink(vmid, description), end);
    }

    /// <summary>Writes everything that is known to the stream.</summary>
    public void Flush()
    {
        lock (_gate)
            Drain(all: true);
    }

    /// <summary>Ends the file. Ports go on without it.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
            Drain(all: true);
        }

        if (!_leaveOpen)
            _stream.Dispose();
    }

    internal Place? Begin(int link, CaptureDirection direction, ReadOnlySpan<byte> packet)
    {
        lock (_gate)
        {
            if (_disposed || Failure is not null || _waiting.Count == MaxWaiting || packet.Length > PcapngFormat.MaxPacketLength)
            {
                Missing++;
                return null;
            }

            var place = _spare.TryPop(out var spare) ? spare : new Place();
            place.Begin(link, direction, Now(), packet);
            _waiting.Enqueue(place);
            return place;
        }
    }

    internal void End(Place? place, bool isThere, ReadOnlySpan<byte> comment)
    {
        if (place is null)
            return;
        lock (_gate)
        {
            place.End(isThere, comment);
            while (_waiting.TryPeek(out var first) && first.HasEnded)
            {
                Write(_waiting.Dequeue());
                _spare.Push(first);
            }

            Drain(all: false);
        }
    }

    private ulong Now() => (ulong)Math.Max(0, (_clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks) * TimeSpan.NanosecondsPerTick;

    private void Write(Place place)
    {
        if (!place.IsThere)
            return;
        if (_disposed || Failure is not null)
            Missing++;
        else
            _writer.Write(place.Link, place.Direction, place.TimestampNs, place.Packet, place.Comment);
    }

    private void Drain(bool all)
    {
        if (Failure is not null || (!all && _buffer.WrittenCount < FlushAt))
            return;
        try
        {
            _stream.Write(_buffer.WrittenSpan);
            if (all)
                _stream.Flush();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ObjectDisposedException or NotSupportedException)
        {
            Failure = failure;
        }

        _buffer.ResetWrittenCount();
    }

    /// <summary>A packet's place in the file. Used again and again.</summary>
    internal sealed class Place
    {
        private const int LongestComment = 16;
        private readonly byte[] _comment = new byte[LongestComment];
        private byte[] _bytes = new byte[Protocol.RpcLimits.PacketSize];
        private int _length;
        private int _commentLength;

        public int Link { get; private set; }

        public CaptureDirection Direction { get; private set; }

        public ulong TimestampNs { get; private set; }

        public bool HasEnded { get; private set; }

        public bool IsThere { get; private set; }

        public ReadOnlySpan<byte> Packet => _bytes.AsSpan(0, _length);

        public ReadOnlySpan<byte> Comment => _comment.AsSpan(0, _commentLength);

        public void Begin(int link, CaptureDirection direction, ulong timestampNs, ReadOnlySpan<byte> packet)
        {
            (Link, Direction, TimestampNs, HasEnded) = (link, direction, timestampNs, false);
            if (packet.Length > _bytes.Length)
                _bytes = new byte[packet.Length];
            packet.CopyTo(_bytes);
            _length = packet.Length;
        }

        public void End(bool isThere, ReadOnlySpan<byte> comment)
        {
            (HasEnded, IsThere) = (true, isThere);
            comment.CopyTo(_comment);
            _commentLength = comment.Length;
        }
    }
}
