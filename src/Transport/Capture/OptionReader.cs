using System.Buffers.Binary;

namespace RmStack.Transport.Capture;

/// <summary>Walks the options at the end of a block. pcapng: draft-ietf-opsawg-pcapng, section 3.5.</summary>
internal ref struct OptionReader(ReadOnlySpan<byte> options, bool bigEndian)
{
    private ReadOnlySpan<byte> _rest = options;

    public ushort Code { get; private set; }

    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Whether an option reached beyond the block.</summary>
    public bool IsBad { get; private set; }

    /// <summary>Goes to the next option; false at the end, which need not be marked.</summary>
    public bool Next()
    {
        if (_rest.IsEmpty) return false;
        Code = U16(_rest);
        if (Code == PcapngFormat.EndOfOptions) return false;
        int length = U16(_rest[2..]);
        var room = PcapngFormat.OptionHead + PcapngFormat.Padded(length);
        if (room > _rest.Length)
        {
            IsBad = true;
            return false;
        }

        Value = _rest.Slice(PcapngFormat.OptionHead, length);
        _rest = _rest[room..];
        return true;
    }

    private readonly ushort U16(ReadOnlySpan<byte> bytes) => bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);
}
