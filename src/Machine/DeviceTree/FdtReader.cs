using System.Buffers.Binary;
using System.Text;

namespace RmStack.Machine.DeviceTree;

/// <summary>Reads a flattened tree that anyone may have made.</summary>
internal ref struct FdtReader
{
    /// <summary>
    /// Property names decoded may add up to this many times the blob: one string can be named by each of its tails, so
    /// without a limit a small blob could ask for much more memory than its own size.
    /// </summary>
    private const int NameBudget = 4;

    private readonly ReadOnlySpan<byte> _blob;
    private readonly Dictionary<int, string> _names = [];
    private ReadOnlySpan<byte> _strings;
    private int _structOffset;
    private int _structEnd;
    private int _at;
    private int _nameCharacters;
    private int _errorOffset = -1;

    private FdtReader(ReadOnlySpan<byte> blob)
    {
        _blob = blob;
        _nameCharacters = (int)Math.Min((long)blob.Length * NameBudget, int.MaxValue);
    }

    public static FdtStatus TryRead(ReadOnlySpan<byte> blob, out DeviceTreeBlob? tree, out int errorOffset)
    {
        tree = null;
        var status = CheckHeader(blob, out errorOffset);
        if (status != FdtStatus.Ok) return status;

        var reader = new FdtReader(blob[..(int)Word(blob, FdtFormat.TotalSizeAt)]);
        status = reader.ReadBlocks(out tree);
        errorOffset = reader._errorOffset;
        if (status != FdtStatus.Ok) tree = null;
        return status;
    }

    private static uint Word(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32BigEndian(bytes[offset..]);

    /// <summary>Magic, version and total size; after it the header and the total size lie within the bytes.</summary>
    private static FdtStatus CheckHeader(ReadOnlySpan<byte> blob, out int errorOffset)
    {
        errorOffset = 0;
        if (blob.Length >= sizeof(uint) && Word(blob, 0) != FdtFormat.Magic) return FdtStatus.BadMagic;
        errorOffset = blob.Length;
        if (blob.Length < FdtFormat.HeaderSize16) return FdtStatus.Truncated;

        var version = Word(blob, FdtFormat.VersionAt);
        errorOffset = FdtFormat.VersionAt;
        if (version < FdtFormat.LastCompatibleVersion) return FdtStatus.BadVersion;
        var compatible = Word(blob, FdtFormat.LastCompatibleVersionAt);
        errorOffset = FdtFormat.LastCompatibleVersionAt;
        if (compatible > FdtFormat.Version || compatible > version) return FdtStatus.BadVersion;

        var totalSize = Word(blob, FdtFormat.TotalSizeAt);
        errorOffset = FdtFormat.TotalSizeAt;
        if (totalSize > DeviceTreeBlob.MaxSize) return FdtStatus.TooLarge;
        if (totalSize < HeaderSize(version)) return FdtStatus.Truncated;
        errorOffset = blob.Length;
        if (totalSize > blob.Length) return FdtStatus.Truncated;
        errorOffset = -1;
        return FdtStatus.Ok;
    }

    private static int HeaderSize(uint version) =>
        version >= FdtFormat.Version ? FdtFormat.HeaderSize : FdtFormat.HeaderSize16;

    private FdtStatus ReadBlocks(out DeviceTreeBlob? tree)
    {
        tree = null;
        var hasStructSize = Word(_blob, FdtFormat.VersionAt) >= FdtFormat.Version;
        if (!TryGetBlock(FdtFormat.ReservationsOffsetAt, sizeof(ulong), sizeAt: null, out var reservations, out _)
            || !TryGetBlock(FdtFormat.StructOffsetAt, sizeof(uint), hasStructSize ? FdtFormat.StructSizeAt : null, out _structOffset, out _structEnd)
            || !TryGetBlock(FdtFormat.StringsOffsetAt, 1, FdtFormat.StringsSizeAt, out var strings, out var stringsEnd))
            return FdtStatus.BadOffset;

        _strings = _blob[strings..stringsEnd];
        _at = _structOffset;
        var status = ReadStructure(out var root);
        if (status != FdtStatus.Ok) return status;
        tree = new DeviceTreeBlob(root!) { BootCpu = Word(_blob, FdtFormat.BootCpuAt) };
        return ReadReservations(tree, reservations);
    }

    /// <summary>Where a block lies; without a size it reaches to the end of the blob.</summary>
    private bool TryGetBlock(int offsetAt, uint alignment, int? sizeAt, out int start, out int end)
    {
        start = end = 0;
        var offset = Word(_blob, offsetAt);
        _errorOffset = offsetAt;
        if (offset < HeaderSize(Word(_blob, FdtFormat.VersionAt)) || offset > (uint)_blob.Length || offset % alignment != 0) return false;
        var size = (uint)_blob.Length - offset;
        if (sizeAt is { } at)
        {
            _errorOffset = at;
            if (Word(_blob, at) > size) return false;
            size = Word(_blob, at);
        }

        _errorOffset = -1;
        start = (int)offset;
        end = (int)(offset + size);
        return true;
    }

    private FdtStatus ReadReservations(DeviceTreeBlob tree, int at)
    {
        for (; ; at += FdtFormat.ReservationSize)
        {
            if (_blob.Length - at < FdtFormat.ReservationSize) return Refuse(FdtStatus.Truncated, _blob.Length);
            var address = BinaryPrimitives.ReadUInt64BigEndian(_blob[at..]);
            var size = BinaryPrimitives.ReadUInt64BigEndian(_blob[(at + sizeof(ulong))..]);
            // dtc, libfdt and Linux all stop at a size of 0, whatever the address says.
            if (size == 0) return FdtStatus.Ok;
            tree.AddReservation(address, size);
        }
    }

    private FdtStatus ReadStructure(out DeviceTreeNode? root)
    {
        root = null;
        DeviceTreeNode? node = null;
        while (true)
        {
            var tokenAt = _at;
            if (_structEnd - _at < sizeof(uint)) return Refuse(FdtStatus.Truncated, _structEnd);
            var token = Word(_blob, _at);
            _at += sizeof(uint);
            FdtStatus status;
            switch (token)
            {
                case FdtFormat.Nop:
                    break;
                case FdtFormat.BeginNode:
                    if (node is null && root is not null) return Refuse(FdtStatus.Unbalanced, tokenAt);
                    status = ReadNode(node, out node);
                    if (status != FdtStatus.Ok) return status;
                    root ??= node;
                    break;
                case FdtFormat.Property:
                    if (node is null || node.Children.Count != 0) return Refuse(FdtStatus.MisplacedProperty, tokenAt);
                    status = ReadProperty(node);
                    if (status != FdtStatus.Ok) return status;
                    break;
                case FdtFormat.EndNode:
                    if (node is null) return Refuse(FdtStatus.Unbalanced, tokenAt);
                    node = node.Parent;
                    break;
                case FdtFormat.End:
                    return node is null && root is not null ? FdtStatus.Ok : Refuse(FdtStatus.Unbalanced, tokenAt);
                default:
                    return Refuse(FdtStatus.BadToken, tokenAt);
            }
        }
    }

    private FdtStatus ReadNode(DeviceTreeNode? parent, out DeviceTreeNode? node)
    {
        node = null;
        var nameAt = _at;
        var window = _blob[_at.._structEnd];
        var name = Terminated(window);
        if (name < 0) return window.Length > DeviceTreeNode.MaxNameLength ? Refuse(FdtStatus.BadName, nameAt) : Refuse(FdtStatus.Truncated, _structEnd);
        var text = Encoding.Latin1.GetString(window[..name]);
        if (parent is null ? text.Length != 0 : !DeviceTreeNode.IsValidName(text)) return Refuse(FdtStatus.BadName, nameAt);
        if (parent?.Depth == DeviceTreeNode.MaxDepth) return Refuse(FdtStatus.TooDeep, nameAt);
        // The last name may end flush with the block; its padding is then missing, which the next token reports.
        _at = Math.Min(FdtFormat.Align(_at + name + 1), _structEnd);
        node = parent is null ? new DeviceTreeNode(text, parent: null) : parent.Append(text);
        return FdtStatus.Ok;
    }

    private FdtStatus ReadProperty(DeviceTreeNode node)
    {
        if (_structEnd - _at < FdtFormat.PropertyHeaderSize - sizeof(uint)) return Refuse(FdtStatus.Truncated, _structEnd);
        var length = Word(_blob, _at);
        var nameOffset = Word(_blob, _at + sizeof(uint));
        var nameAt = _at + sizeof(uint);
        _at += FdtFormat.PropertyHeaderSize - sizeof(uint);
        if (length > (uint)(_structEnd - _at)) return Refuse(FdtStatus.Truncated, _structEnd);

        if (nameOffset >= (uint)_strings.Length) return Refuse(FdtStatus.BadPropertyName, nameAt);
        if (!_names.TryGetValue((int)nameOffset, out var name))
        {
            var characters = Terminated(_strings[(int)nameOffset..]);
            if (characters < 0) return Refuse(FdtStatus.BadPropertyName, nameAt);
            _nameCharacters -= characters;
            if (_nameCharacters < 0) return Refuse(FdtStatus.TooLarge, nameAt);
            name = Encoding.Latin1.GetString(_strings.Slice((int)nameOffset, characters));
            if (!DeviceTreeNode.IsValidName(name)) return Refuse(FdtStatus.BadPropertyName, nameAt);
            _names.Add((int)nameOffset, name);
        }

        node.Append(new DeviceTreeProperty(name, length == 0 ? [] : _blob.Slice(_at, (int)length).ToArray()));
        _at = Math.Min(FdtFormat.Align(_at + (int)length), _structEnd);
        return FdtStatus.Ok;
    }

    /// <summary>Characters before the zero byte, -1 when none comes within the longest name. Looks no further than that.</summary>
    private static int Terminated(ReadOnlySpan<byte> bytes) =>
        bytes[..Math.Min(bytes.Length, DeviceTreeNode.MaxNameLength + 1)].IndexOf((byte)0);

    private FdtStatus Refuse(FdtStatus status, int offset)
    {
        _errorOffset = offset;
        return status;
    }
}
