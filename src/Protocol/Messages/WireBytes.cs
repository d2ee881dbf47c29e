using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace RmStack.Protocol.Messages;

/// <summary>
/// A run of received bytes, where it lies: one span, or a part of a chain of fragments. Nothing is copied until a field is read, and
/// a field is copied only when it lies across two fragments.
/// </summary>
/// <remarks>
/// A run in pieces remembers its first segment, not the caller's <see cref="ReadOnlySequence{T}"/>, so that variable may change; the bytes themselves
/// must stay. A part that lies in one fragment becomes a span at once, so the common case costs what a span costs.
/// </remarks>
public readonly ref struct WireBytes
{
    private readonly ReadOnlySpan<byte> _span;
    private readonly ReadOnlySequenceSegment<byte>? _segment;
    private readonly int _start;

    /// <summary>Bytes in one piece.</summary>
    public WireBytes(ReadOnlySpan<byte> bytes)
    {
        _span = bytes;
        Length = bytes.Length;
    }

    /// <summary>Bytes in pieces, at most <see cref="int.MaxValue"/> of them.</summary>
    public WireBytes(in ReadOnlySequence<byte> bytes)
    {
        Length = checked((int)bytes.Length);
        if (bytes.IsSingleSegment)
        {
            _span = bytes.FirstSpan;
            return;
        }

        // More than one segment can only be a chain of these.
        _segment = (ReadOnlySequenceSegment<byte>)bytes.Start.GetObject()!;
        _start = bytes.Start.GetInteger();
    }

    private WireBytes(ReadOnlySequenceSegment<byte> segment, int start, int length)
    {
        Length = length;
        while (start >= segment.Memory.Length && segment.Next is { } next)
        {
            start -= segment.Memory.Length;
            segment = next;
        }

        if (length <= segment.Memory.Length - start)
        {
            _span = segment.Memory.Span.Slice(start, length);
            return;
        }

        _segment = segment;
        _start = start;
    }

    /// <summary>Number of bytes.</summary>
    public int Length { get; }

    /// <summary>Whether there are no bytes.</summary>
    public bool IsEmpty => Length == 0;

    /// <summary>Whether the bytes lie in one piece; <see cref="Span"/> is then all of them.</summary>
    public bool IsContiguous => _segment is null;

    /// <summary>The bytes when they lie in one piece, else empty.</summary>
    public ReadOnlySpan<byte> Span => _span;

    /// <summary>The byte at <paramref name="index"/>.</summary>
    public byte this[int index] => IsContiguous ? _span[index] : (byte)Gather(index, sizeof(byte));

    /// <summary>Bytes in one piece.</summary>
    public static implicit operator WireBytes(ReadOnlySpan<byte> bytes) => new(bytes);

    /// <summary>A part of the bytes, without copying.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public WireBytes Slice(int start, int length) => IsContiguous ? new WireBytes(_span.Slice(start, length)) : SlicePieces(start, length);

    /// <summary>The bytes from <paramref name="start"/> on, without copying.</summary>
    public WireBytes Slice(int start) => Slice(start, Length - start);

    /// <summary>Copies all bytes out.</summary>
    public void CopyTo(Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, Length, nameof(destination));
        for (var rest = this; !rest.IsEmpty;)
        {
            var piece = rest.RunAt(0);
            piece.CopyTo(destination);
            destination = destination[piece.Length..];
            rest = rest.Slice(piece.Length);
        }
    }

    /// <summary>The bytes in an array of their own.</summary>
    public byte[] ToArray()
    {
        var copy = new byte[Length];
        CopyTo(copy);
        return copy;
    }

    /// <summary>Whether these bytes are exactly the <paramref name="other"/> ones.</summary>
    public bool SequenceEqual(ReadOnlySpan<byte> other)
    {
        if (Length != other.Length)
            return false;
        for (var rest = this; !rest.IsEmpty;)
        {
            var piece = rest.RunAt(0);
            if (!other.StartsWith(piece))
                return false;
            other = other[piece.Length..];
            rest = rest.Slice(piece.Length);
        }

        return true;
    }

    /// <summary>Where the first byte is that is not zero, or -1.</summary>
    public int IndexOfNonZero()
    {
        var before = 0;
        for (var rest = this; !rest.IsEmpty;)
        {
            var piece = rest.RunAt(0);
            var index = piece.IndexOfAnyExcept((byte)0);
            if (index >= 0)
                return before + index;
            before += piece.Length;
            rest = rest.Slice(piece.Length);
        }

        return -1;
    }

    /// <summary>The bytes from <paramref name="offset"/> to the end of the piece that they lie in.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal ReadOnlySpan<byte> RunAt(int offset)
    {
        // A run in pieces is longer than what is left of its first one, or it would be a span.
        var rest = Slice(offset);
        return rest._segment is { } segment ? segment.Memory.Span[rest._start..] : rest._span;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ushort U16(int offset) =>
        IsContiguous ? BinaryPrimitives.ReadUInt16LittleEndian(_span[offset..]) : (ushort)Gather(offset, sizeof(ushort));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal uint U32(int offset) =>
        IsContiguous ? BinaryPrimitives.ReadUInt32LittleEndian(_span[offset..]) : (uint)Gather(offset, sizeof(uint));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ulong U64(int offset) =>
        IsContiguous ? BinaryPrimitives.ReadUInt64LittleEndian(_span[offset..]) : Gather(offset, sizeof(ulong));

    // The pieces' way stays out of line, so that the common way is inlined into every accessor.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private ulong Gather(int offset, int size)
    {
        Span<byte> field = stackalloc byte[sizeof(ulong)];
        field.Clear();
        Slice(offset, size).CopyTo(field);
        return BinaryPrimitives.ReadUInt64LittleEndian(field);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WireBytes SlicePieces(int start, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)start, (uint)Length, nameof(start));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)(Length - start), nameof(length));
        return new WireBytes(_segment!, _start + start, length);
    }
}
