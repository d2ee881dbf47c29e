namespace RmStack.Protocol.Messages;

/// <summary>MEM_NOTIFY: tell the other side of a memparcel something. RM: memparcel.c. A standard reply follows what it causes.</summary>
/// <remarks>
/// The list of VMs is read in a second step, because the RM looks up the memparcel in between and answers its own errors first; only
/// <see cref="MemNotifyFlags.Shared"/> and <see cref="MemNotifyFlags.Recall"/> have one.
/// </remarks>
public readonly ref struct MemNotify : IMessageView<MemNotify>
{
    /// <summary>Bytes in front of the list.</summary>
    public const int FixedSize = 12;

    private const int HandleOffset = 0;
    private const int FlagsOffset = 4;
    private const int TagOffset = 8;

    private readonly WireBytes _payload;

    private MemNotify(WireBytes payload) => _payload = payload;

    /// <summary>The memparcel.</summary>
    public uint Handle => Wire.U32(_payload, HandleOffset);

    /// <summary>What to announce; exactly one bit.</summary>
    public MemNotifyFlags Flags => (MemNotifyFlags)Wire.U8(_payload, FlagsOffset);

    /// <summary>Free number; the first SHARED fixes it.</summary>
    public uint Tag => Wire.U32(_payload, TagOffset);

    /// <summary>Whether these flags go with a list.</summary>
    public bool NeedsVmids => Flags is MemNotifyFlags.Shared or MemNotifyFlags.Recall;

    /// <summary>Checks the fixed part; what follows is for <see cref="TryReadVmids"/>.</summary>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out MemNotify view)
    {
        reader.RequireAtLeast(FixedSize);
        var payload = reader.Bytes(reader.Remaining);
        view = reader.Status == DecodeStatus.Ok ? new MemNotify(payload) : default;
        return reader.Status;
    }

    /// <summary>Whom to tell. TooShort without a count word; bytes behind the list are tolerated, as the RM does.</summary>
    public DecodeStatus TryReadVmids(out WireList<VmidEntry> vmids)
    {
        vmids = default;
        var list = _payload.Slice(FixedSize);
        if (list.Length < Wire.CountSize)
            return DecodeStatus.TooShort;
        var reader = new PayloadReader(list);
        vmids = reader.List<VmidEntry>(ushort.MaxValue);
        return reader.Status;
    }

    /// <summary>Payload length for so many VMs, bytes; without a list it is <see cref="FixedSize"/>.</summary>
    public static int SizeOf(int vmids) => FixedSize + Wire.CountSize + (vmids * VmidEntry.Size);

    /// <summary>Writes RELEASED or ACCEPTED and returns the length, bytes.</summary>
    public static int Write(PayloadWriter writer, uint handle, MemNotifyFlags flags, uint tag)
    {
        WriteFixed(ref writer, handle, flags, tag);
        return writer.End();
    }

    /// <summary>Writes SHARED or RECALL and returns the length, bytes.</summary>
    public static int Write(PayloadWriter writer, uint handle, MemNotifyFlags flags, uint tag, ReadOnlySpan<VmidEntry> vmids)
    {
        WriteFixed(ref writer, handle, flags, tag);
        writer.List(vmids);
        return writer.End();
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields)
    {
        var handle = fields.U32("parcel");
        var flags = fields.Flags<MemNotifyFlags>("flags");
        var tag = fields.U32("tag");
        var hasVmids = flags is MemNotifyFlags.Shared or MemNotifyFlags.Recall;
        var vmids = fields.List<VmidEntry>("vmids", FieldRule.Only(hasVmids, "flags=shared or flags=recall"));
        return hasVmids ? Write(writer, handle, flags, tag, vmids) : Write(writer, handle, flags, tag);
    }

    /// <inheritdoc/>
    public void Describe(MessageFields fields)
    {
        fields.Number("parcel", Handle).Option("flags", Flags).Number("tag", Tag);
        var vmids = default(WireList<VmidEntry>);
        var status = NeedsVmids ? TryReadVmids(out vmids) : DecodeStatus.Ok;
        if (status == DecodeStatus.Ok && (NeedsVmids || !fields.IsBrief))
            fields.List("vmids", vmids);
        else if (status != DecodeStatus.Ok)
            fields.Refused(FixedSize, status);
    }

    private static void WriteFixed(ref PayloadWriter writer, uint handle, MemNotifyFlags flags, uint tag)
    {
        writer.U32(handle);
        writer.U8((byte)flags);
        writer.Reserved(3);
        writer.U32(tag);
    }
}
