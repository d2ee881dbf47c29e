using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace RmStack.Transport.Capture;

/// <summary>
/// Reads packets from a pcapng file of anybody's: either byte order, several sections, several interfaces, unknown blocks skipped.
/// pcapng: draft-ietf-opsawg-pcapng.
/// </summary>
/// <remarks>
/// Whatever the bytes are, the answer is a packet or a <see cref="CaptureStatus"/> with a place, never an exception. Memory follows the
/// bytes that are really there: a block is put together only once all of it has arrived, and only up to
/// <see cref="PcapngFormat.MaxBlockLength"/>. Failures of the stream itself are thrown as the stream throws them. Not for several
/// threads at once.
/// </remarks>
public sealed class PcapngReader : IAsyncDisposable
{
    private const int BufferSize = 1 << 16;

    private readonly PipeReader _pipe;
    private readonly PcapngSections _sections = new();
    private byte[] _joined = [];
    private SequencePosition? _held;
    private long _skipLeft;
    private uint _skipLength;
    private CaptureReadResult? _last;

    /// <summary>Reads from a pipe, which it completes when it is disposed of.</summary>
    public PcapngReader(PipeReader pipe)
    {
        ArgumentNullException.ThrowIfNull(pipe);
        _pipe = pipe;
    }

    /// <summary>Reads from a stream.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="leaveOpen">Whether the stream outlives the reader.</param>
    public PcapngReader(Stream stream, bool leaveOpen = false)
        : this(PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: BufferSize, leaveOpen: leaveOpen, useZeroByteReads: false)))
    {
    }

    /// <summary>Interfaces of the present section.</summary>
    public IReadOnlyList<CaptureInterface> Interfaces => _sections.Interfaces;

    /// <summary>Where the next block begins, bytes.</summary>
    public long Offset { get; private set; }

    /// <summary>How reading ended; null while it has not.</summary>
    public CaptureReadResult? Outcome => _last;

    /// <summary>Reads the next packet, of whatever link type. The one before it is no longer valid then.</summary>
    /// <returns>The packet, the end, or why there is no more; after that the same answer again.</returns>
    public async ValueTask<CaptureReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        Release();
        while (_last is null)
        {
            var read = await _pipe.ReadAsync(cancellationToken);
            if (Examine(read.Buffer, read.IsCompleted) is { } result) return result;
        }

        return _last.Value;
    }

    /// <summary>Reads all packets; <see cref="Outcome"/> says afterwards how it ended. A packet is valid until the next one.</summary>
    public async IAsyncEnumerable<CapturedPacket> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var result = await ReadAsync(cancellationToken);
            if (!result.HasPacket) yield break;
            yield return result.Packet;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Release();
        if (_joined.Length > 0) ArrayPool<byte>.Shared.Return(_joined);
        _joined = [];
        await _pipe.CompleteAsync();
    }

    private void Release()
    {
        if (_held is { } end) _pipe.AdvanceTo(end);
        _held = null;
    }

    /// <summary>Deals with what has arrived. Null: more is needed, or there was nothing to report.</summary>
    private CaptureReadResult? Examine(ReadOnlySequence<byte> buffer, bool complete)
    {
        if (_skipLength != 0) return Skip(buffer, complete);
        var status = _sections.ReadHead(buffer, out var head);
        if (status == BlockStatus.NeedMore) return More(buffer, complete);
        if (status != BlockStatus.Ok) return Fail(buffer, PcapngSections.StatusOf(status));
        if (!head.IsKnown)
        {
            _skipLength = head.Length;
            _skipLeft = head.Length - sizeof(uint);
            return Skip(buffer, complete);
        }

        if (buffer.Length < head.Length) return More(buffer, complete);
        var block = buffer.Slice(0, head.Length);
        var failure = _sections.ReadBlock(head, Join(block), Offset, out var packet);
        if (failure != CaptureStatus.Packet) return Fail(buffer, failure);
        var at = Offset;
        Offset += head.Length;
        if (packet is not { } found)
        {
            _pipe.AdvanceTo(block.End);
            return null;
        }

        _held = block.End;
        return new CaptureReadResult(CaptureStatus.Packet, found, at);
    }

    private CaptureReadResult? Skip(ReadOnlySequence<byte> buffer, bool complete)
    {
        var now = Math.Min(_skipLeft, buffer.Length);
        var rest = buffer.Slice(now);
        _skipLeft -= now;
        if (_skipLeft > 0 || rest.Length < sizeof(uint))
        {
            if (complete) return Fail(buffer, CaptureStatus.Truncated);
            _pipe.AdvanceTo(rest.Start, rest.End);
            return null;
        }

        if (_sections.ReadLength(rest) != _skipLength) return Fail(buffer, CaptureStatus.LengthsDiffer);
        Offset += _skipLength;
        _skipLength = 0;
        _pipe.AdvanceTo(rest.GetPosition(sizeof(uint)));
        return null;
    }

    private CaptureReadResult? More(ReadOnlySequence<byte> buffer, bool complete)
    {
        if (complete) return Fail(buffer, !buffer.IsEmpty ? CaptureStatus.Truncated : _sections.Count > 0 ? CaptureStatus.End : CaptureStatus.NotPcapng);
        _pipe.AdvanceTo(buffer.Start, buffer.End);
        return null;
    }

    private CaptureReadResult Fail(ReadOnlySequence<byte> buffer, CaptureStatus status)
    {
        _pipe.AdvanceTo(buffer.End);
        _last = new CaptureReadResult(status, default, Offset);
        return _last.Value;
    }

    private ReadOnlyMemory<byte> Join(ReadOnlySequence<byte> block)
    {
        if (block.IsSingleSegment) return block.First;
        var length = (int)block.Length;
        if (_joined.Length < length)
        {
            if (_joined.Length > 0) ArrayPool<byte>.Shared.Return(_joined);
            _joined = ArrayPool<byte>.Shared.Rent(length);
        }

        block.CopyTo(_joined);
        return _joined.AsMemory(0, length);
    }
}
