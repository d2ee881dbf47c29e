using System.Buffers.Binary;

namespace RmStack.Protocol.Messages;

/// <summary>Success reply to VM_GET_ID: u32 count, then per entry u8 type, u8 0, u16 size, data with zero padding to 4 bytes. RM: vm_mgnt.c.</summary>
public readonly ref struct VmGetIdReply : IMessageView<VmGetIdReply>
{
    private const int EntryHeaderSize = 4;
    private const int EntrySizeOffset = 2;

    private readonly ReadOnlySpan<byte> _entries;

    private VmGetIdReply(ReadOnlySpan<byte> entries, int count)
    {
        _entries = entries;
        Count = count;
    }

    /// <summary>Number of entries.</summary>
    public int Count { get; }

    /// <summary>Walks the entries in wire order: the RM sends GUID, name, URI, signer.</summary>
    public Enumerator GetEnumerator() => new(_entries);

    /// <summary>Checks a payload: every entry must be there, and nothing after them.</summary>
    public static DecodeStatus TryParse(ReadOnlySpan<byte> payload, out VmGetIdReply view)
    {
        var reader = new PayloadReader(payload);
        return TryRead(ref reader, out view);
    }

    /// <inheritdoc/>
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
    public void AppendTo(MessageText text)
    {
        foreach (var entry in this)
        {
            if (entry.Type == VmIdType.Guid)
                text.Bytes("guid", entry.Data);
            else if (Enum.IsDefined(entry.Type))
                text.Quoted(entry.Type.ToString().ToLowerInvariant(), entry.Data);
            else
                text.Quoted(MessageText.Numeral((byte)entry.Type), entry.Data);
        }
    }

    /// <summary>One entry.</summary>
    public readonly ref struct Entry
    {
        internal Entry(VmIdType type, ReadOnlySpan<byte> data)
        {
            Type = type;
            Data = data;
        }

        /// <summary>What it is; unknown kinds survive.</summary>
        public VmIdType Type { get; }

        /// <summary>Its bytes without padding.</summary>
        public ReadOnlySpan<byte> Data { get; }
    }

    /// <summary>Walks the entries.</summary>
    public ref struct Enumerator
    {
        private ReadOnlySpan<byte> _rest;
        private Entry _current;

        internal Enumerator(ReadOnlySpan<byte> entries)
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
            _rest = _rest[(EntryHeaderSize + Wire.Padded(size))..];
            return true;
        }
    }

    /// <summary>Writes entries one by one, and their count at the end.</summary>
    public ref struct Writer
    {
        private readonly Span<byte> _payload;
        private PayloadWriter _writer;
        private uint _count;

        /// <summary>Writes into <paramref name="payload"/>, behind the reply's error word.</summary>
        public Writer(Span<byte> payload)
        {
            _payload = payload;
            _writer = new PayloadWriter(payload);
            _writer.U32(0);
            _count = 0;
        }

        /// <summary>Adds an entry.</summary>
        public void Add(VmIdType type, ReadOnlySpan<byte> data)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(data.Length, ushort.MaxValue, nameof(data));
            _writer.U8((byte)type);
            _writer.Reserved(1);
            _writer.U16((ushort)data.Length);
            _writer.Bytes(data);
            _writer.ZeroPadding();
            _count++;
        }

        /// <summary>Writes the count and returns the payload's length, bytes.</summary>
        public readonly int End()
        {
            var length = _writer.End();
            BinaryPrimitives.WriteUInt32LittleEndian(_payload, _count);
            return length;
        }
    }
}
