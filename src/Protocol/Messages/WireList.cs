namespace RmStack.Protocol.Messages;

/// <summary>Entries of one list, read from the wire as they are asked for.</summary>
/// <typeparam name="T">Kind of entry.</typeparam>
public readonly ref struct WireList<T>
    where T : struct, IWireElement<T>
{
    private readonly ReadOnlySpan<byte> _entries;

    internal WireList(ReadOnlySpan<byte> entries, ushort upperHalf)
    {
        _entries = entries;
        UpperHalf = upperHalf;
    }

    /// <summary>Number of entries.</summary>
    public int Count => _entries.Length / T.Size;

    /// <summary>Upper 16 bits of the count word: reserved, or map_vmid in MEM_ACCEPT.</summary>
    public ushort UpperHalf { get; }

    /// <summary>The entry at <paramref name="index"/>.</summary>
    public T this[int index] => T.Read(_entries.Slice(index * T.Size, T.Size));

    /// <summary>Walks the entries in wire order.</summary>
    public Enumerator GetEnumerator() => new(this);

    /// <summary>Copies the entries out.</summary>
    public void CopyTo(Span<T> destination)
    {
        for (var i = 0; i < Count; i++)
            destination[i] = this[i];
    }

    /// <summary>Walks the entries of one list.</summary>
    public ref struct Enumerator
    {
        private readonly WireList<T> _list;
        private int _index;

        internal Enumerator(WireList<T> list)
        {
            _list = list;
            _index = -1;
        }

        /// <summary>The entry at the current place.</summary>
        public readonly T Current => _list[_index];

        /// <summary>Steps to the next entry.</summary>
        public bool MoveNext() => ++_index < _list.Count;
    }
}
