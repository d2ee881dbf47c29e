using System.Buffers;

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
    public T this[int index]
    {
        get
        {
            if (_entries.IsContiguous)
                return T.Read(_entries.Span.Slice(index * T.Size, T.Size));
            Span<byte> entry = stackalloc byte[T.Size];
            _entries.Slice(index * T.Size, T.Size).CopyTo(entry);
            return T.Read(entry);
        }
    }

    /// <summary>Walks the entries in wire order.</summary>
    public Enumerator GetEnumerator() => new(this);

    /// <summary>Copies the entries out.</summary>
    public void CopyTo(Span<T> destination)
    {
        var next = 0;
        foreach (var entry in this)
            destination[next++] = entry;
    }

    /// <summary>Walks the entries of one list; each fragment is passed once.</summary>
    public ref struct Enumerator
    {
        private readonly bool _contiguous;
        private ReadOnlySpan<byte> _span;
        private ReadOnlySequence<byte> _pieces;

        internal Enumerator(WireList<T> list)
        {
            _contiguous = list._entries.IsContiguous;
            _span = list._entries.Span;
            _pieces = _contiguous ? default : list._entries.AsSequence();
        }

        /// <summary>The entry at the current place.</summary>
        public T Current { get; private set; }

        /// <summary>Steps to the next entry.</summary>
        public bool MoveNext()
        {
            if (!_contiguous)
                return MoveNextPiecewise();
            if (_span.IsEmpty)
                return false;
            Current = T.Read(_span[..T.Size]);
            _span = _span[T.Size..];
            return true;
        }

        private bool MoveNextPiecewise()
        {
            if (_pieces.IsEmpty)
                return false;
            Span<byte> entry = stackalloc byte[T.Size];
            _pieces.Slice(0, T.Size).CopyTo(entry);
            Current = T.Read(entry);
            _pieces = _pieces.Slice(T.Size);
            return true;
        }
    }
}
