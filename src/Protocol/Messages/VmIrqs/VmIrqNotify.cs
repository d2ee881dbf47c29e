namespace RmStack.Protocol.Messages;

/// <summary>What VM_IRQ_NOTIFY announces; exactly one. RM: irq_message.h.</summary>
[Flags]
public enum IrqNotifyFlags : uint
{
    /// <summary>Nothing; refused.</summary>
    None = 0,

    /// <summary>Owner to borrower: the interrupt is lent.</summary>
    Lent = 1 << 0,

    /// <summary>Borrower to owner: released.</summary>
    Released = 1 << 1,

    /// <summary>Borrower to owner: accepted.</summary>
    Accepted = 1 << 2,
}

/// <summary>VM_IRQ_NOTIFY: tell the other side of a lent interrupt something. RM: irq_manager.c. A standard reply follows what it causes.</summary>
public readonly ref struct VmIrqNotify : IMessageView<VmIrqNotify>
{
    /// <summary>Bytes in front of the optional list.</summary>
    public const int FixedSize = 8;

    private const int HandleOffset = 0;
    private const int FlagsOffset = 4;

    private readonly WireBytes _payload;

    private VmIrqNotify(WireBytes payload, WireList<VmidEntry> vmids, bool hasVmids)
    {
        _payload = payload;
        HasVmids = hasVmids;
        Vmids = vmids;
    }

    /// <summary>Handle of the lent interrupt.</summary>
    public uint Handle => Wire.U32(_payload, HandleOffset);

    /// <summary>What to announce; the downstream driver writes a byte and three zeros, the same bytes.</summary>
    public IrqNotifyFlags Flags => (IrqNotifyFlags)Wire.U32(_payload, FlagsOffset);

    /// <summary>Whether a list follows.</summary>
    public bool HasVmids { get; }

    /// <summary>Whom to tell; only with <see cref="IrqNotifyFlags.Lent"/>, and there optional.</summary>
    public WireList<VmidEntry> Vmids { get; }

    /// <summary>Checks a payload: 8 bytes, to which LENT may add a whole list.</summary>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out VmIrqNotify view)
    {
        var payload = reader.Bytes(FixedSize);
        var hasVmids = reader.Remaining > 0;
        var vmids = default(WireList<VmidEntry>);
        if (reader.Status == DecodeStatus.Ok && (IrqNotifyFlags)Wire.U32(payload, FlagsOffset) == IrqNotifyFlags.Lent)
            vmids = reader.List<VmidEntry>(ushort.MaxValue);
        else if (hasVmids)
            reader.Fail(DecodeStatus.BadLength);
        var status = reader.End();
        view = status == DecodeStatus.Ok ? new VmIrqNotify(payload, vmids, hasVmids) : default;
        return status;
    }

    /// <summary>Payload length for so many VMs, bytes; without a list it is <see cref="FixedSize"/>.</summary>
    public static int SizeOf(int vmids) => FixedSize + Wire.CountSize + (vmids * VmidEntry.Size);

    /// <summary>Writes a payload without a list and returns its length, bytes.</summary>
    public static int Write(PayloadWriter writer, uint handle, IrqNotifyFlags flags)
    {
        writer.U32(handle);
        writer.U32((uint)flags);
        return writer.End();
    }

    /// <summary>Writes LENT with a list and returns the length, bytes.</summary>
    public static int Write(PayloadWriter writer, uint handle, IrqNotifyFlags flags, ReadOnlySpan<VmidEntry> vmids)
    {
        writer.U32(handle);
        writer.U32((uint)flags);
        writer.List(vmids);
        return writer.End();
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields)
    {
        var handle = fields.U32("irq");
        var flags = fields.Flags<IrqNotifyFlags>("flags");
        var vmids = fields.List<VmidEntry>("vmids", FieldRule.OptionalIf(flags == IrqNotifyFlags.Lent, "flags=lent"));
        return vmids.Length == 0 ? Write(writer, handle, flags) : Write(writer, handle, flags, vmids);
    }

    /// <inheritdoc/>
    public void Describe(MessageFields fields)
    {
        fields.Number("irq", Handle).Option("flags", Flags);
        if (Vmids.Count > 0 || !fields.IsBrief)
            fields.List("vmids", Vmids);
    }
}
