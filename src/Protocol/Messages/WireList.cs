using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RmStack.Protocol.Messages;

/// <summary>Entries of one list, read from the wire as they are asked for.</summary>
/// <typeparam name="T">Kind of entry.</typeparam>
public readonly ref struct WireList<T>
    where T : struct, IWireElement<T>
{
    private readonly WireBytes _entries;

    internal WireList(WireBytes entries, ushort upperHalf)
    {
        _entries = entries;
        UpperHalf = upperHalf;
    }

    /// <summary>Number of entries.</summary>
    public int Count => _entries.Length / T.Size;

    /// <summary>Upper 16 bits of the count word: reserved, or map_vmid in MEM_ACCEPT.</summary>
    public ushort UpperHalf { get; }

    /// <summary>The entry at <paramref name="index"/>.</summary>
    public T this[int index] => _entries.IsContiguous ? T.Read(_entries.Span.Slice(index * T.Size, T.Size)) : ReadPieces(_entries, index);

    /// <summary>Walks the entries in wire order.</summary>
    public Enumerator GetEnumerator() => new(this);

    /// <summary>Copies the entries out.</summary>
    public void CopyTo(Span<T> destination)
    {
        var next = 0;
        foreach (var entry in this)
            destination[next++] = entry;
    }

    // Out of line and static, so that walking a list in one piece keeps everything in registers.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static T ReadPieces(WireBytes entries, int index)
    {
        Span<byte> entry = stackalloc byte[T.Size];
        entries.Slice(index * T.Size, T.Size).CopyTo(entry);
        return T.Read(entry);
    }

    /// <summary>Walks the entries of one list, piece after piece where it lies in pieces.</summary>
    public ref struct Enumerator
    {
        private readonly WireBytes _entries;
        private readonly int _end;

        // Whole entries of the piece at hand: where they begin and end in the list.
        private ReadOnlySpan<byte> _run;
        private int _runStart;
        private int _runEnd;
        private int _offset;

        internal Enumerator(WireList<T> list)
        {
            _entries = list._entries;
            _end = list.Count * T.Size;
            _run = _entries.Span;
            _runEnd = _run.IsEmpty ? 0 : _end;
            _offset = -T.Size;
        }

        /// <summary>The entry at the current place.</summary>
        public readonly T Current => (uint)_offset < (uint)_runEnd ? ReadRun() : ReadPieces(_entries, _offset / T.Size);

        /// <summary>Steps to the next entry.</summary>
        public bool MoveNext()
        {
            _offset += T.Size;
            // Compared as Current compares, so that the compiler keeps one of the two.
            if ((uint)_offset < (uint)_runEnd)
                return true;
            if (_offset >= _end)
                return false;
            _run = _entries.RunAt(_offset);
            _runStart = _offset;
            _runEnd = _offset + (_run.Length - (_run.Length % T.Size));
            return true;
        }

        // The whole entry lies in the run: between its start, where _offset began, and _runEnd, to which Current compared it.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly T ReadRun() => T.HasWireLayout
            ? Unsafe.ReadUnaligned<T>(ref Unsafe.Add(ref MemoryMarshal.GetReference(_run), _offset - _runStart))
            : T.Read(_run.Slice(_offset - _runStart, T.Size));
    }
}
