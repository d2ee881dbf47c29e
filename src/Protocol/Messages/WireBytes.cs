using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace RmStack.Protocol.Messages;

/// <summary>
/// A run of received bytes, where it lies: one span, or a part of a sequence of fragments. Nothing is copied until a field is read, and
/// a field is copied only when it lies across two fragments.
/// </summary>
/// <remarks>
/// A run of a sequence keeps a reference to the caller's <see cref="ReadOnlySequence{T}"/>; the compiler holds views to its lifetime. A part
/// that lies in one fragment becomes a span at once, so the common case costs what a span costs.
/// </remarks>
public readonly ref struct WireBytes
{
    private readonly ReadOnlySpan<byte> _span;
    private readonly ref readonly ReadOnlySequence<byte> _sequence;
    private readonly int _start;

    /// <summary>Bytes in one piece.</summary>
    public WireBytes(ReadOnlySpan<byte> bytes)
    {
        _span = bytes;
        Length = bytes.Length;
    }

    /// <summary>Bytes in pieces, at most <see cref="int.MaxValue"/> of them.</summary>
    public WireBytes(in ReadOnlySequence<byte> bytes)
        : this(in bytes, 0, checked((int)bytes.Length))
    {
    }

    private WireBytes(in ReadOnlySequence<byte> sequence, int start, int length)
    {
        Length = length;
        var part = sequence.Slice(start, length);
        if (part.IsSingleSegment)
        {
            _span = part.FirstSpan;
            return;
        }

        _sequence = ref sequence;
        _start = start;
    }

    /// <summary>Number of bytes.</summary>
    public int Length { get; }

    /// <summary>Whether there are no bytes.</summary>
    public bool IsEmpty => Length == 0;

    /// <summary>Whether the bytes lie in one piece; <see cref="Span"/> is then all of them.</summary>
    public bool IsContiguous => Unsafe.IsNullRef(in _sequence);

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
        if (IsContiguous)
            _span.CopyTo(destination);
        else
            _sequence.Slice(_start, Length).CopyTo(destination);
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
        if (IsContiguous)
            return _span.SequenceEqual(other);
        if (Length != other.Length)
            return false;
        foreach (var piece in _sequence.Slice(_start, Length))
        {
            if (!other.StartsWith(piece.Span))
                return false;
            other = other[piece.Length..];
        }

        return true;
    }

    /// <summary>Whether every byte is zero.</summary>
    public bool IsZero()
    {
        if (IsContiguous)
            return !_span.ContainsAnyExcept((byte)0);
        foreach (var piece in _sequence.Slice(_start, Length))
        {
            if (piece.Span.ContainsAnyExcept((byte)0))
                return false;
        }

        return true;
    }

    /// <summary>The bytes from <paramref name="offset"/> to the end of the piece that they lie in.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal ReadOnlySpan<byte> RunAt(int offset) =>
        IsContiguous ? _span[offset..] : _sequence.Slice(_start + offset, Length - offset).FirstSpan;

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
        return new WireBytes(in _sequence, _start + start, length);
    }
}
