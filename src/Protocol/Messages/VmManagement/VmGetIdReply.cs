namespace RmStack.Protocol.Messages;

/// <summary>Success reply to VM_GET_ID: u32 count, then per entry u8 type, u8 0, u16 size, data with zero padding to 4 bytes. RM: vm_mgnt.c.</summary>
public readonly ref struct VmGetIdReply : IMessageView<VmGetIdReply>
{
    private const int EntryHeaderSize = 4;
    private const int EntrySizeOffset = 2;

    private readonly WireBytes _entries;

    private VmGetIdReply(WireBytes entries, int count)
    {
        _entries = entries;
        Count = count;
    }

    /// <summary>Number of entries.</summary>
    public int Count { get; }

    /// <summary>Walks the entries in wire order: the RM sends GUID, name, URI, signer.</summary>
    public Enumerator GetEnumerator() => new(_entries);

    /// <summary>Checks a payload: every entry must be there, and nothing after them.</summary>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out VmGetIdReply view)
    {
        view = default;
        var count = reader.U32();
        var entries = reader.Rest;
        for (var i = 0u; i < count && reader.Status == DecodeStatus.Ok; i++)
        {
            reader.U16();
            reader.Bytes(reader.U16());
            reader.ZeroPadding();
        }

        var status = reader.End();
        if (status == DecodeStatus.Ok)
            view = new VmGetIdReply(entries, (int)count);
        return status;
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields)
    {
        var ids = fields.List<IdentityEntry>("ids");
        var entries = new Writer(writer, ids.Length);
        foreach (var id in ids)
            entries.Add(id.Type, id.Data.Span);
        return entries.End();
    }

    /// <inheritdoc/>
    public void Describe(MessageFields fields)
    {
        fields.OpenList("ids");
        foreach (var entry in this)
        {
            var type = Enum.IsDefined(entry.Type) ? entry.Type.ToString().ToLowerInvariant() : MessageText.Numeral((byte)entry.Type);
            fields.OpenEntry();
            if (!fields.IsBrief)
                fields.Symbol("type", (byte)entry.Type, type);
            var name = fields.IsBrief ? type : "data";
            if (entry.Type == VmIdType.Guid)
                fields.Bytes(name, entry.Data);
            else
                fields.Quoted(name, entry.Data);
            fields.CloseEntry();
        }

        fields.CloseList();
    }

    /// <summary>One entry.</summary>
    public readonly ref struct Entry
    {
        internal Entry(VmIdType type, WireBytes data)
        {
            Type = type;
            Data = data;
        }

        /// <summary>What it is; unknown kinds survive.</summary>
        public VmIdType Type { get; }

        /// <summary>Its bytes without padding.</summary>
        public WireBytes Data { get; }
    }

    /// <summary>Walks the entries.</summary>
    public ref struct Enumerator
    {
        private WireBytes _rest;
        private Entry _current;

        internal Enumerator(WireBytes entries)
        {
            _rest = entries;
            _current = default;
        }

        /// <summary>The entry at the current place.</summary>
        public readonly Entry Current => _current;

        /// <summary>Steps to the next entry.</summary>
        public bool MoveNext()
        {
            if (_rest.IsEmpty)
                return false;
            var size = Wire.U16(_rest, EntrySizeOffset);
            _current = new Entry((VmIdType)_rest[0], _rest.Slice(EntryHeaderSize, size));
            _rest = _rest.Slice(EntryHeaderSize + Wire.Padded(size));
            return true;
        }
    }

    /// <summary>Writes entries one by one.</summary>
    public ref struct Writer
    {
        private PayloadWriter _writer;
        private int _missing;

        /// <summary>Starts a payload of <paramref name="count"/> entries.</summary>
        public Writer(PayloadWriter writer, int count)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(count, nameof(count));
            _writer = writer;
            _writer.U32((uint)count);
            _missing = count;
        }

        /// <summary>Adds an entry.</summary>
        public void Add(VmIdType type, ReadOnlySpan<byte> data)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(data.Length, ushort.MaxValue, nameof(data));
            if (_missing-- == 0)
                throw new InvalidOperationException("More entries than were announced.");
            _writer.U8((byte)type);
            _writer.Reserved(1);
            _writer.U16((ushort)data.Length);
            _writer.Bytes(data);
            _writer.ZeroPadding();
        }

        /// <summary>Ends the payload and returns its length, bytes.</summary>
        public int End() => _missing == 0 ? _writer.End() : throw new InvalidOperationException("Fewer entries than were announced.");
    }
}
