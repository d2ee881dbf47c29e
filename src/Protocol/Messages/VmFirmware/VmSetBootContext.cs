namespace RmStack.Protocol.Messages;

/// <summary>VM_SET_BOOT_CONTEXT: one register of the boot vCPU. RM: vm_creation.c (newer); Linux v17. Standard reply.</summary>
public readonly ref struct VmSetBootContext : IMessageView<VmSetBootContext>
{
    /// <summary>Payload length, bytes.</summary>
    public const int Size = 16;

    private const int VmidOffset = 0;
    private const int RegisterSetOffset = 2;
    private const int RegisterIndexOffset = 3;
    private const int ReservedOffset = 4;
    private const int ValueOffset = 8;

    private readonly WireBytes _payload;

    private VmSetBootContext(WireBytes payload) => _payload = payload;

    /// <summary>The VM.</summary>
    public ushort Vmid => Wire.U16(_payload, VmidOffset);

    /// <summary>Which registers.</summary>
    public BootRegisterSet RegisterSet => (BootRegisterSet)Wire.U8(_payload, RegisterSetOffset);

    /// <summary>Which of them.</summary>
    public byte RegisterIndex => Wire.U8(_payload, RegisterIndexOffset);

    /// <summary>What it starts with.</summary>
    public ulong Value => Wire.U64(_payload, ValueOffset);

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out VmSetBootContext view)
    {
        var payload = reader.Exactly(Size);
        reader.RequireZero(ReservedOffset, 4);
        view = reader.Status == DecodeStatus.Ok ? new VmSetBootContext(payload) : default;
        return reader.Status;
    }

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(PayloadWriter writer, ushort vmid, BootRegisterSet registerSet, byte registerIndex, ulong value)
    {
        writer.U16(vmid);
        writer.U8((byte)registerSet);
        writer.U8(registerIndex);
        writer.Reserved(4);
        writer.U64(value);
        return writer.End();
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields) => Write(writer, fields.U16("vmid"), fields.Option<BootRegisterSet>("register_set"), fields.U8("index"), fields.U64("value"));

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields.Number("vmid", Vmid).Option("register_set", RegisterSet).Number("index", RegisterIndex).Number("value", Value);
}
