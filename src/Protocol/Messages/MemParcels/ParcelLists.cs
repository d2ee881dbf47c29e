namespace RmStack.Protocol.Messages;

/// <summary>The three lists that describe a memparcel wherever one is named in full: who, where, how. RM: memparcel.c, read_lists.</summary>
/// <typeparam name="TRegion">What is said of each region: a range, or only its size.</typeparam>
internal readonly ref struct ParcelLists<TRegion>
    where TRegion : struct, IWireElement<TRegion>
{
    private ParcelLists(WireList<AclEntry> acl, WireList<TRegion> regions, WireList<MemAttributeEntry> attributes)
    {
        Acl = acl;
        Regions = regions;
        Attributes = attributes;
    }

    public WireList<AclEntry> Acl { get; }

    public WireList<TRegion> Regions { get; }

    public WireList<MemAttributeEntry> Attributes { get; }

    /// <summary>Reads the fixed part and the lists, which end the payload; requests may end before a list, which is then empty.</summary>
    public static DecodeStatus TryRead(
        scoped ref PayloadReader reader, int fixedSize, out WireBytes fixedPart, out ParcelLists<TRegion> lists, bool mayBeMissing = true)
    {
        fixedPart = reader.Bytes(fixedSize);
        var acl = reader.List<AclEntry>(mayBeMissing: mayBeMissing);
        var regions = reader.List<TRegion>(mayBeMissing: mayBeMissing);
        var attributes = reader.List<MemAttributeEntry>(mayBeMissing: mayBeMissing);
        var status = reader.End();
        lists = status == DecodeStatus.Ok ? new ParcelLists<TRegion>(acl, regions, attributes) : default;
        return status;
    }

    public static int SizeOf(int acl, int regions, int attributes) =>
        (3 * Wire.CountSize) + (acl * AclEntry.Size) + (regions * TRegion.Size) + (attributes * MemAttributeEntry.Size);

    public static void Write(
        ref PayloadWriter writer,
        ReadOnlySpan<AclEntry> acl,
        ReadOnlySpan<TRegion> regions,
        ReadOnlySpan<MemAttributeEntry> attributes,
        ushort upperHalf = 0)
    {
        writer.List(acl);
        writer.List(regions, upperHalf);
        writer.List(attributes);
    }
}
