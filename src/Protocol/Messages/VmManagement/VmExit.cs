namespace RmStack.Protocol.Messages;

/// <summary>VM_EXIT: the caller ends itself. RM: vm_mgnt.c. A standard reply is queued that nobody reads.</summary>
public readonly ref struct VmExit : IMessageView<VmExit>
{
    /// <summary>Payload length, bytes.</summary>
    public const int Size = 4;

    private const int FlagsOffset = 0;
    private const int CodeOffset = 2;
    private const int ReservedOffset = 3;

    private readonly WireBytes _payload;

    private VmExit(WireBytes payload) => _payload = payload;

    /// <summary>Bit 0: restart.</summary>
    public VmExitFlags Flags => (VmExitFlags)Wire.U16(_payload, FlagsOffset);

    /// <summary><see cref="VmExitCode"/>; 2 and above 4 are refused.</summary>
    public byte Code => Wire.U8(_payload, CodeOffset);

    /// <summary>Checks a payload; the reserved byte must be 0.</summary>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out VmExit view)
    {
        var payload = reader.Exactly(Size);
        reader.RequireZero(ReservedOffset, 1);
        view = reader.Status == DecodeStatus.Ok ? new VmExit(payload) : default;
        return reader.Status;
    }

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(PayloadWriter writer, VmExitFlags flags, byte code)
    {
        writer.U16((ushort)flags);
        writer.U8(code);
        writer.Reserved(1);
        return writer.End();
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields) => Write(writer, fields.Flags<VmExitFlags>("flags", FieldRule.Optional), (byte)fields.Option<VmExitCode>("code", byte.MaxValue));

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields.OptionIfSet("flags", Flags).Option("code", (VmExitCode)Code);
}
