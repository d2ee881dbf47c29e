namespace RmStack.Protocol.Messages;

/// <summary>VM_STOP: kill a VM, or ask it to end. RM: vm_mgnt.c. Standard reply.</summary>
public readonly ref struct VmStop : IMessageView<VmStop>
{
    /// <summary>Payload length, bytes.</summary>
    public const int Size = 8;

    private const int VmidOffset = 0;
    private const int FlagsOffset = 2;
    private const int ReasonOffset = 4;

    private readonly WireBytes _payload;

    private VmStop(WireBytes payload) => _payload = payload;

    /// <summary>The VM.</summary>
    public ushort Vmid => Wire.U16(_payload, VmidOffset);

    /// <summary>Force: kill; else VM_SHUTDOWN is sent.</summary>
    public VmStopFlags Flags => (VmStopFlags)Wire.U8(_payload, FlagsOffset);

    /// <summary>Passed on in VM_SHUTDOWN.</summary>
    public StopReason Reason => (StopReason)Wire.U32(_payload, ReasonOffset);

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out VmStop view)
    {
        var payload = reader.Exactly(Size);
        view = reader.Status == DecodeStatus.Ok ? new VmStop(payload) : default;
        return reader.Status;
    }

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(PayloadWriter writer, ushort vmid, VmStopFlags flags, StopReason reason)
    {
        writer.U16(vmid);
        writer.U8((byte)flags);
        writer.Reserved(1);
        writer.U32((uint)reason);
        return writer.End();
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields) => Write(writer, fields.U16("vmid"), fields.Flags<VmStopFlags>("flags", FieldRule.Optional), fields.Option<StopReason>("reason"));

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields.Number("vmid", Vmid).OptionIfSet("flags", Flags).Option("reason", Reason);
}
