using System.Buffers;

namespace RmStack.Testing;

/// <summary>The same bytes in pieces, as fragments arrive.</summary>
public static class Pieces
{
    /// <summary>A sequence of these pieces, empty ones included.</summary>
    public static ReadOnlySequence<byte> Of(params byte[][] pieces)
    {
        var first = new Piece(pieces[0], null);
        var last = first;
        foreach (var piece in pieces.Skip(1))
            last = new Piece(piece, last);
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    /// <summary>Two pieces, cut at <paramref name="at"/>.</summary>
    public static ReadOnlySequence<byte> Split(byte[] bytes, int at) => Of(bytes[..at], bytes[at..]);

    /// <summary>One byte per piece.</summary>
    public static ReadOnlySequence<byte> Crumbs(byte[] bytes) => bytes.Length == 0 ? Of([], []) : Of([.. bytes.Select(value => new[] { value })]);

    /// <summary>Every two-way split, one byte per piece, and a split with an empty piece in it.</summary>
    public static IEnumerable<ReadOnlySequence<byte>> EveryWay(byte[] bytes)
    {
        for (var at = 0; at <= bytes.Length; at++)
            yield return Split(bytes, at);
        yield return Crumbs(bytes);
        yield return Of(bytes[..(bytes.Length / 2)], [], bytes[(bytes.Length / 2)..]);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(byte[] bytes, Piece? before)
        {
            Memory = bytes;
            if (before is null)
                return;
            RunningIndex = before.RunningIndex + before.Memory.Length;
            before.Next = this;
        }
    }
}
