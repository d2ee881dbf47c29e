using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RmStack.Protocol;

/// <summary>
/// Joins packets to messages for one receiver. One message at a time; memory is one buffer of fixed size, so nothing a peer sends can
/// make it grow. Invariant: <c>_received &lt;= (packets taken of the message) * 232</c>, and fewer than 64 packets are ever taken.
/// </summary>
/// <remarks>
/// <see cref="Accept(ReadOnlySpan{byte})"/> copies content out of a packet. To save that copy, let the queue write the next packet into
/// <see cref="ReceiveWindow"/> and call <see cref="AcceptReceived(int)"/>: each packet then lands 8 bytes before the end of what has arrived,
/// and its content is where it belongs. Either way the content of one message is contiguous.
/// </remarks>
public sealed class Reassembler
{
    private readonly Memory<byte> _buffer;
    private readonly byte[]? _array;
    private readonly int _minPacketSize;
    private readonly long[] _drops = new long[(int)DropReason.NoBuffer + 1];
    private RpcHeader _header;
    private int _received;
    private int _missing;
    private bool _complete;
    private ulong _covered;
    private bool _windowOpen;
    private bool _poisoned;
    private bool _firstWasEmpty;

    // Header of the packet that belongs next, while _expects. No value of it could mean "none": a peer may send any 8 bytes.
    private ulong _expected;
    private bool _expects;

    /// <summary>A reassembler with a buffer of its own.</summary>
    public Reassembler(ReassemblyRules rules)
        : this(rules, new byte[RpcLimits.ReassemblyBufferSize])
    {
    }

    /// <summary>A reassembler in memory of the caller's, at least <see cref="RpcLimits.ReassemblyBufferSize"/> bytes.</summary>
    public Reassembler(ReassemblyRules rules, Memory<byte> buffer)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(buffer.Length, RpcLimits.ReassemblyBufferSize, nameof(buffer));
        Rules = rules;
        _minPacketSize = rules.MinPacketSize;
        _buffer = buffer;
        // An array at its beginning is reached faster than through Memory<byte>, once per packet.
        if (MemoryMarshal.TryGetArray<byte>(buffer, out var segment) && segment is { Offset: 0, Array: { } array })
            _array = array;
    }

    /// <summary>How packets are treated.</summary>
    public ReassemblyRules Rules { get; }

    /// <summary>Header of the first packet of the message under reassembly, complete, or just refused.</summary>
    public RpcHeader Header => _header;

    /// <summary>Header of the message that the last packet made disappear; see <see cref="ReassemblyOutcome.PartialGone"/>.</summary>
    public RpcHeader DisplacedHeader { get; private set; }

    /// <summary>The complete message's content, joined. Valid until the next packet or <see cref="ReceiveWindow"/>.</summary>
    public ReadOnlySpan<byte> Content => _complete ? Buffer.Slice(RpcLimits.HeaderSize, _received) : default;

    /// <summary>The same bytes for receivers that keep them across an await.</summary>
    public ReadOnlyMemory<byte> ContentMemory => _complete ? _buffer.Slice(RpcLimits.HeaderSize, _received) : default;

    /// <summary>A message has started and waits for packets.</summary>
    public bool HasPartial => _missing > 0;

    /// <summary>Packets seen, taken or not.</summary>
    public long Packets { get; private set; }

    /// <summary>Messages completed.</summary>
    public long Messages { get; private set; }

    /// <summary>Messages that started and never became complete.</summary>
    public long MessagesGone { get; private set; }

    /// <summary>
    /// Where the queue may write the next packet (240 bytes). Every use is followed by <see cref="AcceptReceived(int)"/> or, when nothing
    /// came, by <see cref="CloseWindow"/>. Reading it ends the life of <see cref="Content"/>.
    /// </summary>
    public Memory<byte> ReceiveWindow
    {
        get
        {
            Debug.Assert(!_windowOpen, "the window before this one was not closed");
            OpenWindow(Buffer);
            return _buffer.Slice(_received, RpcLimits.PacketSize);
        }
    }

    /// <summary>The same for queues that write into a span.</summary>
    public Span<byte> ReceiveWindowSpan
    {
        get
        {
            Debug.Assert(!_windowOpen, "the window before this one was not closed");
            var buffer = Buffer;
            OpenWindow(buffer);
            return buffer.Slice(_received, RpcLimits.PacketSize);
        }
    }

    /// <summary>Packets not taken for this reason.</summary>
    public long Drops(DropReason reason) => _drops[(int)reason];

    /// <summary>Takes one packet; every reply counts as expected.</summary>
    public ReassemblyOutcome Accept(ReadOnlySpan<byte> packet) => Accept(packet, default(EveryReply));

    /// <summary>Takes one packet.</summary>
    public ReassemblyOutcome Accept<TFilter>(ReadOnlySpan<byte> packet, TFilter filter)
        where TFilter : struct, IReplyFilter
    {
        Debug.Assert(!_windowOpen, "a packet lies in the receive window");
        // The packet that belongs next is the common one, and every receiver takes it.
        if (_expects && IsContinuationSize(packet.Length) && BinaryPrimitives.ReadUInt64LittleEndian(packet) == _expected)
        {
            var content = packet[RpcLimits.HeaderSize..];
            content.CopyTo(Buffer[(RpcLimits.HeaderSize + _received)..]);
            return Taken(content.Length, ReassemblyEffects.None);
        }

        ForgetComplete();
        return Judge(packet, filter);
    }

    /// <summary>Takes the packet of <paramref name="length"/> bytes in the receive window; every reply counts as expected.</summary>
    public ReassemblyOutcome AcceptReceived(int length) => AcceptReceived(length, default(EveryReply));

    /// <summary>Takes the packet of <paramref name="length"/> bytes in the receive window.</summary>
    public ReassemblyOutcome AcceptReceived<TFilter>(int length, TFilter filter)
        where TFilter : struct, IReplyFilter
    {
        Debug.Assert(_windowOpen, "no window is open");
        var window = Buffer.Slice(_received, RpcLimits.PacketSize);
        // The header covers the last 8 bytes that arrived: take it out, put them back, then judge.
        var word = BinaryPrimitives.ReadUInt64LittleEndian(window);
        BinaryPrimitives.WriteUInt64LittleEndian(window, _covered);
        _windowOpen = false;
        if (_expects && word == _expected && IsContinuationSize(length))
            return Taken(length - RpcLimits.HeaderSize, ReassemblyEffects.None);
        if (IsWholeMessage(word, length) && !HasPartial)
            return TakeWhole(word, length, filter);
        if (length < RpcLimits.HeaderSize)
            return Seen(DropReason.TooShort);
        Span<byte> header = stackalloc byte[RpcLimits.HeaderSize];
        BinaryPrimitives.WriteUInt64LittleEndian(header, word);
        return Judge(header, window[RpcLimits.HeaderSize..length], filter);
    }

    /// <summary>
    /// Takes the packet in the receive window if it is the one that belongs next and is not the last of its message. False: nothing happened,
    /// and <see cref="AcceptReceived(int)"/> is to judge it.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryAcceptMiddle(int length)
    {
        Debug.Assert(_windowOpen, "no window is open");
        if (_missing <= 1 || !_expects || !IsContinuationSize(length))
            return false;
        var window = Buffer.Slice(_received, sizeof(ulong));
        if (BinaryPrimitives.ReadUInt64LittleEndian(window) != _expected)
            return false;
        BinaryPrimitives.WriteUInt64LittleEndian(window, _covered);
        _windowOpen = false;
        _received += length - RpcLimits.HeaderSize;
        _missing--;
        Packets++;
        return true;
    }

    /// <summary>Gives the receive window back unused.</summary>
    public void CloseWindow()
    {
        Debug.Assert(_windowOpen, "no window is open");
        BinaryPrimitives.WriteUInt64LittleEndian(Buffer[_received..], _covered);
        _windowOpen = false;
    }

    /// <summary>Forgets the message under reassembly, as when a link is torn down. Counters stay.</summary>
    public void Reset()
    {
        if (_windowOpen)
            CloseWindow();
        if (HasPartial)
            MessagesGone++;
        _missing = 0;
        _received = 0;
        _complete = false;
        _poisoned = false;
        _expects = false;
    }

    /// <summary>A message of one packet, with an error word's worth of content, which every receiver treats alike.</summary>
    private bool IsWholeMessage(ulong word, int length) =>
        (word & RpcHeader.WholeMask) == RpcHeader.WholeWord
        && (word & RpcHeader.TypeMask) != 0
        && ((word & RpcHeader.TypeMask) != RpcHeader.RequestBits || Rules.TakesRequests)
        && length is >= RpcLimits.HeaderSize + RpcLimits.ErrorSize and <= RpcLimits.PacketSize;

    private ReassemblyOutcome TakeWhole<TFilter>(ulong word, int length, TFilter filter)
        where TFilter : struct, IReplyFilter
    {
        var header = new RpcHeader(word);
        if (Rules.LooksRepliesUp && header.Type == RpcMessageType.Reply && !filter.IsExpected(header))
        {
            _poisoned = Rules.RefusedReplyPoisons;
            return Seen(DropReason.UnknownReply);
        }

        _poisoned = false;
        _header = header;
        _missing = 1;
        return Taken(length - RpcLimits.HeaderSize, ReassemblyEffects.None);
    }

    private ReassemblyOutcome Judge<TFilter>(ReadOnlySpan<byte> packet, TFilter filter)
        where TFilter : struct, IReplyFilter =>
        packet.Length < RpcLimits.HeaderSize ? Seen(DropReason.TooShort)
        : packet.Length > RpcLimits.PacketSize ? Seen(DropReason.TooLong)
        : Judge(packet[..RpcLimits.HeaderSize], packet[RpcLimits.HeaderSize..], filter);

    private ReassemblyOutcome Judge<TFilter>(ReadOnlySpan<byte> header, ReadOnlySpan<byte> content, TFilter filter)
        where TFilter : struct, IReplyFilter
    {
        if (RpcLimits.HeaderSize + content.Length < Rules.MinPacketSize)
            return Seen(DropReason.TooShort);
        var stop = Rules.BadPacketStopsReceiving ? ReassemblyEffects.StopsReceiving : ReassemblyEffects.None;
        if (Rules.ChecksApiByte && header[0] != RpcHeader.ApiByte)
            return Seen(RpcHeader.CheckApi(header[0]) == DecodeStatus.BadVersion ? DropReason.BadVersion : DropReason.BadHeaderWords, stop);
        var fields = RpcHeader.Read(header);
        if (Rules.ChecksFragmentsFirst && fields.Fragments > Rules.MaxFragments)
            return Seen(DropReason.BadFragmentCount);
        if (fields.Type == RpcMessageType.Continuation)
            return Continue(fields, content);
        if (fields.Type == RpcMessageType.Request && !Rules.TakesRequests)
            return Seen(DropReason.UnexpectedType, stop);
        return Start(fields, content, filter);
    }

    private ReassemblyOutcome Start<TFilter>(RpcHeader header, ReadOnlySpan<byte> content, TFilter filter)
        where TFilter : struct, IReplyFilter
    {
        var isReply = header.Type == RpcMessageType.Reply;
        if (isReply && Rules.LooksRepliesUp && !filter.IsExpected(header))
        {
            _poisoned = Rules.RefusedReplyPoisons;
            return Seen(DropReason.UnknownReply, Rules.UnknownReplyLosesPartial ? Displace(DisplacementRule.Lose) : ReassemblyEffects.None);
        }

        var effects = Displace(Rules.Displacement);
        var shortReply = isReply && content.Length < RpcLimits.ErrorSize;
        _poisoned = shortReply && Rules.RefusedReplyPoisons;
        if (_poisoned)
            return Seen(DropReason.ShortReply, effects);
        if (shortReply && Rules.ShortReplyCrashes)
            return Seen(DropReason.ShortReply, effects | ReassemblyEffects.WouldCrash);
        var refusal = shortReply && Rules.ShortReplyFailsCaller ? DropReason.ShortReply
            : header.Fragments > Rules.MaxFragments ? DropReason.BadFragmentCount
            : DropReason.None;
        if (refusal != DropReason.None)
        {
            _header = header;
            return Seen(refusal, effects, isReply ? ReassemblyResult.Failed : ReassemblyResult.Dropped);
        }

        _header = header;
        _missing = header.Fragments + 1;
        _firstWasEmpty = content.Length == (isReply ? RpcLimits.ErrorSize : 0);
        _expects = header.Fragments > 0 && !(_firstWasEmpty && Rules.EmptyFirstPacketCrashes);
        _expected = header.Continuation.Word;
        return Take(content, effects);
    }

    private ReassemblyOutcome Continue(RpcHeader header, ReadOnlySpan<byte> content)
    {
        if (!HasPartial)
            return Seen(DropReason.StrayContinuation, Rules.StrayContinuationCrashes || _poisoned ? ReassemblyEffects.WouldCrash : ReassemblyEffects.None);
        var sameCount = header.Fragments == _header.Fragments;
        var matches = header.Id == _header.Id
            && sameCount
            && (!Rules.ChecksContinuationSequence || header.SequenceId == _header.SequenceId);
        if (matches || Rules.Mismatch == MismatchRule.Append || (sameCount && Rules.Mismatch == MismatchRule.DropForeignCount))
        {
            return _firstWasEmpty && Rules.EmptyFirstPacketCrashes
                ? Seen(DropReason.NoBuffer, Displace(DisplacementRule.Lose) | ReassemblyEffects.WouldCrash)
                : Take(content, ReassemblyEffects.None);
        }

        if (Rules.Mismatch is MismatchRule.DropPacket or MismatchRule.DropForeignCount)
            return Seen(DropReason.ContinuationMismatch);
        return Seen(DropReason.ContinuationMismatch, Displace(DisplacementRule.Abort), ReassemblyResult.Aborted);
    }

    private ReassemblyOutcome Take(ReadOnlySpan<byte> content, ReassemblyEffects effects)
    {
        var room = Buffer.Slice(RpcLimits.HeaderSize + _received, content.Length);
        if (!Unsafe.AreSame(in content.GetPinnableReference(), in room.GetPinnableReference()))
            content.CopyTo(room);
        return Taken(content.Length, effects);
    }

    private ReassemblyOutcome Taken(int length, ReassemblyEffects effects)
    {
        _received += length;
        Packets++;
        if (--_missing > 0)
            return new ReassemblyOutcome(ReassemblyResult.Incomplete, DropReason.None, effects);
        _complete = true;
        _expects = false;
        Messages++;
        return new ReassemblyOutcome(ReassemblyResult.Complete, DropReason.None, effects);
    }

    private ReassemblyEffects Displace(DisplacementRule rule)
    {
        if (!HasPartial)
            return ReassemblyEffects.None;
        DisplacedHeader = _header;
        MessagesGone++;
        _missing = 0;
        _received = 0;
        _expects = false;
        return rule switch
        {
            DisplacementRule.Discard => ReassemblyEffects.PartialDiscarded,
            DisplacementRule.Abort => ReassemblyEffects.PartialAborted,
            _ => ReassemblyEffects.PartialLost,
        };
    }

    private ReassemblyOutcome Seen(DropReason reason, ReassemblyEffects effects = ReassemblyEffects.None, ReassemblyResult result = ReassemblyResult.Dropped)
    {
        Packets++;
        _drops[(int)reason]++;
        return new ReassemblyOutcome(result, reason, effects);
    }

    private bool IsContinuationSize(int length) => length >= _minPacketSize && length <= RpcLimits.PacketSize;

    private Span<byte> Buffer => _array is { } array ? array.AsSpan() : _buffer.Span;

    private void OpenWindow(Span<byte> buffer)
    {
        ForgetComplete();
        _covered = BinaryPrimitives.ReadUInt64LittleEndian(buffer[_received..]);
        _windowOpen = true;
    }

    private void ForgetComplete()
    {
        if (!_complete)
            return;
        _complete = false;
        _received = 0;
    }
}
